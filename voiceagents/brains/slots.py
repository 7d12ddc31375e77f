"""Reading one asked-for value out of what was said: e-mail, name, number, anything else. None: not understood."""

import re

from voiceagents.opening import clean

_EMAIL = re.compile(r"[a-z0-9._%+\-]{1,64}@[a-z0-9\-]+(?:\.[a-z0-9\-]+)*\.[a-z]{2,24}")
_EMAIL_WORDS = [
    (re.compile(r"\b(?:at|arroba)\b"), "@"),
    (re.compile(r"\b(?:dot|punto|point)\b"), "."),
    (re.compile(r"\b(?:underscore|guion bajo|guión bajo)\b"), "_"),
    (re.compile(r"\b(?:dash|hyphen|minus|guion|guión)\b"), "-"),
    (re.compile(r"\bplus\b"), "+"),
]
_EMAIL_LEAD = re.compile(
    r"^.*?\b(?:e-?mail(?: address)?(?: is)?|it'?s|is|correo(?: electr[oó]nico)?(?: es)?|es)\b[:,]?\s+", re.I
)
_NAME_LEAD = re.compile(
    r"^(?:(?:yes|yeah|sure|ok|okay|well|hi|hello|sí|si|bueno|claro|hola)[,.!]?\s+)*"
    r"(?:my (?:full |first |last )?name is|my name'?s|the name is|the name'?s|this is|it'?s|it is|i'?m|i am|call me|"
    r"me llamo|mi nombre es|mi apellido es|soy|habla|es)?\s*",
    re.I,
)
_NOT_A_NAME = re.compile(
    r"\?|\d|\b(?:what|why|who|how|when|where|not|don'?t|no|call|busy|later|stop|because|want|need|qué|que|por|quién|"
    r"cómo|cuándo|llame|ocupad[oa]|luego)\b",
    re.I,
)


def email(text: str) -> str | None:
    """A mail address as it is said or spelled: "maria dot lopez at example dot com"."""
    lowered = text.lower().strip().rstrip(".!,")
    if found := _EMAIL.search(lowered):
        return found[0]
    if not re.search(r"\b(?:at|arroba)\b", lowered):
        return None
    spoken = lowered
    for pattern, sign in _EMAIL_WORDS:
        spoken = pattern.sub(sign, spoken)
    local, at, domain = spoken.rpartition("@")
    spoken = _EMAIL_LEAD.sub("", local, count=1) + at + domain
    # Letters spelled one by one, and the spaces around the signs, belong together.
    spoken = re.sub(r"\s*([@._+\-])\s*", r"\1", spoken)
    spoken = re.sub(r"\b(\w)[,.]?\s+(?=\w\b)", r"\1", spoken)
    joined = re.sub(r"[\s,]+", "", spoken)
    for candidate in (spoken, joined):
        if found := _EMAIL.search(candidate):
            return found[0]
    return None


def name(text: str) -> str | None:
    """A person's name, with or without a lead such as "my name is"."""
    rest = _NAME_LEAD.sub("", text.strip(), count=1).strip(" .,!;:")
    rest = re.split(r"[.,;!]|\b(?:and|y|but|pero|speaking)\b", rest, maxsplit=1, flags=re.I)[0].strip()
    if not rest or len(rest.split()) > 5 or _NOT_A_NAME.search(rest):
        return None
    cleaned = clean(rest)
    if not re.fullmatch(r"[^\W\d_][^\d_]*", cleaned):
        return None
    return cleaned if cleaned != cleaned.lower() else cleaned.title()


def free(text: str) -> str | None:
    """Any answer of substance, without the small words before it."""
    rest = re.sub(
        r"^(?:(?:yes|yeah|sure|ok|okay|well|um|uh|so|sí|si|bueno|claro|pues)[,.!]?\s+)+",
        "",
        text.strip(),
        flags=re.I,
    )
    cleaned = clean(rest, 300)
    return cleaned if len(cleaned) > 1 else None
