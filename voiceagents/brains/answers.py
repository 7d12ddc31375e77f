"""Answers from the business details by word overlap: no model, nothing invented, English and Spanish.

Business details are lines "topic: answer" and free sentences. A question finds the line that shares the most telling
words with it; what no line speaks of is not answered.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[a-z0-9ñ]+")
_STOP_WORDS = """
    a an and are as at be but by can could did do does for from get give has have how i if in is it its
    just me my of on or our please she so tell than that the their them there they this to us was we what
    when where which who why will with would you your about any some know want need like much many okay ok
    yes no hi hello well um uh al algo como con cual cuales cuando cuanto cuantos cuesta de del donde el
    ella en es esta este esto hay la las le les lo los me mi mis muy no nos o para pero por porque puede
    puedo que quien quiero se si sin su sus tiene tienen un una unos y ya hola bueno pues usted ustedes
"""
_STOP = frozenset(_STOP_WORDS.split())
# Words that ask for a topic without naming it, in both languages. Each group counts as one word.
_TOPICS = {
    "hours": "hour hours open opening close closed closing time times schedule today tomorrow weekend saturday sunday "
    "late early horario horarios hora horas abren abierto abre cierran cierra cerrado sabado domingo abiertos",
    "address": "where address located location find directions street parking park direccion donde ubicacion ubicados "
    "calle queda llegar estacionamiento",
    "price": "price prices cost costs much charge fee fees expensive cheap pay rate rates precio precios cuesta cuanto "
    "cobran tarifa tarifas vale caro",
    "insurance": "insurance insured coverage cover plan plans seguro seguros aseguranza cobertura",
    "payment": "pay payment card credit cash financing installments pago pagar tarjeta efectivo",
    "services": "service services offer treatments treatment servicio servicios ofrecen tratamiento tratamientos",
    "phone": "phone telephone number reach telefono numero",
    "email": "email mail correo",
    "website": "website web site online internet pagina sitio",
    "staff": "doctor dentist who staff team dr doctora dentista equipo",
    "language": "spanish english language languages espanol ingles idioma idiomas",
}
_TOPIC_OF: dict[str, set[str]] = {}
for _topic, _names in _TOPICS.items():
    for _name in [_topic, *_names.split()]:
        _TOPIC_OF.setdefault(_name, set()).add(_topic)


class Answer(NamedTuple):
    text: str
    score: float


def words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return _WORD.findall(plain)


def _stem(word: str) -> str:
    for ending in ("ciones", "mente", "ings", "ing", "ies", "es", "ed", "s"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def _features(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in words(text):
        found.update(f"#{topic}" for topic in _TOPIC_OF.get(word, ()))
        if word not in _STOP and len(word) > 1:
            found.add(_stem(word))
    return frozenset(found)


class _Line(NamedTuple):
    topic: frozenset[str]
    whole: frozenset[str]
    answer: str


@lru_cache(maxsize=256)
def _lines(details: str) -> tuple[_Line, ...]:
    lines = []
    for raw in details[:20_000].splitlines():
        line = raw.strip(" \t-*•")
        if not line:
            continue
        topic, colon, answer = line.partition(":")
        if colon and answer.strip() and len(words(topic)) <= 12:
            lines.append(_Line(_features(topic), _features(line), _sentence(topic, answer.strip())))
            continue
        for sentence in re.split(r"(?<=[.!?])\s+", line):
            lines.append(_Line(frozenset(), _features(sentence), sentence))
    return tuple(lines)


def _sentence(topic: str, answer: str) -> str:
    """The answer alone when it can stand alone, else with its topic before it."""
    if topic.strip().endswith("?") or len(words(answer)) > 6:
        return answer
    return f"{topic.strip().rstrip('?')}: {answer}"


def answer(question: str, details: str) -> Answer | None:
    """What the business details say to this question; None when nothing in them is about it."""
    asked = _features(question)
    if not asked:
        return None
    best: Answer | None = None
    for line in _lines(details):
        in_topic = asked & line.topic
        # A word that stands there counts more than one that is only about the same.
        score = float(len(in_topic) + sum(1 if word.startswith("#") else 2 for word in asked & line.whole))
        if line.topic:
            score += len(in_topic) / len(line.topic)
        if score and (best is None or score > best.score):
            best = Answer(line.answer, score)
    return best if best and best.score >= 2.0 else None
