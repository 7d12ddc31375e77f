"""TwiML documents: text in, a list of verbs out. Pure; whatever the text is, the answer is verbs or TwimlError."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

SIZE_LIMIT = 64 * 1024
VERBS = frozenset(
    {
        "Say",
        "Play",
        "Pause",
        "Gather",
        "Record",
        "Dial",
        "Hangup",
        "Redirect",
        "Reject",
        "Start",
        "Stop",
        "Connect",
    }
)


class TwimlError(Exception):
    """A document that cannot be run; ``code`` is Twilio's (11750, 12100, 12200)."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""  # all the text inside, SSML tags dropped
    children: tuple[Verb, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """A numeric attribute within its bounds; the default when it is missing or not a number."""
        try:
            value = float(self.attributes.get(name, ""))
        except ValueError:
            return default
        return min(high, max(low, value)) if value == value else default

    def flag(self, name: str, default: bool = False) -> bool:
        return {"true": True, "false": False}.get(self.get(name).strip().lower(), default)


def parse(document: bytes | str, known: frozenset[str] = VERBS) -> list[Verb]:
    """The verbs of ``<Response>`` in order. Unknown elements are left out, as Twilio does with a warning."""
    raw = document.encode() if isinstance(document, str) else document
    if len(raw) > SIZE_LIMIT:
        raise TwimlError(11750, f"TwiML of {len(raw)} bytes is over the limit of {SIZE_LIMIT}")
    try:
        root = fromstring(raw.strip() if isinstance(document, bytes) else document.strip(), forbid_dtd=True)
    except DefusedXmlException as exc:
        raise TwimlError(12100, "TwiML may hold no DTD and no entities") from exc
    except (ParseError, ValueError, LookupError) as exc:
        raise TwimlError(12100, f"TwiML is not well-formed XML: {exc}") from exc
    if root.tag != "Response":
        raise TwimlError(12100, f"TwiML must begin with <Response>, not <{root.tag}>")
    return [_verb(child, depth=3) for child in root if child.tag in known]


def _verb(element: Element, depth: int) -> Verb:
    children = (_verb(child, depth - 1) for child in _elements(element)) if depth else ()
    return Verb(
        name=element.tag,
        attributes=dict(element.attrib),
        text=" ".join(" ".join(element.itertext()).split()),
        children=tuple(children),
    )


def _elements(element: Element) -> Iterator[Element]:
    return (child for child in element if isinstance(child.tag, str))
