"""When somebody wants to be called: a small grammar of English and Spanish, in place of a general date parser.

General parsers drop hours, answer past days or next year (measured); this one either understands or says None, and
what it answers lies in the future and within 180 days. `clocks` and `dayparts` read times of day, `days` and
`delays` read days, this module decides which mentions count, and `windows` lays them on the calendar.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from voiceagents.understanding.calendar_words import WEEKDAYS, ZONES, one_of
from voiceagents.understanding.clocks import MOST_CHARACTERS, mark_clocks
from voiceagents.understanding.day_phrases import DAY_PHRASES
from voiceagents.understanding.days import take_day
from voiceagents.understanding.heard import Clock, Heard, Mention, Scene
from voiceagents.understanding.numbers import spell_out
from voiceagents.understanding.windows import When, lay

__all__ = ["When", "hear", "parse_when"]

_LATER = re.compile(
    r"(?<!see you )(?<!until )(?<!sooner or )\blater\b(?! (?:than|on that|regret))|"
    r"\bsome ?(?:other )?time\b(?! ago)|\banother (?:time|day|moment)\b|\b(?:an)?other day\b|"
    r"\bin a (?:bit|while|moment|little(?: bit| while)?|few)\b|\ba bit later\b|"
    r"\bmas tard(?:e|ecito|ecita)\b|\ben un (?:rato|ratito|momento|poco)\b|\b(?:dentro de|"
    r"de aqui a) un (?:rato|ratito)\b|"
    r"\botro (?:momento|dia|rato)\b|\bmas adelante\b|(?:llam\w+|marc\w+|marq\w+|habl\w+|intent\w+|"
    r"me llama\w*) (?:luego|despues)\b|(?<!hasta )(?<!desde )\bluego (?:me|lo|te|le|hablamos|llam|"
    r"por favor)|"
    r"\b(?:un )?ratito\b|\bal rato\b|\bwhen (?:i'?m|i am|i get) (?:free|back|home|available)\b|"
    r"\bdown the (?:road|line)\b"
)
_ENTERING = re.compile(r"\b(semana|mes|ano) (?:que entra|entrante)\b")
# "a week on Friday" is a week from Friday
_WEEK_ON = re.compile(rf"\ba week (?:on )?(?=(?:today|tomorrow|{one_of(WEEKDAYS)})\b)")
# Said for another day or time that is read: "not next week, the one after", "manana no, pasado"
_SAID_FOR = (
    (
        re.compile(
            r"\bnot next week,? (?:but )?the (?:week|one) after(?: that)?\b|"
            r"\b(?:la )?(?:semana que viene|proxima semana|semana proxima) no(?: puedo)?,? (?:pero |sino |mejor )?"
            r"(?:en )?la (?:otra|siguiente)\b(?: si)?"
        ),
        "in 2 weeks",
    ),
    (
        re.compile(r"\besta semana no(?: puedo)?,? (?:pero |sino |mejor )?(?:en )?la (?:otra|siguiente)\b"),
        "next week",
    ),
    (re.compile(r"\bnot tomorrow,? (?:but )?the day after\b"), "the day after tomorrow"),
    (re.compile(r"\bmanana (?:no|tampoco),? (?:pero |sino |mejor )?pasado\b(?: manana)?"), "pasado manana"),
    (re.compile(r"\b(?<=the )(?:1st|1th|first|1) of the month\b"), "1st of next month"),
    (re.compile(r"\bgimme\b"), "give me"),
)
_TIME = re.compile(r"«(?:r:(\d\d):(\d\d)-(\d\d):(\d\d)|p:([a-z ]+)|(\d{1,2}):(\d\d)(\?)?)»")
_ZONE = re.compile(
    r"»,? (?:in )?(?:my |our |the |hora (?:de )?|horario )?("
    + one_of(ZONES)
    + r")\b(?! (?:office|station|park|avenue|street))"
)
_AFTER = re.compile(
    r"(?:(?<!not )\b(?:after|past|from|any ?time after|starting(?: at)?|(?<!no )(?<!not )later than|since|"
    r"not before|"
    r"no antes del?|no earlier than|(?:don'?t|do not|never|not) (?:call|ring|"
    r"phone)(?: me)?(?: back)? (?:before|until|"
    r"till)|no me (?:llames?|llamen) (?:antes de|hasta)|a partir de|despues de|desde|pasadas|gets? (?:off|"
    r"home|back|out)(?: [a-z]+){0,3} at|clock(?:s|ing)? (?:out|off) at|"
    r"shift ends at|finish(?:es)?(?: [a-z]+)? at|(?:salgo|llego|vuelvo|regreso|sale|"
    r"llega|vuelve|termino)(?: [a-z]+){0,4} a|no antes de|"
    r"luego de)(?: las?| about| around)? )$"
)
# "I get off at eight": who leaves work then leaves in the evening
_LEAVES_WORK = re.compile(
    r"\b(?:gets? (?:off|out)(?: [a-z]+){0,3}|clock(?:s|ing)? (?:out|off)|shift ends|(?:salgo|termino)(?: [a-z]+){0,4})"
    r" (?:at|a)(?: las?| about| around)? $"
)
_BEFORE = re.compile(
    r"(?:\b(?:before|by|no later than|not after|antes de|como tarde a|(?:don'?t|do not|never|not) (?:call|"
    r"ring)(?: me)? after|no me (?:llames?|llamen) despues de)(?: las?| about)? )$"
)
_UNTIL = re.compile(r"\b(?:until|till|til|hasta)(?: las?| el| about| next)? $")
_OFF = re.compile(
    r"\b(?:not|isn'?t|can'?t|cannot|can not|won'?t|don'?t|doesn'?t|except|but not|busy|away|"
    r"(?<!back )(?<!reach )out(?! to\b)|"
    r"off|gone|"
    r"unavailable|instead of|rather than|than|avoid|traveling|travelling|working|closed|"
    r"mejor (?:el )?\w+ que|no|ni|nunca|menos|excepto|salvo|ocupad[oa]|fuera|en vez de|en lugar de|"
    r"que no sea|evit\w+|imposible|viajando|trabajo|cerrado|no puedo|no estoy|no estare|"
    r"(?:don'?t|do not|never|no me|no) (?:call|ring|phone|try|contact|text|llam\w+|marqu\w+|"
    r"contact\w+)(?: (?:me|us|back|again|mas))*)"
    r"(?: (?!call|try|ring|but|pero|so|say |good (?!on|at|for|in)|llam|contact|better|mejor|make|let|phone|"
    r"until|hasta|give|reach|"
    r"because|until)[\w']+){0,2} (?:on |at |the |el |la |los |en |por |a |before |antes de )?$"
)
_OFF_AFTER = re.compile(
    r"^(?: «[^»]*»)?(?:'s (?:no|not|bad|out|full|packed|terrible)\b|(?:,)? (?:isn'?t|is not|is no|is bad|"
    r"is terrible|is too|is out|doesn'?t|does not|"
    r"won'?t|is impossible|is full|is packed|i can'?t|i won'?t|is busy|i'?m (?:busy|away|off|out|not|"
    r"traveling)|"
    r"no(?=$|,| puedo| me| va| es| estoy| sirve| trabajo| better| friday| make)|imposible|tampoco|"
    r"esta (?:complicad|mal|dificil)|estoy (?:fuera|ocupad|de viaje)|not good|not great|not so good))"
)
_PAST = re.compile(
    r"(?:\b(?:last|past|since|previous|from last|every|this past|el pasado|la pasada|cada|todos los|was|"
    r"were|ayer|llevo desde|desde el|hace)(?: (?:the|on|el|un|una|los|[a-z]+ed))? )$"
)
_YESTERDAY = re.compile(r"\b(?:yesterday|last night|ayer|anteayer|anoche)\b")
_PAST_AFTER = re.compile(r"^ (?:pasad[oa]|ago|passed|anterior)\b")
# "not before Friday", "no me llame antes del viernes": from then on
_NOT_BEFORE = re.compile(r"(?:\bnot|n'?t|\bno|\bnunca)\b[^,]{0,25}\b(?:before|antes del?)(?: el)? $")
_SAME_TIME = re.compile(
    r"\b(?:the )?(?:same|this) time\b|\b(?:a|sobre|hacia) (?:esta|la) (?:misma )?hora\b(?! de)"
)
# "don't call me until Thursday", "I won't be back till 3": a bound to call after, not a time to avoid
_NOT_UNTIL = re.compile(
    r"(?:don'?t|do not|no me|not|won'?t|no) (?:call|llam\w+|ring|be (?:back|in|free|available|home)|"
    r"available|estar\w*|"
    r"back|estoy|vuelvo)(?:[\w' ]{0,20})(?:until|till|hasta)"
)
# "gracias, hasta el jueves" takes leave
_GOODBYE = re.compile(r"(?:^|gracias|bueno|vale|perfecto|pues|adios|entonces|^,) *,? *hasta (?:el |la )?$")
_THROUGH = re.compile(r"^ ?(?:through|thru|to|until|till|al?|hasta|-)(?: el)? ?$")
_EITHER = re.compile(
    r"^,? ?(?:or|o|u)(?: (?:even|maybe|perhaps|else|quizas?|tal vez|si no))?,?(?: (?:on|at|the|el|la|las|"
    r"a las?|by))? $"
)


def parse_when(
    text: str, reference: datetime, language: str = "en", region: str | None = None
) -> When | None:
    """When the text says, seen from `reference` (aware, in a zoneinfo zone); None when it says nothing usable.

    "3/12" is the 3rd of December unless `region` (default: the language) puts the month first.
    """
    return lay(hear(text, reference.date(), language, region), reference)


def hear(text: str, today: date, language: str, region: str | None = None) -> Heard:
    """Reads what was said about time, leaving out days that were refused or lie in the past."""
    spelled = _ENTERING.sub(r"\1 que viene", spell_out(text[:MOST_CHARACTERS]))
    for said, meant in _SAID_FOR:
        spelled = said.sub(meant, spelled)
    marked = mark_clocks(_WEEK_ON.sub("1 week from ", spelled))
    scene = Scene(today, language, region)
    heard = Heard()
    busy_until: Mention | None = None
    taken: Mention | None = None
    refused_time_of: Mention | None = None
    for mention in _mentions(marked):
        before = marked[max(0, mention.start - 60) : mention.start]
        after = marked[mention.end : mention.end + 30]
        clause = re.split(r"[.;!?]|,(?! «)", before)[-1]
        if (
            _PAST.search(clause)
            or _YESTERDAY.search(clause)
            or _PAST_AFTER.match(after)
            or _is_second_choice(taken, mention, marked)
        ):
            continue
        bound = mention.kind == "time" and (_AFTER.search(before) or _BEFORE.search(before))
        if not bound and _UNTIL.search(clause):
            if _GOODBYE.search(before) and not after.strip(" .!"):
                continue
            if not _NOT_UNTIL.search(clause):
                busy_until = mention
                continue
        elif not bound and mention.kind != "delay" and not _NOT_BEFORE.search(clause):
            if _OFF_AFTER.match(after) and after.startswith(" «"):
                refused_time_of = mention
            if _OFF.search(clause) or _OFF_AFTER.match(after):
                continue
        _take(heard, mention, scene, before)
        taken = mention
    if refused_time_of is not None and heard.has_time and not heard.has_day:
        _take(heard, refused_time_of, scene, "")  # "tomorrow morning is bad, the afternoon is fine"
    if heard.empty and busy_until is not None:  # busy until then, so to be called from then on
        _take(heard, busy_until, scene, "after " if busy_until.kind == "time" else "")
    if heard.day is not None and not heard.has_time and _SAME_TIME.search(marked):
        heard.days_on = (heard.day - today).days
    heard.later = not (heard.has_day or heard.has_time or heard.delay) and bool(_LATER.search(marked))
    if zone := _ZONE.search(marked):
        heard.zone = ZoneInfo(ZONES[zone[1]])
    return heard


def _is_second_choice(taken: Mention | None, mention: Mention, marked: str) -> bool:
    """ "Monday or Tuesday", "Monday through Friday" are Monday: the first choice that was not refused."""
    if taken is None or (taken.kind == "time") != (mention.kind == "time"):
        return False
    between = marked[taken.end : mention.start]
    return bool(_EITHER.match(between) or (mention.kind != "time" and _THROUGH.match(between)))


def _mentions(marked: str) -> list[Mention]:
    """Every time and day in the order said; where two phrases overlap, the more special one."""
    taken = bytearray(len(marked))
    mentions: list[Mention] = []
    for kind, pattern in (("time", _TIME), *DAY_PHRASES):
        for match in pattern.finditer(marked):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                mentions.append(Mention(match.start(), match.end(), kind, match))
    return sorted(mentions, key=lambda mention: mention.start)


def _take(heard: Heard, mention: Mention, scene: Scene, before: str) -> None:
    if mention.kind == "time":
        _take_time(heard, mention.match, before)
    else:
        take_day(heard, mention, scene, before)


def _take_time(heard: Heard, match: re.Match[str], before: str) -> None:
    h1, m1, h2, m2, part, hour, minute, bare = match.groups()
    if part:
        heard.part = part
        beside_a_time = re.search(r"«\d[^»]*»[^«]{0,12}$", before)
        if heard.clock and not heard.clock.bare and heard.span is None and not beside_a_time:
            heard.clock = None
        return
    heard.delay = None
    if h1:
        heard.span, heard.clock = (int(h1) * 60 + int(m1), int(h2) * 60 + int(m2)), None
    else:
        how = "after" if _AFTER.search(before) else "before" if _BEFORE.search(before) else "at"
        at = int(hour)
        if bare and at < 12 and _LEAVES_WORK.search(before):
            at, bare = at + 12, ""
        heard.clock, heard.span = Clock(how, at, int(minute), bool(bare)), None  # type: ignore[arg-type]
