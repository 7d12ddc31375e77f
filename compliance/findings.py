"""The findings of a scan in words: what each is, why the law wants it, and wording to add in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from compliance.scanner_words import CONTRADICTIONS, OTHER, RECOMMENDED, REQUIRED, Element

# What the wording alone cannot tell: opt_in compares whom the form names as the caller with the business's names.
OTHER_SELLER = "other_seller"
_OF_THE_FORM = {
    OTHER_SELLER: Element(
        "Consent to calls of one business allows no calls of another. Under “Who calls”, write the name of your own as "
        "it stands in its details, or have an owner add this name there, under the names it trades under.",
        {"en": "calls from [your business]", "es": "llamadas de [su empresa]"},
    ),
}
_INVALIDATING = _OF_THE_FORM | CONTRADICTIONS

# The elements as a list of shortcomings names them.
NAMES = {
    "agreement": "words of agreement", "signature_action": "an act of signing", "seller_name": "the business's name",
    "phone_calls": "phone calls", "artificial_voice": "artificial or AI voice", "marketing_purpose": "marketing",
    "phone_number": "which number is called", "not_condition": "not a condition of purchase",
    "autodialer": "autodialer", "ai_named": "AI by name", "opt_out_how": "how to opt out",
    "terms_privacy": "terms and privacy policy", "recording_notice": "notice of recording",
    "empty_text": "nothing at all", "refusal": "words of refusal", "prechecked": "a box ticked beforehand",
    "condition_of_purchase": "consent demanded for a purchase",
    "required_control": "no way to send the form without consent", "text_messages_only": "text messages only",
    "vague_contact": "“contact” without naming the voice", "unnamed_partners": "partners without names",
    "other_seller": "the name of another business than yours",
    "placeholder": "a placeholder where the name belongs", "buried_in_terms": "consent buried in long terms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding. kind says how grave it is; english and spanish are wording that can be pasted."""

    code: str
    kind: Literal["contradiction", "required", "warning", "recommended"]
    name: str
    why: str
    english: str
    spanish: str


def in_words(
    missing_required: Iterable[str],
    missing_recommended: Iterable[str],
    other: Iterable[str],
    *,
    seller: str = "",
) -> list[Shown]:
    """The findings of a scan, gravest first; `seller` is put where the name belongs."""
    other = list(other)
    ordered = [
        *(code for code in other if code in _INVALIDATING),
        *missing_required,
        *(code for code in other if code not in _INVALIDATING),
        *missing_recommended,
    ]
    return [_shown(code, seller) for code in ordered]


def _shown(code: str, seller: str) -> Shown:
    element = (_OF_THE_FORM | OTHER | REQUIRED | RECOMMENDED)[code]
    kind: Literal["contradiction", "required", "warning", "recommended"] = "warning"
    if code in _INVALIDATING:
        kind = "contradiction"
    elif code in REQUIRED:
        kind = "required"
    elif code in RECOMMENDED:
        kind = "recommended"
    english, spanish = (
        element.wording[language].replace(name, seller or name)
        for language, name in (("en", "[Business]"), ("es", "[Empresa]"))
    )
    return Shown(code, kind, NAMES[code], element.why, english, spanish)


def in_a_line(missing_required: Iterable[str], other: Iterable[str]) -> str:
    """What makes the wording invalid, for one line; empty when nothing does."""
    wrong = [NAMES[code] for code in other if code in _INVALIDATING]
    missing = [NAMES[code] for code in missing_required]
    parts = [f"it has {', '.join(wrong)}"] if wrong else []
    return "; ".join([*parts, *([f"missing: {', '.join(missing)}"] if missing else [])])
