"""Greetings that take back what every call must say first: that it is an AI, how to stop it, that it is recorded.

Pure. What is said first is the law's (voiceagents.opening names it); a greeting behind it that denies it makes it a
lie. Phrases that people would use for that are known, in English and Spanish; whoever hides a denial well gets past.
"""

import re
import unicodedata

_HUMAN = r"(?:(?:real|actual|live|human|flesh and blood)\b|person\b|human being)"
_UNREAL = r"(?:ai|a i|artificial|robot|bot|machine|computer|automated|virtual|recorded message)\b"
_PERSONA = r"(?:persona(?: (?:real|humana|de verdad|de carne y hueso))?|humano|humana|ser humano)\b"
_IRREAL = r"(?:robot|maquina|ia|i a|bot|grabacion|inteligencia artificial|asistente (?:virtual|de voz|automatico))\b"

# What is denied, in words for whoever wrote it, and how it is denied; read folded (_plain).
_DENIALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile("|".join(patterns)))
    for what, patterns in (
        (
            "that an AI is calling",
            (
                rf"\b(?:i am|im|this is|its|it is|we are|were) (?:really |actually |just |in fact )*(?:an? )?{_HUMAN}",
                rf"(?<!not )\b(?:talking|speaking|chatting) (?:to|with) (?:an? )?{_HUMAN}",
                rf"\b(?:not|isnt|arent|aint|no|never) (?:really )?(?:an? )?{_UNREAL}",
                r"\b(?:not|isnt|no) (?:a )?recording\b(?! you| us| this| the| our)",
                rf"(?<!no )\bsoy (?:realmente )?(?:una? )?{_PERSONA}",
                rf"(?<!no )\b(?:esta|estas) hablando con (?:una? )?{_PERSONA}",
                rf"(?<!no )\b(?:le|te) (?:llama|habla) una {_PERSONA}",
                rf"\bno (?:soy|es|somos|le llama|le habla) (?:una? )?{_IRREAL}",
            ),
        ),
        (
            "that people can stop the calls",
            (
                r"\b(?:cannot|can not|cant|may not|no way to|unable to|wont be able to|impossible to) "
                r"(?:opt out|stop (?:us|our|the|these)|unsubscribe|be removed|end (?:our|these|the) calls)",
                r"\b(?:do not|dont|never|no need to|no use) (?:press|pressing|push|dial)"
                r"(?: the)?(?: key| number)? (?:9|nine)\b",
                r"\b(?:9|nine) (?:does|will do|do|doesnt do) (?:nothing|not|anything)",
                r"\b(?:9|nine) (?:doesnt|wont|does not|will not) (?:work|stop|help|do)",
                r"\b(?:do not|dont) say stop\b",
                r"\bno opt ?out\b",
                r"\bno (?:se )?(?:puede|puedes|podra|podras|es posible|hay (?:forma|manera|modo) de) "
                r"(?:darse de baja|darte de baja|parar|detener|evitar|dejar de recibir)",
                r"\bno (?:pulse|pulses|marque|marques|presione|oprima|apriete)(?: el| la tecla)? (?:9|nueve)\b",
                r"\b(?:9|nueve) no (?:sirve|funciona|hace nada)",
            ),
        ),
        (
            "that the call is recorded",
            (
                r"\b(?:calls?|conversation|this|it|we|were|you|youre|i|im)(?: is| are| am| will| do)? "
                r"(?:not|never|isnt|arent|wont|dont) (?:be |being |actually |really )*record(?:ed|ing)?\b",
                r"\b(?:nobody|no one) (?:is recording|records)\b",
                r"\bno (?:se|le|la|lo|te|esta|estamos|siendo) (?:esta |estamos )?(?:graba|graban|grabando|grabada)\b",
                r"\bnadie (?:la |lo |le |te |nos )?(?:esta )?graba(?:ndo)?\b",
            ),
        ),
        (
            "what was said before it",
            (
                r"\b(?:just|only) (?:kidding|joking)\b",
                r"\b(?:ignore|disregard|forget|never mind) (?:all )?"
                r"(?:that|the above|what (?:i|was|you)|everything|the previous|the disclaimer|the disclosure)\b",
                r"\b(?:that|this|it) (?:was|is) (?:a |only a |just a )?(?:joke|lie)\b",
                r"\b(?:not true|untrue)\b",
                r"\bes (?:una )?(?:broma|mentira)\b",
                r"\b(?:ignore|olvide|ignora|olvida|no haga caso (?:a|de)) (?:lo anterior|lo que|todo|eso|esto)\b",
                r"\bno es (?:verdad|cierto)\b",
            ),
        ),
    )
)


def denied(greeting: str) -> str:
    """What the greeting denies of the words before it, "that an AI is calling"; empty when nothing."""
    plain = _plain(greeting)
    return next((what for what, pattern in _DENIALS if pattern.search(plain)), "")


def _plain(text: str) -> str:
    """Lower case letters and digits, one space between words, without accents and apostrophes."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c) and c not in "'’‘`´")
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())
