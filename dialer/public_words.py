"""What the public page says, in English and Spanish."""

from datetime import datetime
from zoneinfo import ZoneInfo

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}  # fmt: skip

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Who called you",
        "other": "Español",
        "for": "For the phone number ending in",
        "person": "in the records of the business:",
        "clock": "Times on the clock of",
        "calls": "Calls to this number",
        "no_calls": "No call to this number is on record.",
        "from": "from",
        "automated": "The calls are made by an AI voice assistant.",
        "consent": "On what consent",
        "no_consent": "No consent to calls is on record for this number, so it is not called.",
        "agreed": "Consent recorded for",
        "text": "The words that were agreed to",
        "page": "Given at",
        "source_form": "given on a form",
        "source_web": "given on a web page",
        "source_import": "taken over from the records of the business",
        "source_api": "given to another system of the business",
        "source_inbound_call": "given on a call to the business",
        "source_sms_keyword": "given by text message",
        "source_spoken": "said on a call",
        "source_verbal_clip": "said on a recorded call",
        "source_staff": "recorded by the staff of the business",
        "stop_title": "Stop these calls",
        "stop": "Stop all calls to this number",
        "stop_note": "It takes effect at once, for every call and text of {business}, and cancels planned calls.",
        "stopped": "You will not be called again",
        "stopped_note": "{business} does not call this number. You objected on {day}.",
        "stopped_now": "{business} does not call this number, and planned calls were canceled.",
        "missing_title": "This link is not one of ours",
        "missing": "Copy the whole address from the message, or ask the business that called for a new one. "
        "On a call you can always say “stop calling” or press 9.",
        "code": "The code you were told",
        "code_note": "Twelve letters and digits. Spaces do not matter.",
        "open": "See who called",
        "busy_title": "Too many tries",
        "busy": "Wait a minute, then open the link again.",
    },
    "es": {
        "title": "Quién le llamó",
        "other": "English",
        "for": "Para el número de teléfono que termina en",
        "person": "en los registros de la empresa:",
        "clock": "Horas en el reloj de",
        "calls": "Llamadas a este número",
        "no_calls": "No consta ninguna llamada a este número.",
        "from": "desde",
        "automated": "Las llamadas las hace un asistente de voz con inteligencia artificial.",
        "consent": "Con qué consentimiento",
        "no_consent": "No consta consentimiento para llamar a este número, así que no se le llama.",
        "agreed": "Consentimiento registrado para",
        "text": "El texto que se aceptó",
        "page": "Dado en",
        "source_form": "dado en un formulario",
        "source_web": "dado en una página web",
        "source_import": "tomado de los registros de la empresa",
        "source_api": "dado a otro sistema de la empresa",
        "source_inbound_call": "dado en una llamada a la empresa",
        "source_sms_keyword": "dado por mensaje de texto",
        "source_spoken": "dicho en una llamada",
        "source_verbal_clip": "dicho en una llamada grabada",
        "source_staff": "registrado por el personal de la empresa",
        "stop_title": "Detener estas llamadas",
        "stop": "Detener todas las llamadas a este número",
        "stop_note": "Tiene efecto de inmediato para todas las llamadas y mensajes de {business}, y cancela las "
        "llamadas previstas.",
        "stopped": "No le volverán a llamar",
        "stopped_note": "{business} no llama a este número. Usted se opuso el {day}.",
        "stopped_now": "{business} no llama a este número, y se cancelaron las llamadas previstas.",
        "missing_title": "Este enlace no es nuestro",
        "missing": "Copie la dirección completa del mensaje, o pida una nueva a la empresa que llamó. "
        "En una llamada siempre puede decir «no me llame más» o pulsar 9.",
        "code": "El código que le dijeron",
        "code_note": "Doce letras y cifras. Los espacios no importan.",
        "open": "Ver quién llamó",
        "busy_title": "Demasiados intentos",
        "busy": "Espere un minuto y abra el enlace otra vez.",
    },
}


def day_words(at: datetime, zone: ZoneInfo, language: str, *, clock: bool = False) -> str:
    """ "3 Mar 2026", or with the clock "3 Mar 2026, 14:05"."""
    local = at.astimezone(zone)
    day = f"{local.day} {_MONTHS[language][local.month - 1]} {local.year}"
    return f"{day}, {local:%H:%M}" if clock else day


def masked(name: str) -> str:
    """A name by its initials: "Noah Brown" becomes "N… B…"."""
    return " ".join(f"{part[0]}…" for part in name.split()[:4])
