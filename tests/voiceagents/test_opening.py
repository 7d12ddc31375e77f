"""The first words of a call, and what may never be taken from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceagents.opening import clean, disclosure, line, opening, our_number, our_page

BRIEF = {
    "agent": {"business_name": "Bright Smile Dental", "greeting": "", "language": "en-US"},
    "contact": {"first_name": "Noah", "language": ""},
    "seller": "Bright Smile",
    "record": True,
    "callback_number": "+13035550100",
}


def test_it_names_the_business_the_ai_the_opt_out_and_the_recording_before_anything_else() -> None:
    assert opening(BRIEF) == (
        "Hello, this is Bright Smile Dental, and I am an AI voice assistant. "
        'To stop our calls, say "stop calling" or press 9 at any time, or ask for our web page. '
        "This call is recorded. Noah, do you have a minute?"
    )


def test_it_says_the_same_in_spanish() -> None:
    assert opening({**BRIEF, "contact": {"first_name": "Lucía", "language": "es-MX"}}) == (
        "Hola, le llama Bright Smile Dental, y soy un asistente de voz con inteligencia artificial. "
        'Para no recibir más llamadas, diga "no me llame más" o pulse 9 en cualquier momento, '
        "o pida nuestra página web. "
        "Esta llamada se graba. Lucía, ¿tiene un minuto?"
    )


def test_a_language_we_do_not_speak_falls_to_the_agents() -> None:
    assert "le llama" in opening({**BRIEF, "contact": {"language": "fr"}, "agent": {"language": "es-ES"}})


def test_an_unrecorded_call_claims_no_recording() -> None:
    assert "recorded" not in opening({**BRIEF, "record": False})


def test_the_registered_name_is_said_when_it_is_another() -> None:
    assert "Bright Smile Dental, a business of Acme LLC," in opening({**BRIEF, "seller": "Acme LLC"})


def test_the_sentence_that_offers_the_opt_out_works_when_repeated_back() -> None:
    from compliance.optout import detect_optout

    assert detect_optout("stop calling", "voice", "en").stop_calling
    assert detect_optout("no me llame más", "voice", "es").stop_calling


@pytest.mark.parametrize(
    "words",
    [
        "your web page", "What's your web page?", "the web page, please", "give me the page", "I want your web page",
        "Can you repeat that page?", "OK, what is the address of your web page", "what's the opt-out page",
        "¿Cuál es su página web?", "la página web por favor", "deme su página web", "¿me repite la página web?",
    ],
)  # fmt: skip
def test_the_page_that_the_opening_names_is_asked_for_in_its_words(words: str) -> None:
    """The word "opt-out" in the name of the page would end the call before it is said."""
    from compliance.optout import detect_optout
    from voiceagents.brains.intents import intent_of

    assert intent_of(words) == "online"
    if "opt-out" not in words:
        assert not detect_optout(words, "voice").stop_calling


@pytest.mark.parametrize(
    "words",
    [
        "I filled in a form on a web page", "turn the page", "We need a new web page for the shop", "Yes please",
        "Tell them the printer is broken", "Where are you located?", "leí la página del periódico",
    ],
)  # fmt: skip
def test_other_pages_are_not_taken_for_ours(words: str) -> None:
    from voiceagents.brains.intents import intent_of

    assert intent_of(words) != "online"


@given(
    business=st.text(max_size=300),
    greeting=st.text(max_size=900),
    name=st.text(max_size=300),
    seller=st.text(max_size=300),
)
def test_no_name_and_no_greeting_can_remove_or_precede_the_disclosure(
    business: str, greeting: str, name: str, seller: str
) -> None:
    brief = {
        "agent": {"business_name": business, "greeting": greeting, "language": "en-US"},
        "contact": {"first_name": name},
        "seller": seller,
        "record": True,
    }
    text = opening(brief)
    assert text.startswith("Hello, this is ")
    assert text.startswith(disclosure(brief))
    for part in ("I am an AI voice assistant", "press 9 at any time", "This call is recorded."):
        assert part in text
    assert len(text) <= 900
    assert not any(ord(c) < 32 or c in "<>{}" for c in text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("  Ann\t\n Lee ", "Ann Lee"),
        ("<b>Ann</b>", "b Ann /b"),
        ("A\u202eB\u200bC", "A B C"),
        (None, ""),
        ("é" * 100, "é" * 80),
    ],
)
def test_names_are_one_short_line_of_plain_text(raw: str | None, shown: str) -> None:
    assert clean(raw) == shown


def test_our_number_is_said_digit_by_digit() -> None:
    assert our_number(BRIEF) == "You can reach us at 3 0 3, 5 5 5, 0 1 0 0."
    assert our_number({"callback_number": ""}) == ""


def test_a_resumed_call_says_again_that_it_is_an_ai_and_how_to_opt_out() -> None:
    for language in ("en", "es"):
        text = line("resume", BRIEF, language)
        assert "Bright Smile Dental" in text
        assert "9" in text


def test_the_public_page_is_said_so_that_it_can_be_written_down() -> None:
    brief = BRIEF | {"contact": {"objection_link": "https://call.example.com/o/k7m2p9abcdef"}}
    assert "call dot example dot com slash o, then the code: k 7 m 2, p 9 a b, c d e f." in our_page(
        brief, "en"
    )
    assert "call punto example punto com barra o, y después el código: k 7 m 2" in our_page(brief, "es")
    assert "press 9" in our_page(BRIEF, "en"), "without a page, how to object at once"
