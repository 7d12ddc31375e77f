"""Whom a caller names: "talk to María, our sales director" is ("María", "sales director")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from voiceagents.understanding.cues import WHEN_WORDS
from voiceagents.understanding.numbers import plain


@dataclass(frozen=True, slots=True)
class Person:
    name: str | None
    role: str | None


_FIELD = (
    r"(?:sales|marketing|purchasing|it|office|general|operations|finance|financial|hr|human resources|"
    r"account|accounts|product|regional|branch|"
    r"store|project|facilities|procurement|commercial|technical|managing|executive|deputy|assistant|vice|"
    r"senior|business|practice|plant|"
    r"shop|warehouse|logistics|accounting|property|area|national|chief|customer service|billing|medical|"
    r"clinic|fleet)"
)
_AREA = (
    r"(?:ventas|compras|marketing|finanzas|operaciones|recursos humanos|rrhh|administracion|tienda|"
    r"proyectos?|sistemas|informatica|contabilidad|"
    r"logistica|oficina|area|departamento|la oficina|la tienda|la empresa|taller|comunicacion|produccion|"
    r"calidad|mantenimiento|tecnologia|obra|turno|planta|almacen|personal|prensa|it)"
)
_ROLE = re.compile(
    rf"\b(?:(?:{_FIELD} ){{0,2}}(?:director|manager|president|ceo|cfo|cto|coo|owner|boss|partner|assistant|"
    rf"supervisor|secretary|receptionist|accountant|superintendent|principal|treasurer|dispatcher|scheduler|caretaker|"
    rf"buyer|administrator|coordinator|founder|bookkeeper|foreman|(?:{_FIELD} )lead|(?:{_FIELD} )officer)|"
    rf"(?:head|vp|vice president|director|chief) of (?:the )?{_FIELD}(?: department)?|vp|"
    rf"(?:direct(?:ora?)|gerente|jef[ea]|encargad[oa]|responsable|duen[oa]|propietari[oa]|soci[oa]|"
    rf"administrador[a]?|secretari[oa]|coordinador[a]?|presidente|presidenta)"
    rf"(?: (?:general|comercial|financier[oa]|tecnic[oa]|regional|nacional|"
    rf"ejecutiv[oa]))?(?: del? {_AREA})?)\b"
)
_KIN = re.compile(
    r"\b(?:wife|husband|son|daughter|brother|sister|colleague|coworker|co-worker|mother|father|"
    r"decision[- ]maker|business partner|neighbou?r|friend|roommate|girlfriend|boyfriend|fiancee?|mom|dad|"
    r"mum|"
    r"nephew|niece|uncle|aunt|cousin|lawyer|attorney|broker|landlord|tenant|nurse|doctor|technician|engineer|"
    r"gestora?|asesora?|contable|recepcionista|vecin[oa]|prim[oa]|ti[oa]|cunad[oa]|suegr[oa]|novi[oa]|pareja|"
    r"amig[oa]|tecnic[oa]|ingenier[oa]|"
    r"esposa|esposo|marido|mujer|hij[oa]|herman[oa]|companer[oa]|colega|madre|padre|abogad[oa])\b"
)
_DEPARTMENT = re.compile(
    r"\b(?:in|from|de|en) (accounting|purchasing|sales|marketing|procurement|finance|billing|hr|it|"
    r"operations|ventas|compras|contabilidad|finanzas|administracion)\b"
)
_LEAD = re.compile(
    r"\b(?:(?:talk|speak|chat|check|deal) (?:to|with)|ask for|get (?:a ?hold of|in touch with)|"
    r"reach out to|call|reach|contact|try|ring|phone|you want|you need|handled by|that would be|"
    r"that's|that is|it's|his name is|her name is|name is|name's|called|named|is|habl\w+ con|"
    r"pregunt\w+ por|llam\w+ a|contact\w+ (?:a|con)|comuni\w+ con|se llama|"
    r"su nombre es|es|lo lleva|la lleva|lleva eso|con|number for|number of|numero de|telefono de|"
    r"belongs to|expect)(?: (?:instead|directly|mejor|directamente|is))?,? "
    r"(?:(?:(?:mi|my|our|the|nuestr[oa]|la|el|su|a|al|mr|mrs|ms|dr|don|dona|senor|senora)\.? ){0,2})"
)
_WORD = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñüA-Z'’-]+"
_NAME = re.compile(rf"{_WORD}(?: (?:de |del |la )?{_WORD}){{0,2}}")


_A_NUMBER = re.compile(r"\d{3}")
_CONTRACTED = re.compile(r"(?:i|s?he|it|that|we|you|they|there|who|what)'")
# A capital here begins a sentence and says nothing.
_STARTS = re.compile(r"(?:^|[.!?:]) *[\"“¿¡]*$")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_NAMES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december yes no ok okay well sure sorry hello hi thanks please call
    ring try ask tell my our the her his she he they i it's its that's this that so but and or at on in
    lunes martes miercoles jueves viernes sabado domingo si bueno vale claro llame llamele hable pregunte mi
    su el la es lo le de a un una gracias central eastern pacific mountain better actually maybe let you we
    him them me us back again later tomorrow today there here not what when who how fine great good right
    perfect interested busy other best another mine mr mrs ms dr sr sra don dona senor senora mister miss
    you we give speak reach hable pregunte contacte mejor eso ese esa el los las buenas mire oiga
    """
)
_SPOKEN_NAME = re.compile(r"[a-z]+(?: [a-z]+)?")
_FUNCTION_WORDS = (
    _NOT_NAMES
    | WHEN_WORDS
    | _words(
        """
    other best free new old same oficina casa trabajo movil celular fijo telefono numero extension otro otra
    someone somebody anyone with to for at number phone cell about your more another one nobody only just
    really very going her's boss manager director owner husband wife partner colleague assistant secretary
    department office team people home work mobile extension line house after before around next first all
    any now mine out off up
    """
    )
)


def find_person(text: str) -> Person | None:
    """The person somebody points to and, when said, the role; None when nobody is named."""
    folded = plain(text)
    role = _ROLE.search(folded) or _KIN.search(folded)
    name, position = _name(text, folded, role)
    department = _DEPARTMENT.search(folded, position) if name else None
    said = text[role.start() : role.end()] if role else department[1] if department else None
    return Person(name, said.lower() if said else None) if name or said else None


def _name(text: str, folded: str, role: re.Match[str] | None) -> tuple[str | None, int]:
    starts = [match.end() for match in _LEAD.finditer(folded)]
    if role:
        # "our sales director, María" and "my boss is Carlos"
        beside = re.compile(r"(?:,| is| es)? ?(?:called |named |mr\.? |mrs\.? |ms\.? |don |dona )?").match(
            folded, role.end()
        )
        starts.append(beside.end() if beside else role.end())
        before = [m for m in _NAME.finditer(text[: role.start()]) if _is_name(m[0])]
        if before and re.fullmatch(
            r"(?:,| -)?(?: (?:is|es|who is|que es|he's|she's|she is|he is))?(?: (?:our|my|the|a|"
            r"nuestr[oa]|mi|la|el|su))?,? ?",
            folded[before[-1].end() : role.start()],
        ):
            return before[-1][0], before[-1].start()
    for start in starts:
        found = _NAME.match(text, start)
        if found and _is_name(found[0]):
            return _trim(found[0]), start
    inside = [
        found
        for found in _NAME.finditer(text)
        if _is_name(found[0]) and not _STARTS.search(text[: found.start()])
    ]
    if inside and (role or _A_NUMBER.search(text)):  # capitals say it alone
        return _trim(inside[0][0]), inside[0].start()
    if re.search(r"[A-Z]", re.sub(r"\bI\b", "", text)[1:]):
        return None, 0
    for start in starts:  # speech recognition without capitals
        spoken = _SPOKEN_NAME.match(folded, start)
        if (
            spoken
            and spoken[0].split()[0] not in _FUNCTION_WORDS
            and re.match(
                r"(?:,| (?:our|at|on|in|the|she|he|her|his|my|number|al|en|es|la|el|nuestr|director|is))",
                folded[start + len(spoken[0].split()[0]) :],
            )
        ):
            first = spoken[0].split()[0]
            if (
                len(first) > 2
                and not _ROLE.match(folded, start)
                and not _KIN.match(folded, start)
                and not re.match(r"[a-z]+ (?:and|or)\b", folded[start:])
            ):
                return text[start : start + len(first)].title(), start
    return None, 0


def _is_name(name: str) -> bool:
    first = name.split()[0]
    acronym = first.isupper() and len(first) < 4
    contracted = _CONTRACTED.match(plain(first))
    return not (acronym or contracted or plain(first) in _NOT_NAMES or _ROLE.fullmatch(plain(name)))


def _trim(name: str) -> str:
    words = name.split()
    while len(words) > 1 and plain(words[-1]) in _NOT_NAMES:
        words.pop()
    return " ".join(words)
