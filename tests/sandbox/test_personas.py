"""What each persona leads to when a sensible agent talks with it."""

from __future__ import annotations

import itertools

import pytest

from sandbox.personas import PersonaError, load
from sandbox.talk import Talk

CAST = load()
OPENING = (
    "Hello, this is Ava, an AI assistant calling on behalf of Acme Dental. "
    "You can say stop at any time and we will not call again. Is now a good time?"
)


def test_every_ending_has_somebody():
    assert {CAST.for_number(f"+130355501{n:02d}").name for n in range(100)} == set(CAST.personas)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("00", "Maria Lopez"),
        ("15", "Can you call me Friday at 3 p.m.?"),
        ("23", "303-555-0156"),
        ("28", "not interested"),
        ("38", "take me off your list"),
        ("60", "this is Dana"),
        ("87", "¿habla español?"),
        ("90", "¿a qué hora abren los sábados?"),
        ("91", "leave a message"),
        ("94", "Monday at 9"),
        ("96", "are you a robot?"),
    ],
)
def test_a_persona_says_what_it_is_there_to_say(ending, said, dial, product):
    product.documents["/voice"] = product.relay()
    dial(ending)
    product.wait_request("/ended")
    prompts = [prompt for socket in product.sockets for prompt in socket.prompts]
    assert any(said in prompt for prompt in prompts), prompts
    product.wait(lambda: "completed" in product.statuses())


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_questions_are_answered_whatever_their_order(order):
    asked = [
        ("May I have your name, please?", "Maria Lopez"),
        ("Which day and time would suit you?", "Tuesday at 10"),
        ("What is the best number to reach you on?", "303 555 0123"),
        ("And what's your e-mail address?", "maria.lopez@example.com"),
    ]
    talk = Talk(CAST.personas["books_a_meeting"])
    talk.reply(OPENING)
    for number in order:
        question, answer = asked[number]
        assert answer in talk.reply(question).text


def test_a_goodbye_is_answered_and_ends_the_call():
    talk = Talk(CAST.personas["books_a_meeting"])
    reply = talk.reply("You're all set for Tuesday. Have a great day, goodbye!")
    assert (reply.text, reply.hang_up) == ("Thanks, bye.", True)


def test_a_request_for_patience_is_met_with_patience():
    assert Talk(CAST.personas["books_a_meeting"]).reply("One moment, let me check.") is None


@pytest.mark.parametrize(
    "name", [name for name, persona in CAST.personas.items() if persona.answer == "human"]
)
def test_nobody_talks_for_ever(name):
    talk = Talk(CAST.personas[name])
    replies = itertools.takewhile(
        lambda reply: not (reply and reply.hang_up), (talk.reply("Mhm, I see.") for _ in range(60))
    )
    assert len(list(replies)) < 50


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("answer = 'perhaps'", "answer must be one of"),
        ("language = 'xx-XX'", "nothing for the language"),
        ("colour = 'red'", "unknown keys colour"),
        ("[[step]]\nwhen = '('", "not a regular expression"),
        ("[[step]]\nsay = '{name}'", "not among the facts"),
        ("[[step]]\ndigits = 'x'", "digits must be"),
        ("= broken", "odd.toml"),
    ],
)
def test_a_wrong_persona_file_is_named_with_its_fault(text, complaint, tmp_path):
    from sandbox.personas import FOLDER

    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PersonaError, match=r"odd\.toml") as caught:
        load(tmp_path)
    assert complaint in str(caught.value)
