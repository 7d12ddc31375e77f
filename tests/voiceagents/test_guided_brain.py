"""Whole dialogues with the guided brain, as tables: what the contact says, and what the answer must have in it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceagents.brains import HangUp, Language, Piece, Said, State, StopCalling, Transfer
from voiceagents.brains.guided import GuidedBrain
from voiceagents.brains.lines import LINES
from voiceagents.opening import language_of, opening

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Denver


def brief(**agent: Any) -> dict[str, Any]:
    return {
        "agent": {
            "name": "Ava",
            "brain": "guided",
            "business_name": "Bright Smile Dental",
            "goals": "Invite patients to book their six-month check-up.",
            "business_details": "Hours: Monday to Friday, nine to five.\nAddress: 12 Main Street, Denver.\n"
            "Do you take insurance?: We take Delta Dental and Aetna.\nHorario: lunes a viernes, de nueve a cinco.\n"
            "We have free parking behind the house.",
            "questions": [{"field": "email", "ask": "What is your e-mail?"}],
            "abilities": ["hang_up", "book", "message", "collect", "callback"],
            "language": "en-US",
            "transfer_number": "",
            **agent,
        },
        "contact": {"first_name": "Noah", "phone": "+13035550123", "language": ""},
        "zone": "America/Denver",
        "seller": "Bright Smile",
        "record": True,
        "callback_number": "+13035550100",
    }


class Dialogue:
    """A conversation without a line: feeds utterances, keeps the turns."""

    def __init__(self, given_brief: dict[str, Any] | None = None) -> None:
        self.brief = given_brief or brief()
        self.state = State(self.brief, language_of(self.brief), lambda: NOW)
        self.brain = GuidedBrain("seed")
        self._keep("agent", opening(self.brief))

    def _keep(self, speaker: Any, text: str) -> None:
        self.state.turns.append(Said(len(self.state.turns), speaker, text, NOW))

    def hear(self, text: str) -> list[Piece]:
        if text:
            self._keep("contact", text)

        async def reply() -> list[Piece]:
            return [piece async for piece in self.brain.reply(text, self.state)]

        pieces = asyncio.run(reply())
        said = " ".join(piece for piece in pieces if isinstance(piece, str))
        if said:
            self._keep("agent", said)
        return pieces

    def ask(self, text: str) -> str:
        return " ".join(piece for piece in self.hear(text) if isinstance(piece, str))


END = HangUp
DIALOGUES: dict[str, list[tuple[str, str | type]]] = {
    "books_a_meeting": [
        ("Sure, go ahead.", "six-month check-up"),
        ("Tuesday at 10 in the morning would be good.", "Tuesday, December 1 at 10 AM"),
        ("Yes, that's right.", "booked"),
        ("My email is maria.lopez@example.com.", "nything else"),
        ("No, that's all, thank you.", END),
    ],
    "books_day_then_hour": [
        ("Hello?", "day and time"),
        ("Thursday", "what time|What time"),
        ("At half past two", "Thursday, November 26 at 2:30 PM"),
        ("No, at three please", "at 3 PM"),
        ("Yes", "booked"),
    ],
    "books_at_once": [
        ("Hi, I'd like to book an appointment for Monday at 9 am", "Monday, November 30 at 9 AM"),
        ("Exactly", "booked"),
    ],
    "call_me_friday": [
        (
            "I'm in the middle of something right now. Can you call me Friday at 3 p.m.?",
            "Friday, November 27 at 3 PM",
        ),
        ("Yes, Friday at 3 p.m. is fine.", END),
    ],
    "busy": [
        ("I'm driving, I can't talk now", "call"),
        ("Tomorrow at 5", "Wednesday, November 25 at 5 PM"),
        ("That works", END),
    ],
    "busy_without_a_time": [("Not a good time", "call"), ("I don't know", END)],
    "colleague": [
        ("You should talk to my colleague, Anna Schmidt, about this.", "number"),
        ("Her number is 303-555-0156.", END),
    ],
    "not_interested": [("I'm not interested, thanks.", END)],
    "take_me_off": [("Please take me off your list.", StopCalling)],
    "voicemail": [
        ("You've reached the voicemail of Chris. Please leave a message after the tone.", END),
    ],
    "screening": [
        (
            "The person you are calling is using a call screening service. Please state your name and why you're "
            "calling, and I'll see if they are available.",
            "AI assistant of Bright Smile Dental",
        ),
        ("Thank you. Please stay on the line while I connect you.", ""),
        ("Hello, this is Dana. What is this about?", "Bright Smile Dental"),
        ("Wednesday at 2 in the afternoon", "Wednesday, November 25 at 2 PM"),
    ],
    "silent": [("", "still there"), ("", "hear me"), ("", END)],
    "robot": [("Are you a robot?", "AI"), ("Am I talking to a real person?", "AI")],
    "who": [("Who is this?", "Bright Smile Dental"), ("How did you get my number?", "stop calling")],
    "questions": [
        ("What are your opening hours?", "nine to five"),
        ("Where are you located?", "12 Main Street"),
        ("Do you take my insurance?", "Delta Dental"),
        ("Is there parking?", "parking"),
        ("Do you sell motorcycles?", "pass your question on|message"),
    ],
    "person": [
        ("Can I speak to a real person please?", "message"),
        ("Yes", "message|tell them"),
        ("My crown fell off, please call me back", "nything else"),
        ("No", END),
    ],
    "message": [
        ("Can I leave a message?", "message|tell them"),
        ("Tell the doctor that I will be ten minutes late", "nything else"),
    ],
    "abuse": [("What a fucking nuisance", END)],
    "unclear": [
        ("Sure", "day and time"),
        ("Purple monkey", "day and time"),
        ("Dishwasher", "day and time"),
        ("Zebra crossing", "message"),
        ("No", END),
    ],
    "repeat": [("Sure", "day and time"), ("Sorry, what did you say?", "day and time")],
    "declines": [("Yes", "day and time"), ("No", END)],
    "es_books": [
        ("Hola, ¿habla español? No hablo inglés.", "cita"),
        (
            "Quisiera hacer una cita para el jueves a las cuatro de la tarde.",
            "el jueves 26 de noviembre a las 4",
        ),
        ("Sí, correcto.", "reservad|reservo"),
        ("Mi correo es lucia arroba example punto com", "algo más"),
        ("No, eso es todo, gracias.", END),
    ],
    "es_busy": [
        ("Estoy ocupado, llámeme el viernes a las tres", "viernes 27 de noviembre a las 3"),
        ("Sí, está bien", END),
    ],
    "es_not_interested": [("No me interesa, gracias", END)],
    "es_opt_out": [("No me llamen más por favor", StopCalling)],
    "es_robot": [("¿Es usted un robot?", "inteligencia artificial")],
    "es_who": [("¿Quién habla?", "Bright Smile Dental")],
    "es_hours": [("¿A qué hora abren?", "nueve a cinco|nine to five")],
    "es_voicemail": [("Este es el buzón de voz, deje su mensaje después del tono", END)],
    "es_person": [("Quiero hablar con una persona", "mensaje")],
    "es_silent": [("Hola, ¿quién habla?", "Bright"), ("", "¿Sigue ahí?"), ("", "escucha"), ("", END)],
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_every_dialogue_goes_as_written(name: str) -> None:
    dialogue = Dialogue()
    for heard, expected in DIALOGUES[name]:
        pieces = dialogue.hear(heard)
        said = " ".join(piece for piece in pieces if isinstance(piece, str))
        if isinstance(expected, str):
            assert not any(isinstance(piece, HangUp | StopCalling | Transfer) for piece in pieces), (
                heard,
                pieces,
            )
            assert any(part in said for part in expected.split("|")), (heard, said)
        else:
            assert any(isinstance(piece, expected) for piece in pieces), (heard, pieces)


def test_a_booking_and_an_email_are_in_the_results() -> None:
    dialogue = Dialogue()
    for heard, _ in DIALOGUES["books_a_meeting"]:
        dialogue.hear(heard)
    assert dialogue.state.results["booking"]["at"] == "2026-12-01T10:00:00-07:00"
    assert dialogue.state.results["fields"] == {"email": "maria.lopez@example.com"}


def test_a_callback_is_in_the_results() -> None:
    dialogue = Dialogue()
    for heard, _ in DIALOGUES["call_me_friday"]:
        dialogue.hear(heard)
    assert dialogue.state.results["callback"]["at"] == "2026-11-27T15:00:00-07:00"


def test_a_part_of_the_day_is_kept_as_a_window() -> None:
    dialogue = Dialogue()
    assert HangUp("callback agreed") in dialogue.hear("I'm busy, call me back tomorrow morning")
    kept = dialogue.state.results["callback"]
    assert (kept["start"], kept["end"]) == ("2026-11-25T09:00:00-07:00", "2026-11-25T12:00:00-07:00")


def test_a_referral_keeps_the_number() -> None:
    dialogue = Dialogue()
    for heard, _ in DIALOGUES["colleague"]:
        dialogue.hear(heard)
    assert dialogue.state.results["referral"]["phone"] == "+13035550156"


def test_a_transfer_is_offered_only_with_a_number() -> None:
    able = Dialogue(brief(abilities=["transfer"], transfer_number="+13035550177"))
    assert any(isinstance(piece, Transfer) for piece in able.hear("Can I speak to a human?"))
    unable = Dialogue(brief(abilities=["transfer"]))
    assert not any(isinstance(piece, Transfer) for piece in unable.hear("Can I speak to a human?"))


def test_an_email_is_asked_again_twice_and_then_left() -> None:
    dialogue = Dialogue(brief(abilities=["collect"]))
    assert "e-mail" in dialogue.ask("Yes, go ahead")
    assert "e-mail" in dialogue.ask("it's um something")
    assert "e-mail" in dialogue.ask("my thing at home")
    assert "leave that" in dialogue.ask("whatever")
    assert "fields" not in dialogue.state.results


@pytest.mark.parametrize(
    ("field", "said", "kept"),
    [
        ("email", "It's john dot smith at gmail dot com", "john.smith@gmail.com"),
        ("email", "maria underscore l at example dot co dot uk", "maria_l@example.co.uk"),
        ("email", "J, O, E at example dot com", "joe@example.com"),
        ("email", "lucia guion bajo perez arroba correo punto mx", "lucia_perez@correo.mx"),
        ("first_name", "My name is Maria Lopez.", "Maria Lopez"),
        ("first_name", "me llamo Lucía Fernández", "Lucía Fernández"),
        ("fields.callback_phone", "three oh three five five five oh one nine nine", "+13035550199"),
        ("fields.pet", "Well, a dog called Rex", "a dog called Rex"),
    ],
)
def test_fields_are_read_from_speech(field: str, said: str, kept: str) -> None:
    dialogue = Dialogue(brief(abilities=["collect"], questions=[{"field": field, "ask": ""}]))
    dialogue.brief["contact"]["first_name"] = ""
    dialogue.hear("Yes, go ahead")
    dialogue.hear(said)
    assert dialogue.state.results["fields"] == {field: kept}


def test_a_question_in_between_is_answered_and_the_asked_thing_asked_again() -> None:
    dialogue = Dialogue()
    dialogue.hear("Sure, go ahead.")
    answer = dialogue.ask("Where are you located?")
    assert "12 Main Street" in answer
    assert "day and time" in answer


def test_the_goodbye_names_our_number_once() -> None:
    dialogue = Dialogue()
    assert "3 0 3, 5 5 5, 0 1 0 0" in dialogue.ask("I'm not interested")


def test_it_changes_to_spanish_and_says_so_to_the_carrier_once() -> None:
    dialogue = Dialogue()
    assert Language("es") in dialogue.hear("Hola, no hablo inglés")
    assert not any(isinstance(piece, Language) for piece in dialogue.hear("Sí, claro, el lunes a las diez"))


def test_a_spanish_agent_says_no_english_line() -> None:
    spanish = brief(language="es-US", goals="Invitar a los pacientes a su revisión.", questions=[])
    dialogue = Dialogue(spanish)
    said = [
        dialogue.ask(text)
        for text in ("Sí, dígame", "El lunes a las diez", "Sí", "¿Dónde están?", "No, gracias")
    ]
    assert "invitar a los pacientes" in said[0]
    for text in said:
        assert " the " not in f" {text} "
        assert " you " not in f" {text} "


def test_both_languages_have_every_line() -> None:
    for key, ways in LINES.items():
        assert set(ways) == {"en", "es"}, key
        assert all(ways.values()), key


def test_the_same_words_get_the_same_answers() -> None:
    first, second = Dialogue(), Dialogue()
    heard = [text for text, _ in DIALOGUES["books_a_meeting"]]
    assert [first.ask(text) for text in heard] == [second.ask(text) for text in heard]


@given(st.lists(st.text(max_size=120), max_size=12))
def test_nothing_that_is_said_breaks_it(words: list[str]) -> None:
    dialogue = Dialogue()
    for text in words:
        pieces = dialogue.hear(text)
        assert all(isinstance(piece, Piece) for piece in pieces)
        if any(isinstance(piece, HangUp | StopCalling | Transfer) for piece in pieces):
            break


phrases = st.sampled_from([text for table in DIALOGUES.values() for text, _ in table])


@given(st.lists(phrases, min_size=1, max_size=30))
def test_any_mix_of_what_people_say_gets_an_answer_or_an_end(words: list[str]) -> None:
    dialogue = Dialogue()
    for text in words:
        pieces = dialogue.hear(text)
        assert pieces or "stay on the line" in text
        if any(isinstance(piece, HangUp | StopCalling | Transfer) for piece in pieces):
            break


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        ("Where can I object online?", "slash o, then the code: k 7 m 2"),
        ("Is there a website where I can see my consent?", "slash o, then the code"),
        ("¿Dónde puedo oponerme por internet?", "barra o, y después el código"),
        ("Where are you located?", "12 Main Street"),
    ],
)
def test_whoever_asks_where_to_object_online_hears_the_address_of_their_page(heard: str, words: str) -> None:
    said = brief()
    said["contact"]["objection_link"] = "https://call.example.com/o/k7m2p9abcdef"
    assert words in Dialogue(said).ask(heard)
