"""Reading single cells of a list: truth, dates, languages, tags. No Django here."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

_YES = frozenset(
    """1 1.0 y yes yep yeah ye x t true on ok okay agreed agree accepted granted given allowed checked opted-in opt-in
    opted_in optin subscribed si s verdadero acepta acepto autorizado oui o vrai d'accord ja j wahr da sim verdadeiro
    vero tak kylla igen evet hai ✓ ✔ ☑ ✅ ☒ √ да 是 はい""".split()  # noqa: SIM905
) | {"opted in", "opt in"}
_NO = frozenset(
    """0 0.0 n no nope f false off none null nil na n/a - -- – — not unchecked opted-out opt-out opted_out optout
    declined refused denied never unsubscribed falso non faux nein nee falsch nao nie nej nei ei nem hayir falskt
    ☐ ❌ ✗ ✘ нет 否 いいえ""".split()  # noqa: SIM905
) | {"opted out", "opt out"}

# Countries that write the month first.
MONTH_FIRST = frozenset({"US", "PR", "VI", "GU", "AS", "MP", "PH", "FM", "PW", "MH"})
_MONTHS = {
    word: number
    for number, words in enumerate(
        ("jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep", "oct", "nov", "dec dic"),
        1,
    )
    for word in words.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ].*)?")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ T,].*)?")
_NAMED = (
    re.compile(
        r"(?:\w+,? )?(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?:de )?"
        r"(?P<m>[a-z]{3,10})\.?,?[ -](?:de )?(?P<y>\d{4})"
    ),
    re.compile(r"(?:[a-z]+, )?(?P<m>[a-z]{3,10})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})"),
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")

_LANGUAGES = {
    word: code
    for code, words in {
        "en": "english ingles anglais englisch eng", "es": "spanish espanol castellano espagnol spanisch spa esp",
        "fr": "french frances francais franzosisch fra fre", "de": "german aleman allemand deutsch deu ger",
        "pt": "portuguese portugues por", "it": "italian italiano ita", "zh": "chinese chino mandarin",
        "vi": "vietnamese vietnamita", "ko": "korean coreano", "ja": "japanese japones", "ru": "russian ruso",
        "ar": "arabic arabe", "pl": "polish polaco polski", "nl": "dutch holandes nederlands", "tl": "tagalog filipino",
    }.items()
    for word in words.split()
}  # fmt: skip

INFORMATIONAL = "informational"
# What consent may be for, as the ledger has it, by the folded words of a cell.
_PURPOSES = {
    word: code
    for code, words in {
        "marketing": "marketing telemarketing promotion promotions promotional promo offers advertising sales "
        "promocion promociones promocional ofertas publicidad ventas comercial mercadotecnia",
        INFORMATIONAL: "informational information informative info reminder reminders appointment appointments "
        "transactional service informativo informativa informacion recordatorio recordatorios cita citas "
        "transaccional servicio avisos",
    }.items()
    for word in words.split()
}
_FILLING = frozenset({"only", "call", "calls", "llamadas", "solo", "de"})

LANGUAGE_CODES = tuple(dict.fromkeys(_LANGUAGES.values()))


REMEMBERED = 4096  # readings of each kind, of cells of at most so many characters:
LONGEST_REMEMBERED = 200


Rest = ParamSpec("Rest")
Meant = TypeVar("Meant")


def _remembers(read: Callable[Concatenate[str, Rest], Meant]) -> Callable[Concatenate[str, Rest], Meant]:
    """`read`, which a list asks the same few words again and again, with a memory of what they meant.

    Whoever writes a list fills the memory: a long cell is read each time, for it would stay there as a whole.
    """
    remembered = cast(Callable[Concatenate[str, Rest], Meant], lru_cache(maxsize=REMEMBERED)(read))

    @wraps(read)
    def reading(text: str, *args: Rest.args, **kwargs: Rest.kwargs) -> Meant:
        return (remembered if len(text) <= LONGEST_REMEMBERED else read)(text, *args, **kwargs)

    return reading


def visible(text: str) -> str:
    """Without marks that are not seen (direction, joiners, byte order) and with plain spaces, digits and signs."""
    if text.isascii():
        return text.strip()
    shown = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", shown).strip()


@_remembers
def truth(text: str) -> bool | None:
    """Whether a cell says yes; a blank says no; None when the word is not known."""
    word = visible(text).casefold()
    word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).strip(
        ".! '\""
    )
    if not word or word in _NO:
        return False
    return True if word in _YES else None


@_remembers
def date_in(text: str, country: str = "") -> date | None:
    """The day a cell names, or None. ISO, named months, a sheet's serial number; 02/08 by how `country` writes it,
    unless only one reading exists."""
    text = visible(text).casefold()
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _PARTS.fullmatch(text):
            first, second, year = int(match[1]), int(match[2]), int(match[3])
            month_first = (country in MONTH_FIRST and first <= 12) or second > 12
            month, day = (first, second) if month_first else (second, first)
            return date(year if year > 99 else 2000 + year, month, day)
        if _SERIAL.fullmatch(text) and 20_000 <= float(text) < 80_000:
            # Day 1 is 1 January 1900, and sheets believe that 1900 had a 29 February.
            return date(1899, 12, 30) + timedelta(days=int(float(text)))
        for pattern in _NAMED:
            if (match := pattern.fullmatch(text)) and match["m"][:3] in _MONTHS:
                return date(int(match["y"]), _MONTHS[match["m"][:3]], int(match["d"]))
    except ValueError:
        pass
    return None


@_remembers
def language(text: str) -> str | None:
    """An IETF tag such as `en` or `es-MX` from a code or a language's name; blank for blank, None when not known."""
    word = visible(text).replace("_", "-")
    if not word:
        return ""
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c)
    )
    if match := re.fullmatch(r"([a-z]{2})(?:-([a-z]{2}|\d{3}))?", folded):
        return match[1] + (f"-{match[2].upper()}" if match[2] else "")
    return _LANGUAGES.get(folded.split("(")[0].strip())


@_remembers
def purpose(text: str) -> str | None:
    """marketing or informational, what a cell says consent is for; blank for blank, None when not known."""
    word = visible(text).casefold()
    if not word:
        return ""
    folded = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    meant = {_PURPOSES.get(each) for each in re.findall(r"\w+", folded) if each not in _FILLING}
    return meant.pop() if len(meant) == 1 else None


@_remembers
def tags(text: str) -> tuple[str, ...]:
    """The tags of a cell, separated by ; , | or a line end, each once, in order."""
    found = (unicodedata.normalize("NFC", part.strip()) for part in re.split(r"[;,|\n\r]", text))
    return tuple(dict.fromkeys(part for part in found if part))
