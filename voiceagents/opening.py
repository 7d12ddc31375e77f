"""The words that no prompt can change: how a call opens, resumes after a drop, confirms an opt-out and says goodbye.

Pure. Sources: 47 CFR 64.1200(b)(1)-(3): the business's name at the beginning, the opt-out explained within two
seconds of it, a telephone number during the call; EU AI Act Art. 50(1): that the caller is an AI. Names come from
strangers (CSV files, web forms), so every one of them is cleaned before it is spoken or written into TwiML.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from voiceagents.denials import denied

NAME_LENGTH = 80
GREETING_LENGTH = 400
_MARKUP = re.compile(r"[<>{}\[\]|\\^~`*_#]+")
_SPACE = re.compile(r"\s+")

_LINES: dict[str, dict[str, str]] = {
    "en": {
        "who": "Hello, this is {business}, and I am an AI voice assistant.",
        "part_of": "{business}, a business of {seller}",
        "opt_out": 'To stop our calls, say "stop calling" or press 9 at any time, or ask for our web page.',
        "recorded": "This call is recorded.",
        "greeting": "Do you have a minute?",
        "greeting_named": "{name}, do you have a minute?",
        "resume": "Sorry, we were cut off. This is the AI assistant of {business} again. "
        'Say "stop calling" or press 9 to stop our calls. Where were we?',
        "transfer_failed": "I'm sorry, nobody could take the call just now. You are back with the AI assistant of "
        "{business}. Would you like to leave a message, or shall we call you back?",
        "opted_out": "Understood. We will not call you again. Goodbye.",
        "wrong_number": "I'm sorry for the mistake. We will not call this number again. Goodbye.",
        "number": "You can reach us at {number}.",
        "page": "On the web, go to {address}, then the code: {code}. There you see who called and on what consent, and "
        "can stop our calls.",
        "no_page": 'You can stop our calls right now: say "stop calling" or press 9.',
        "cut_off": "I'm sorry, the connection keeps failing. We will leave it here. Goodbye.",
        "unknown": "I'm sorry, this call cannot be connected. Goodbye.",
        "filler": "One moment, please.",
        "business": "our business",
    },
    "es": {
        "who": "Hola, le llama {business}, y soy un asistente de voz con inteligencia artificial.",
        "part_of": "{business}, una empresa de {seller}",
        "opt_out": 'Para no recibir más llamadas, diga "no me llame más" o pulse 9 en cualquier momento, '
        "o pida nuestra página web.",
        "recorded": "Esta llamada se graba.",
        "greeting": "¿Tiene un minuto?",
        "greeting_named": "{name}, ¿tiene un minuto?",
        "resume": "Disculpe, se cortó la llamada. Soy de nuevo el asistente de inteligencia artificial de {business}. "
        'Diga "no me llame más" o pulse 9 para no recibir más llamadas. ¿En qué estábamos?',
        "transfer_failed": "Lo siento, nadie pudo atender la llamada en este momento. Está de nuevo con el asistente "
        "de inteligencia artificial de {business}. ¿Quiere dejar un mensaje, o prefiere que le llamemos después?",
        "opted_out": "Entendido. No le volveremos a llamar. Adiós.",
        "wrong_number": "Disculpe la equivocación. No volveremos a llamar a este número. Adiós.",
        "number": "Puede llamarnos al {number}.",
        "page": "En internet, vaya a {address}, y después el código: {code}. Ahí verá quién llamó y con qué "
        "consentimiento, y puede detener nuestras llamadas.",
        "no_page": 'Puede detener nuestras llamadas ahora mismo: diga "no me llame más" o pulse 9.',
        "cut_off": "Lo siento, la conexión sigue fallando. Lo dejamos aquí. Adiós.",
        "unknown": "Lo siento, no se puede conectar esta llamada. Adiós.",
        "filler": "Un momento, por favor.",
        "business": "nuestra empresa",
    },
}


def clean(text: object, limit: int = NAME_LENGTH) -> str:
    """One line of speakable text: no control or invisible characters, no markup, at most `limit` characters."""
    shown = unicodedata.normalize("NFC", str(text or "")[: limit * 8])
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in shown)
    return _SPACE.sub(" ", _MARKUP.sub(" ", shown)).strip()[:limit].strip()


def language_of(brief: Mapping[str, Any]) -> str:
    """The language the call begins in, "en" or "es": the contact's when we speak it, else the agent's."""
    for who in ("contact", "agent"):
        language = str((brief.get(who) or {}).get("language") or "")[:2].lower()
        if language in _LINES:
            return language
    return "en"


def _business(brief: Mapping[str, Any], language: str) -> str:
    name = clean((brief.get("agent") or {}).get("business_name"))
    seller = clean(brief.get("seller"))
    if not name:
        return seller or _LINES[language]["business"]
    if seller and seller.casefold() not in name.casefold() and name.casefold() not in seller.casefold():
        return _LINES[language]["part_of"].format(business=name, seller=seller)
    return name


def line(key: str, brief: Mapping[str, Any], language: str = "") -> str:
    """One of the fixed sentences by its key, in `language` or the language the call began in."""
    language = language if language in _LINES else language_of(brief)
    text = _LINES[language][key]
    return text.format(business=_business(brief, language)) if "{business}" in text else text


def disclosure(brief: Mapping[str, Any], language: str = "") -> str:
    """Who calls, that it is an AI, how to opt out, and that it is recorded when it is."""
    parts = [line("who", brief, language), line("opt_out", brief, language)]
    if brief.get("record"):
        parts.append(line("recorded", brief, language))
    return " ".join(parts)


def opening(brief: Mapping[str, Any]) -> str:
    """The first utterance of a call: the disclosure, then the agent's own greeting.

    The greeting is written in the agent's language; a contact who is spoken to in another one hears that one's own. So
    does everybody where the greeting denies the disclosure.
    """
    language = language_of(brief)
    agent = brief.get("agent") or {}
    greeting = clean(agent.get("greeting"), GREETING_LENGTH)
    if not greeting or denied(greeting) or str(agent.get("language") or language)[:2].lower() != language:
        name = clean((brief.get("contact") or {}).get("first_name"), 40)
        greeting = _LINES[language]["greeting_named" if name else "greeting"].format(name=name)
    return f"{disclosure(brief)} {greeting}"


def our_number(brief: Mapping[str, Any], language: str = "") -> str:
    """The sentence with the number to call us back on, digit by digit; "" when the brief has none."""
    digits = re.sub(r"\D", "", str(brief.get("callback_number") or ""))[:15]
    if not digits:
        return ""
    if len(digits) == 11 and digits.startswith("1"):
        groups = [digits[1:4], digits[4:7], digits[7:]]
    else:
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return line("number", brief, language).format(number=", ".join(" ".join(group) for group in groups))


_SPOKEN = {
    "en": {".": " dot ", "/": " slash ", "-": " dash ", ":": " colon "},
    "es": {".": " punto ", "/": " barra ", "-": " guion ", ":": " dos puntos "},
}


def our_page(brief: Mapping[str, Any], language: str = "") -> str:
    """The sentence with the contact's public page, its code letter by letter; without one, how to opt out."""
    language = language if language in _LINES else language_of(brief)
    link = str((brief.get("contact") or {}).get("objection_link") or "")[:200]
    address, _, code = link.partition("://")[2].rpartition("/")
    if not address or not code.isalnum():
        return line("no_page", brief, language)
    spoken = "".join(_SPOKEN[language].get(c, c) for c in address)
    groups = [" ".join(code[i : i + 4]) for i in range(0, len(code), 4)]
    return line("page", brief, language).format(address=_SPACE.sub(" ", spoken), code=", ".join(groups))
