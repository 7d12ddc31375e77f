"""The key 9, said aloud: a person who is told to press it may say "nine" instead, or say that they press it. No Django.

Asked about folded text (compliance.optout.fold). A bare "nine" is the key only when nothing else is said: "at nine",
"nine o'clock", "nine people" and digits of a number are not.
"""

import re
from typing import Literal

_NINE = r"(?:9|nine|nueve)"
_KEY = (
    r"(?:(?:the|a|on|number|key|button|digit|option|my|your|el|la|al|en|numero|tecla|boton|digito|opcion|"
    r"cifra) )*"
)
_PRESS = (
    r"(?:(?:press|push|punch|tapp?|touch|hitt?|enter|dial|type|key|select|click)(?:s|es|ed|d|ing)?(?: in| down)?|hit|"
    r"(?:puls|apret|apriet|oprim|presion|marc(?!h)|marqu|tecle|toc|toqu|hund|aplast|pinch|clic)\w*|"
    r"(?:di|doy|dado|dando|dandole|dio|darle|dale)(?= (?:al|a la|en el) ))"
)
# What follows shows that it was no key: an hour, a count, a longer number.
_COUNTED = (
    r"(?! (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|zero|oh|uno|dos|tres|cuatro|cinco|seis|siete|ocho|"
    r"nueve|cero|am|pm|a m|p m|oclock|thirty|fifteen|forty|hundred|thousand|percent|people|persons|minutes|hours|days|"
    r"weeks|years|dollars|bucks|kids|goals|home|of|personas|minutos|horas|dias|semanas|anos|euros|pesos|goles|y media|"
    r"y cuarto|de la|por ciento)\b)"
)
_NOT = r"(?:not|never|didnt|dont|havent|hasnt|wont|cant|wouldnt|no|nunca)"
_I = (
    r"(?:i|ive|im|ill|id|we|weve|were|just|already|did|keep|kept|let me|going to|ya|acabo de|estoy|voy a|le|"
    r"he(?= \w+[ai]do )|hemos|me|yo)"
)
_SAYS_SO = re.compile(
    rf"\b{_I} (?:(?!{_NOT} )[^ ;]+ ){{0,3}}?{_PRESS} (?:a )?{_KEY}{_NINE}\b{_COUNTED}|"
    # A Spanish verb says by itself who presses.
    r"\b(?:pulse|aprete|oprimi|presione|marque|teclee|toque|pulsando|apretando|marcando|pulso|aprieto|marco|oprimo|"
    rf"presiono|toco) (?:el|la|al|en el) (?:tecla |numero |boton )?{_NINE}\b{_COUNTED}(?! (?:para|por|si|y)\b)"
)
_NOT_SO = re.compile(
    rf"\b(?:if|when|whether|unless|about|why|before|after|said|told|says|si|cuando|antes de|sin|dijo|dice|dijeron|"
    rf"{_NOT}) (?:[^ ;]+ ){{0,4}}$"
)
_BY_MISTAKE = re.compile(r"\b(?:mistake|accident|accidentally|wrong|error|equivoc\w+|sin querer|instead)\b")
_POLITE = (
    r"(?:(?:;|hello|hi|hey|hola|bueno|yes|yeah|yep|yup|si|ok|okay|alright|right|well|so|then|now|just|please|thanks|"
    r"thank you|sir|maam|again|por favor|gracias|ya|ahora|mismo|pues|entonces|vale|otra vez|listo|done|"
    r"and|y|i said|i say|i choose|dije|digo|he dicho)(?: |$))*"
)
_BARE = re.compile(rf"^{_POLITE}{_KEY}{_NINE}(?:(?: ;)? {_NINE})*(?: key| button| tecla)?(?: {_POLITE})?$")
_COMMANDED = re.compile(rf"^{_POLITE}{_PRESS} (?:a )?{_KEY}{_NINE}(?: {_POLITE})?$")
# The words that tell people of the key.
_TOLD = re.compile(rf"(?:press|push|pulse|pulsar|pulsa|marque|marcar|oprima) {_KEY}{_NINE}\b")


def pressed(folded: str) -> Literal["high", "medium"] | None:
    """How surely the words are the key 9: high for one that is pressed, medium for the bare number, else None."""
    if _COMMANDED.search(folded):
        return "high"
    for found in _SAYS_SO.finditer(folded):
        if not _NOT_SO.search(folded[max(0, found.start() - 80) : found.start()]) and not _BY_MISTAKE.search(
            folded
        ):
            return "high"
    return "medium" if is_bare(folded) else None


def is_bare(folded: str) -> bool:
    """Whether nothing but the number is said; as an answer to a question ("What time?") it may be just that."""
    return _BARE.search(folded) is not None


def may_answer(asked: str) -> bool:
    """Whether a number may answer what the agent said just before, in lower case."""
    return "?" in asked and not _TOLD.search(asked)
