"""Times of day as people say them, turned into tokens that `dates` can read.

`mark_clocks("tomorrow at 3:30 pm")` is `"tomorrow at «15:30»"`. A token is `«HH:MM»` when the half of the day
was said, `«H:MM?»` when it was not, `«r:HH:MM-HH:MM»` for a span, `«p:morning»` for a part of the day.
"""

from __future__ import annotations

import re

from voiceagents.understanding.calendar_words import WEEKDAYS, one_of
from voiceagents.understanding.dayparts import PART_PHRASES

_AM = (
    r"a\.? ?m\b\.?|in the morning|de la manana|por la manana|de la madrugada|en la manana|"
    r"(?=(?:this|tomorrow) morning)"
)
_PM = (
    r"p\.? ?m\b\.?|in the (?:early |late )?(?:afternoon|evening)|at night|tonight|de la tarde|"
    r"por la tarde|de la noche|por la noche|del mediodia|en la tarde|"
    r"en la noche|(?=(?:this|tomorrow) (?:afternoon|evening|night))"
)
_HALF = rf"(?: ?(?:o'? ?clock|sharp|en punto|-?ish|horas|hrs|h\b))?(?:,? ?(?P<am>{_AM})|,? ?(?P<pm>{_PM}))?"
NOT_A_COUNT = (
    r"(?! ?(?:days?|weeks?|months?|hours?|minutes?|mins?|years?|times|people|percent|%|dollars|euros|"
    r"bucks|dias|semanas|meses|minutos|anos|"
    r"veces|personas|locations|employees|of (?:us|them|my)|or \d+ (?:days|weeks|minutes|hours)|more|other|"
    r"calls|llamadas|cosas|opciones|oficinas|kids|"
    r"ninos|hijos|points?)\b|\d|/|-\d|th\b|st\b|nd\b|rd\b|[.,]\d{3}| de (?:enero|febrero|marzo|abril|mayo|"
    r"junio|julio|agosto|sep|octubre|noviembre|diciembre))"
)


def _minutes(word: str | None) -> int:
    return (
        {None: 0, "": 0, "media": 30, "half": 30, "cuarto": 15, "quarter": 15, "a quarter": 15}.get(word, -1)
        if (word is None or not word.isdigit())
        else int(word)
    )


def _token(hour: int, minute: int, am: bool, pm: bool, raw: str = "") -> str:
    if minute < 0:
        hour, minute = hour - 1, minute + 60
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return raw
    if hour > 12 or hour == 0:
        return f"«{hour % 24:02d}:{minute:02d}»"
    if pm:
        return f"«{hour % 12 + 12:02d}:{minute:02d}»"
    if am:
        return f"«{hour % 12:02d}:{minute:02d}»"
    return f"«{hour}:{minute:02d}?»"


def _halves(match: re.Match[str]) -> tuple[bool, bool]:
    groups = match.groupdict()
    return groups.get("am") is not None, groups.get("pm") is not None


def bare_hour(hour: int) -> int:
    """The hour meant when no half of the day was said: 1-7 afternoon, 8-11 morning, 12 noon."""
    return hour + 12 if 1 <= hour <= 7 else hour


def _range(match: re.Match[str]) -> str:
    g = match.groupdict()
    first, last = int(g["a"]), int(g["b"])
    first_minute, last_minute = _minutes(g.get("am1")), _minutes(g.get("bm"))
    if first > 24 or last > 24 or max(first_minute, last_minute) > 59 or min(first_minute, last_minute) < 0:
        return match[0]
    if last > 12 or last == 0:
        end = last % 24
    elif g.get("pm"):
        end = last % 12 + 12
    elif g.get("am"):
        end = last % 12
    else:
        end = bare_hour(last)
    first_half = re.sub(r"[^apm]", "", g.get("ah") or "")[:2]
    if first > 12 or first == 0:
        start = first % 24
    elif first_half:
        start = first % 12 + (12 if first_half == "pm" else 0)
    else:
        fits = [h for h in (first % 12, first % 12 + 12) if (h, first_minute) < (end, last_minute)]
        start = max(fits) if fits else first
    if (start, first_minute) >= (end, last_minute):
        return match[0]
    return f"{g.get('lead') or ''}«r:{start:02d}:{first_minute:02d}-{end:02d}:{last_minute:02d}»"


_H = r"(?P<a>\d{1,2})(?:(?::|\.| y | )(?P<am1>\d{2}|media|cuarto)\b)?(?P<ah> ?[ap]\.? ?m\b\.?)?"
_H2 = rf"(?P<b>\d{{1,2}})(?:(?::|\.| y | )(?P<bm>\d{{2}}|media|cuarto)\b)?{NOT_A_COUNT}{_HALF}"
_RANGES = (
    re.compile(
        rf"(?P<lead>\b(?:tomorrow|today|manana|hoy|{one_of(WEEKDAYS)}),? ){_H} ?(?:to|a(?! las?)|-|until|till|"
        rf"hasta) ?(?:las? )?{_H2}"
    ),
    re.compile(
        rf"\b(?:between|from|entre|de|desde|anytime from|any time between) (?:las? |"
        rf"the hours of )?{_H} ?(?:and|to|y|a|hasta|until|till|-|or) ?(?:las? )?{_H2}"
    ),
    re.compile(
        r"\b(?P<a>\d{1,2})(?::(?P<am1>\d{2}))?(?P<ah> ?[ap]\.? ?m\b\.?)? ?(?:-|to|until|till|"
        r"or) ?(?P<b>\d{1,2})(?::(?P<bm>\d{2}))? ?(?:(?P<am>a\.? ?m\b\.?|in the morning)|"
        r"(?P<pm>p\.? ?m\b\.?|in the afternoon|in the evening))"
    ),
)


def _past_to(match: re.Match[str]) -> str:
    am, pm = _halves(match)
    minutes = _minutes(match["m"])
    hour = int(match["h"])
    if hour > 12 or not 0 < minutes < 60:
        return match[0]
    if match["way"] in ("past", "after", "y"):
        return _token(hour, minutes, am, pm, raw=match[0])
    hour_before = 12 if hour == 1 else hour - 1
    return _token(hour_before, 60 - minutes, am and hour != 12, pm or (am and hour == 12), raw=match[0])


def _about_noon(match: re.Match[str]) -> str:
    minutes = _minutes(match["m"])
    return f"12:{minutes:02d} pm" if match["way"] in ("past", "after") else f"11:{60 - minutes:02d} am"


def _clock(match: re.Match[str]) -> str:
    g = match.groupdict()
    am, pm = _halves(match)
    hour, minute = int(g["h"]), _minutes(g.get("m"))
    if minute < 0 or minute > 59:
        return match[0]
    if g.get("less"):
        hour, minute = (hour - 1 or 12), 60 - _minutes(g["less"])
    token = _token(hour, minute, am, pm, raw=match[0])
    return (g.get("lead") or "") + token


_LEAD_EN = (
    r"(?P<lead>\b(?:at|around|about|by|after|before|until|till|til|past|make it|make that|say|like|"
    r"let's say|sorry,?|i mean,?|perdon,?|digo,?|since|not before|toward|towards|near|for|"
    r"a eso de|desde|hasta|sobre|hacia|tipo|como a|from) )"
)
_MINUTE = r"(?:[:.h](?P<m>\d{2})\b)"
_ADDRESS = (
    r"(?! (?:\w+ )?(?:street|st|avenue|ave|road|rd|drive|lane|main|boulevard|dollars|euros|bucks|people|"
    r"units|calle)\b)"
)
_RULES = (
    (
        re.compile(
            r"(?P<lead>\b(?:at|around|about|by|after|before|a las) )(?P<h>0\d|1\d|2[0-3])(?P<m>[0-5]\d)\b"
            rf"(?: hours| hrs| horas)?{_ADDRESS}{_HALF}"
        ),
        _clock,
    ),
    (
        re.compile(
            rf"\b(?:at |around |about |by )?(?P<m>half|(?:a )?quarter|\d{{1,2}}) (?:minutes )?(?P<way>past|"
            rf"after) (?P<h>\d{{1,2}})\b{_HALF}"
        ),
        _past_to,
    ),
    (
        re.compile(
            rf"\b(?P<m>(?:a )?quarter|\d{{1,2}} minutes|cuarto|\d{{1,2}}(?= para)) ?(?P<way>to|til|till|"
            rf"before|of|para) (?:las? )?(?P<h>\d{{1,2}})\b{_HALF}"
        ),
        _past_to,
    ),
    (re.compile(rf"\b(?:at|around|about) (?P<m>5|10|20|25) (?P<way>to) (?P<h>\d{{1,2}})\b{_HALF}"), _past_to),
    (
        re.compile(
            rf"\b(?P<lead>)las? (?P<h>\d{{1,2}})(?:(?: y |:|\.| con | ?h ?| )(?P<m>media|cuarto|\d{{1,2}})\b|"
            rf" menos (?P<less>cuarto|\d{{1,2}}))?{NOT_A_COUNT}{_HALF}"
        ),
        _clock,
    ),
    (
        re.compile(
            rf"\b(?P<lead>)(?P<h>\d|1[0-2])(?: y (?P<m>media|cuarto|\d{{1,2}})| menos (?P<less>cuarto|"
            rf"\d{{1,2}}))?(?= (?:de|por) la (?:manana|tarde|noche|madrugada)){_HALF}"
        ),
        _clock,
    ),
    (
        re.compile(
            rf"\b(?P<lead>)(?P<h>\d{{1,2}})(?: y (?P<m>media|cuarto)| menos (?P<less>cuarto))\b{_HALF}"
        ),
        _clock,
    ),
    (
        re.compile(rf"\b(?P<lead>)(?P<h>\d{{1,2}})(?::| ?h ?)(?P<m>\d{{2}})(?![\d/])(?!\w(?<![ap])){_HALF}"),
        _clock,
    ),
    (
        re.compile(
            rf"\b(?P<lead>)(?P<h>\d{{1,2}})[ .](?P<m>\d{{2}})(?= ?[ap]\.? ?m\b| in the | tomorrow| on |"
            rf"$){_HALF}"
        ),
        _clock,
    ),
    (re.compile(rf"{_LEAD_EN}(?P<h>\d{{1,2}})[ .-](?P<m>\d{{2}})\b{NOT_A_COUNT}{_HALF}"), _clock),
    (
        re.compile(rf"\b(?P<lead>)half (?P<h>\d{{1,2}})(?P<half>)\b{_HALF}"),
        lambda m: _token(int(m["h"]), 30, *_halves(m), raw=m[0]),
    ),
    (
        re.compile(
            r"(?<!dentro de )(?<!\ben )(?<!unas )(?<!aqui a )\b(?P<lead>)(?P<h>\d{1,2})(?= ?(?:o'? ?clock|"
            r"sharp|en punto|-?ish\b|horas\b|hrs\b|h\b|[ap]\.? ?m\b|in the (?:morning|afternoon|evening)|"
            r"at night|tonight))" + _HALF
        ),
        _clock,
    ),
    (re.compile(rf"{_LEAD_EN}(?P<h>\d{{1,2}})\b{NOT_A_COUNT}{_HALF}"), _clock),
    (
        re.compile(rf"(?P<lead>\b(?:tomorrow|today|manana|hoy),? )(?P<h>\d{{1,2}})\b{NOT_A_COUNT}{_HALF}"),
        _clock,
    ),
    (
        re.compile(
            rf"\b(?P<lead>)(?P<h>\d{{1,2}}){NOT_A_COUNT}(?= (?:tomorrow|today|manana|on \w+day|would be|"
            rf"works|is (?:fine|good|better|perfect)|suits))"
        ),
        _clock,
    ),
)
# "half past noon", "a quarter to noon"
_ABOUT_NOON = re.compile(
    r"\b(?P<m>half|(?:a )?quarter|\d{1,2}) (?:minutes )?(?P<way>past|after|to|till?|before) (?:12 )?(?:noon|mid ?day)\b"
)
# "after 2 but before 4"
_AFTER_BEFORE = re.compile(
    rf"\b(?:after|past|from|despues de|pasadas|a partir de|desde) (?:las? )?{_H},? (?:but |and |pero |y )?"
    rf"(?:before|until|till|no later than|antes de|hasta|no mas tarde de) (?:las? )?{_H2}"
)
# Of one turn: minutes of speech, and fewer than there are private characters to mark with.
MOST_CHARACTERS = 5000
_NOON = re.compile(r"\b(?:12 )?noon\b|(?<!\d del )\bmedio ?dia\b|\bmid ?day\b|\b12 del medio ?dia\b")
_TOKEN = re.compile(r"«[^«»]{4,30}»")
_HIDDEN = re.compile("[\ue000-\uf8ff]")
_TWO_PART = re.compile(
    r"(?P<a>«\d{1,2}:\d\d\??») ?(?:and|to|y|a|hasta|until|till|-) ?(?:las? )?(?P<b>«\d{1,2}:\d\d\??»)"
)


def mark_clocks(spelled: str) -> str:
    """The spelled-out text with every time of day replaced by its token."""
    kept: list[str] = []

    def keep(found: str) -> str:
        # a token read by a later rule would be read twice: it waits as one private character
        return _TOKEN.sub(_hide, found)

    def _hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return chr(0xE000 + len(kept) - 1)

    def show(text: str) -> str:
        return _HIDDEN.sub(lambda m: kept[ord(m[0]) - 0xE000], text)

    text = _HIDDEN.sub(" ", spelled).replace("«", " ").replace("»", " ")[:MOST_CHARACTERS]
    text = _NOON.sub("12:00 pm", _ABOUT_NOON.sub(_about_noon, text))
    for pattern in (_AFTER_BEFORE, *_RANGES):
        text = keep(pattern.sub(_range, text))
    for rule, replace in _RULES:
        text = keep(rule.sub(replace, text))
    text = keep(_TWO_PART.sub(_join, show(text)))
    for word, token in PART_PHRASES:
        text = keep(word.sub(token, text))
    return show(text)


def _join(match: re.Match[str]) -> str:
    before = match.string[max(0, match.start() - 12) : match.start()]
    if not re.search(r"(?:between|from|entre|de|desde|any ?time) $", before):
        return match[0]
    read = re.compile(r"(\d{1,2}):(\d\d)(\?)?")
    (h1, m1, bare1), (h2, m2, bare2) = read.findall(match["a"])[0], read.findall(match["b"])[0]
    end = bare_hour(int(h2)) if bare2 else int(h2)
    start = int(h1)
    if bare1:
        fits = [h for h in (start % 12, start % 12 + 12) if (h, int(m1)) < (end, int(m2))]
        start = max(fits) if fits else start
    return f"«r:{start:02d}:{m1}-{end:02d}:{m2}»" if (start, m1) < (end, m2) else match[0]
