"""The parts of the day: their hours, and how English and Spanish name them."""

from __future__ import annotations

import re

# start and end of the parts of the day, in hours; the morning is the product's rule, the rest lies well inside
# what either language means by the word
PARTS: dict[str, tuple[float, float]] = {
    "first thing": (9, 10),
    "early morning": (8, 10),
    "morning": (9, 12),
    "late morning": (10.5, 12),
    "lunchtime": (12, 14),
    "after lunch": (13, 16),
    "early afternoon": (13, 15),
    "afternoon": (13, 17),
    "tarde": (15, 18),
    "late afternoon": (15.5, 18),
    "end of day": (16.5, 18),
    "after work": (17.5, 20),
    "evening": (18, 20),
    "noche": (19, 21),
    "later today": (0, 20),
}

# What is said for a part of the day, and the token that stands for it.
PART_PHRASES = (
    (re.compile(r"\b(?:at |a la |a )?(?:midnight|medianoche)\b"), "«23:59»"),
    (
        re.compile(
            r"\bfirst thing(?: in the morning)?\b|\ba primera hora(?: de la manana)?\b|\ba primera\b|"
            r"\bas early as (?:possible|you can)\b"
        ),
        "«p:first thing»",
    ),
    (
        re.compile(
            r"\b(?:early (?:in the |tomorrow )?morning|early(?= tomorrow| on)|"
            r"manana temprano por la manana|tempran(?:o|ito)(?: (?:en|por|de) la manana)?)\b"
        ),
        "«p:early morning»",
    ),
    (
        re.compile(
            r"\blate (?:in the )?morning\b|\ba media manana\b|\bmid ?-?morning\b|"
            r"\ba ultima hora de la manana\b"
        ),
        "«p:late morning»",
    ),
    (re.compile(r"\bearly (?:in the )?afternoon\b|\ba primera hora de la tarde\b"), "«p:early afternoon»"),
    (
        re.compile(r"\b(?:late (?:in the )?afternoon|a media tarde|a ultima hora de la tarde)\b"),
        "«p:late afternoon»",
    ),
    (
        re.compile(
            r"\b(?:end of (?:the )?(?:business )?(?:day|workday)|close of business|eod|cob|a ultima hora|"
            r"al final del dia)\b"
        ),
        "«p:end of day»",
    ),
    (
        re.compile(
            r"\bafter (?:my )?lunch\b|\b(?:despues|luego) de (?:comer|almorzar|la comida|el almuerzo)\b"
        ),
        "«p:after lunch»",
    ),
    (
        re.compile(
            r"\bafter (?:work|hours|dinner|supper|my shift)\b|\bdespues (?:del trabajo|de (?:trabajar|"
            r"cenar))\b|\bwhen i(?:'m| am| get) (?:off|home from|out of) work\b|"
            r"\bcuando salga del trabajo\b"
        ),
        "«p:after work»",
    ),
    (
        re.compile(
            r"\blunch ?-?time\b|\b(?:at|over|during|around) (?:my )?lunch(?: break| hour)?\b|"
            r"\ba la hora (?:de comer|de la comida|del almuerzo)\b"
        ),
        "«p:lunchtime»",
    ),
    (re.compile(r"\btonight\b|\besta noche\b"), "today «p:evening»"),
    (
        re.compile(
            r"\blater (?:on )?today\b|\b(?:mas tarde|luego) hoy\b|\bhoy (?:mas tarde|luego)\b|"
            r"\btoday,? later\b|\bhoy mismo\b"
        ),
        "today «p:later today»",
    ),
    (re.compile(r"\b(?:this|esta) (?:morning|manana)\b"), "today «p:morning»"),
    (re.compile(r"\bthis (?:coming )?afternoon\b"), "today «p:afternoon»"),
    (re.compile(r"\besta tarde\b"), "today «p:tarde»"),
    (re.compile(r"\bthis evening\b"), "today «p:evening»"),
    (
        re.compile(
            r"\b(?:in the )?(?:(?<!good )mornings?)\b|\b(?:por|en|a|de|durante) las? mananas?\b|"
            r"(?<!esta )(?<!pasado )\bla manana(?= del?\b)"
        ),
        "«p:morning»",
    ),
    (re.compile(r"\b(?:in the )?(?<!good )afternoons?\b"), "«p:afternoon»"),
    (
        re.compile(
            r"\b(?:por|en|a|de|durante) las? (?:tardes?|tardecita)\b|\bla tarde(?= del?\b)|(?<=manana )tarde\b"
        ),
        "«p:tarde»",
    ),
    (
        re.compile(
            r"\b(?:in the )?(?<!good )evenings?\b|\b(?:at night|(?<=tomorrow )night|(?<=day )night)\b"
        ),
        "«p:evening»",
    ),
    (re.compile(r"\b(?:por|en|a|de) las? noches?\b"), "«p:noche»"),
)
