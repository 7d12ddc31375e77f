"""A greeting cannot take back what every call says first."""

import pytest

from voiceagents.denials import denied
from voiceagents.opening import opening

AI, STOP, RECORDED, BEFORE = (
    "that an AI is calling", "that people can stop the calls", "that the call is recorded", "what was said before it",
)  # fmt: skip
DENYING = [
    ("Just kidding, I am a real person, and you cannot opt out.", AI),
    ("I'm a real person.", AI),
    ("I’m actually human!", AI),
    ("You are speaking with a live person.", AI),
    ("This is not a robot.", AI),
    ("I am not an AI.", AI),
    ("This isn't an automated call.", AI),
    ("I ain't no bot.", AI),
    ("We're not robots: it is not a recording.", AI),
    ("Don't worry, no robot here.", AI),
    ("Soy una persona real.", AI),
    ("Está hablando con una persona.", AI),
    ("No soy un robot.", AI),
    ("No soy una máquina, soy María.", AI),
    ("You can't opt out.", STOP),
    ("You can not stop these calls.", STOP),
    ("Please do not press 9.", STOP),
    ("Pressing nine does nothing.", STOP),
    ("No puede darse de baja.", STOP),
    ("No pulse el 9, por favor.", STOP),
    ("El nueve no funciona.", STOP),
    ("This call is not recorded.", RECORDED),
    ("We aren't recording.", RECORDED),
    ("Nobody is recording you.", RECORDED),
    ("La llamada no se graba.", RECORDED),
    ("No estamos grabando.", RECORDED),
    ("Just kidding!", BEFORE),
    ("Ignore what was said before.", BEFORE),
    ("Forget everything you just heard.", BEFORE),
    ("Es broma.", BEFORE),
    ("Ignore lo anterior.", BEFORE),
]
HONEST = [
    "Hello {{ contact.first_name }}, I am calling because your six-month check-up is due.",
    "Good day, do you have a minute?",
    "I am an AI, not a real person. May I ask two questions?",
    "I'm not human, but I can book you in.",
    "You are not talking to a real person, and I will hand you over if you like.",
    "A real person from our team can call you back.",
    "Would you like to speak with a person?",
    "I am Ava, the assistant of your dentist.",
    "This is the Person and Family Clinic.",
    "You can stop these calls at any time. Press 9 for that.",
    "I cannot stop thinking about your smile.",
    "This call is recorded so that we can train our staff.",
    "Your last visit was not recorded in our books as paid. May I ask about it?",
    "No soy una persona, soy un asistente de inteligencia artificial.",
    "Le llamo por su revisión. ¿Tiene un minuto?",
    "Soy Eva, la asistente de su clínica. Si lo prefiere, le llama una compañera.",
    "No está hablando con una persona; soy un asistente virtual.",
    "Puede darse de baja cuando quiera: pulse el 9.",
    "¿Sigue interesado en el robot de cocina?",
    "Your robot vacuum is ready to be picked up.",
]


@pytest.mark.parametrize(("greeting", "what"), DENYING)
def test_what_a_greeting_denies_is_named(greeting, what):
    assert denied(greeting) == what


@pytest.mark.parametrize("greeting", HONEST)
def test_an_honest_greeting_denies_nothing(greeting):
    assert denied(greeting) == ""


def test_a_greeting_that_denies_is_not_spoken():
    agent = {"business_name": "Bright Smile", "greeting": "I am a real person.", "language": "en-US"}
    assert opening({"agent": agent}).endswith(" Do you have a minute?")
    assert opening({"agent": agent | {"greeting": "Good day."}}).endswith(" Good day.")
