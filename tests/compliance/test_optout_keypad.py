"""The key 9 said aloud is a demand to stop; nine o'clock, nine people and the digits of a number are not."""

import pytest

from compliance.optout import OptOut, detect_optout, sms_keyword

THE_KEY = (
    "nine",
    "Nine.",
    "9",
    "nine nine nine",
    "nine, please",
    "um, nine",
    "okay nine",
    "yes, nine",
    "press nine",
    "pressing nine",
    "I pressed nine",
    "I'm pressing nine right now",
    "I've pressed 9",
    "I just hit nine",
    "I hit the nine",
    "I keep pressing nine",
    "pressed 9",
    "number nine",
    "the nine",
    "hello? nine.",
    "I said nine",
    "I already pressed nine",
    "I have pressed the number nine twice",
    "I did press nine",
    "I'm pushing 9",
    "I am hitting nine and nothing happens",
    "let me press nine",
    "I'll press nine",
    "I'm going to press nine now",
    "nine key",
    "hitting nine now",
    "not interested, nine",
    "el nueve",
    "nueve",
    "el 9",
    "he pulsado el nueve",
    "ya apreté el nueve",
    "pulso el nueve",
    "pulsé el nueve",
    "estoy pulsando el nueve",
    "le di al nueve",
    "marqué el nueve",
    "acabo de marcar el nueve",
    "he marcado el 9",
    "aprieto el nueve",
    "voy a pulsar el nueve",
    "nueve por favor",
    "pulse nueve",
    "presioné nueve",
    "ya marqué nueve",
    "le he dado al nueve",
    "oprimí el nueve",
    "no me interesa, nueve",
    "tecla nueve",
    "toqué el 9",
    "so I press nine",
    "can I press nine",
    "how do I press nine",
    "I tried pressing nine",
    "I tapped nine",
    "I typed nine on my phone",
)
A_NUMBER = (
    "at nine",
    "nine o'clock",
    "nine people",
    "nine thirty",
    "nine am",
    "around nine",
    "I'll be there at nine",
    "I have nine kids",
    "a las nueve",
    "nueve personas",
    "son nueve euros",
    "las nueve",
    "a las nueve de la mañana",
    "nueve y media",
    "I need nine chairs",
    "my number is five five nine",
    "seven nine two",
    "nine one one",
    "if I press nine you stop calling is that right",
    "what was that about pressing nine",
    "I pressed nine by mistake",
    "you said press nine",
    "press nine for more options",
    "for sales press nine",
    "I didn't press nine",
    "I never pressed nine",
    "it's nine here",
    "we close at nine",
    "nine to five",
    "he hit nine home runs",
    "marcaron nueve goles",
    "marqué nueve goles",
    "toca a las nueve",
    "nine hundred",
    "I scored nine",
    "el nueve de marzo",
    "el día nueve",
    "March nine",
    "nine of us",
    "I am nine months pregnant",
    "on the nine train",
    "tengo nueve años",
    "si pulso el nueve qué pasa",
    "press 3",
    "I pressed three",
    "I'm on line nine",
    "dial nine for an outside line",
    "I pressed 5",
    "I will call you at nine",
    "I just called nine",
    "we have nine",
    "para más opciones pulse nueve",
    "nine times",
    "he's number nine on the team",
    "the ninth",
    "I keep nine cats",
)


def test_the_key_said_aloud_stops_the_calls():
    assert [text for text in THE_KEY if not detect_optout(text).stop_calling] == []


def test_another_nine_stops_nothing():
    assert [text for text in A_NUMBER if detect_optout(text).stop_calling] == []


def test_a_key_that_is_pressed_is_an_explicit_demand_and_the_bare_number_a_doubtful_one():
    assert detect_optout("I'm pressing nine") == OptOut(True, "opt_out", "high")
    assert detect_optout("he pulsado el nueve").blacklist_risk == "high"
    assert detect_optout("nine") == OptOut(True, "opt_out", "medium")
    assert not detect_optout("nine", "sms").stop_calling


@pytest.mark.parametrize(
    ("asked", "stops"),
    [
        ("What time works for you?", False),
        ("Tomorrow at nine, or at ten?", False),
        ("¿A qué hora le viene bien?", False),
        ('To stop our calls, say "stop calling" or press 9 at any time. Do you have a minute?', True),
        ("Para no recibir más llamadas, pulse 9. ¿Tiene un minuto?", True),
        ("We have offers this week.", True),
    ],
)
def test_a_bare_nine_may_answer_a_question(asked, stops):
    assert detect_optout("Nine.", asked=asked).stop_calling is stops
    assert detect_optout("I'm pressing nine.", asked=asked).stop_calling


@pytest.mark.parametrize("text", ["Stop2quit", "STOP2END", "stop 2 quit", "Stop2Stop"])
def test_the_keywords_that_old_services_teach_are_heard(text):
    assert sms_keyword(text) == "opt_out" or detect_optout(text, "sms").stop_calling


def test_a_street_one_goes_down_is_no_demand():
    assert not detect_optout("baja por la calle", "voice", "es").stop_calling
    assert detect_optout("baja por favor", "voice", "es").stop_calling
