"""What an utterance is for, by its wording: English and Spanish together, first match wins. Opt-outs are not here:
compliance.optout hears them before any brain does.
"""

import re
import unicodedata
from typing import Literal

Intent = Literal[
    "voicemail",
    "screening",
    "hold",
    "spanish",
    "robot",
    "who",
    "online",
    "source",
    "abuse",
    "transfer",
    "colleague",
    "callback",
    "wrong_person",
    "repeat",
    "reschedule",
    "message",
    "book",
    "bye",
    "question",
    "yes",
    "no",
    "greeting",
    "none",
]

_TABLE: list[tuple[Intent, str]] = [
    (
        "voicemail",
        r"(please|may|just) (leave|record) (a|your|me a|us a)( \w+)? ?(message|name)|"
        r"\b(leave|record) (a|your)( \w+)? (message|name and number) (after|at|and|with)\b|"
        r"after the (tone|beep)|"
        r"at the (tone|beep)|reached the (voice ?mail|mailbox)|(you have|youve|"
        r"you ve) reached (the )?(voice ?mail|mailbox)|"
        r"mailbox (is full|of)|voice ?mail (box|system|of)|forwarded to (an automatic )?voice|"
        r"(is|are) not available to (take|answer) (your|the) call|cant (take|come to) (your call|the phone)|"
        r"press (1|one) (to|for) .*(message|callback)|deje (su|un|tu) mensaje|despues (del tono|"
        r"de la senal)|buzon de voz",
    ),
    (
        "screening",
        r"(say|state|record|tell me) your name( and|,)|call (screening|assist)|screening (service|this call)|"
        r"google assistant|virtual assistant .*(call|screen)|may i (ask|tell (them|him|her)) who(s|"
        r" is)? calling|"
        r"who(s| is) calling and (why|what)|reason for (your|the) call\b|diga su nombre( y|,)|"
        r"quien (le )?llama y (por|para) que|"
        r"motivo de (su|la) llamada",
    ),
    (
        "hold",
        r"stay on the line|(please )?(hold on|hold the line|hang on|one (moment|second|sec|minute)|"
        r"just a (moment|second|sec|minute))"
        r"\b(?!.*\?)|let me (get|put|grab|find|check)|connecting you|transferring you|"
        r"(un|deme un) (momento|segundo|momentito)\b(?!.*\?)|espere\b|no cuelgue|le (paso|comunico)",
    ),
    (
        "spanish",
        r"\b(no hablo ingles|habla espanol|hablan espanol|en espanol|speak spanish|in spanish|"
        r"spanish please)\b",
    ),
    (
        "robot",
        r"\b(are|r) (you|u|this)( \w+)? (a |an )?(real|human|robot|machine|bot|ai|computer|recording|"
        r"person|automated|artificial)|"
        r"is (this|it) (a |an )?(real|human|robot|machine|bot|ai|computer|recording|automated|live)|"
        r"(am i (talking|speaking) (to|with)) (a |an )?(real|human|robot|machine|bot|ai|person|computer)|"
        r"sound like a (robot|machine|computer)|you(re| are) (a )?(robot|bot|machine)|chat ?gpt|"
        r"\b(es|eres) (usted )?(un |una )?(robot|maquina|persona|humano|humana|grabacion|contestadora|ia|real)|"
        r"hablo con (un |una )?(robot|maquina|persona|humano)|persona (real|de verdad)\?",
    ),
    (
        "online",
        r"(where|how|can i|could i|is there|do you have|what).*\b(object|objection|my consent|who called|complain)\b.*"
        r"\b(online|on the (web|internet)|(web ?)?(site|page))\b|"
        r"(where|is there|do you have).*\b(online|on the (web|internet)|(web ?)?(site|page))\b.*\b(object|my consent|"
        r"who called)|"
        r"(donde|como|puedo|hay|tienen).*\b(oponerme|oponga|objetar|mi consentimiento|quien (me )?llamo)\b.*"
        r"\b(internet|en linea|(pagina|sitio)( web)?|web)\b|"
        r"(donde|hay|tienen).*\b(internet|en linea|pagina|sitio|web)\b.*\b(oponerme|oponga|objetar|mi consentimiento|"
        r"quien (me )?llamo)\b|"
        # The opening names it: "or ask for our web page".
        r"\b(what|whats|which|where|wheres|give me|tell me|send me|get|want|like|need|ask for|asking for|repeat|spell|"
        r"address of|link to)\b.{0,30}\b(your|the|that|opt ?out) (opt ?out )?(web ?)?page\b|"
        r"^(and |ok |okay |so |yes |please |uh |um )*(the |your |that |a )?(web ?page|page)( please| again)?\W*$|"
        r"\b(cual|donde|deme|dame|denme|digame|dime|quiero|quisiera|necesito|pido|repita|repite|direccion de|"
        r"enlace a)\b.{0,30}\b(la|su|esa|pagina) (pagina\b|web\b|de bajas\b)|"
        r"^(y |pues |si |ok |por favor )*(la |su |esa |una )?pagina( web)?( de bajas)?( por favor)?\W*$",
    ),
    (
        "source",
        r"(how|where) did you (get|find|obtain) (my|this)|who gave you my|why do you have my|where.* (my|"
        r"this) number from|"
        r"(como|donde|de donde) (consiguio|consiguieron|obtuvo|obtuvieron|tienen|tiene|saco|sacaron) mi|"
        r"quien le dio mi",
    ),
    (
        "abuse",
        r"\b(fuck|fucking|bitch|asshole|piece of shit|motherfucker|cunt|screw you|go to hell|"
        r"puta|puto|pendejo|pendeja|chinga|mierda|cabron|vayase al (diablo|carajo))\b",
    ),
    (
        "transfer",
        r"(speak|talk|connect me|put me through|transfer me|transfer)( me)? (to|with) (a |an |the |some|your )?"
        r"(human|person|real|someone|somebody|manager|supervisor|representative|agent|operator|"
        r"receptionist|staff|team|doctor|office)|"
        r"\b(representative|operator|real person|human being|live person)\b( please)?|can i (speak|"
        r"talk) (to|with)|transfer me|"
        r"(hablar|comuniqueme|comunicarme|paseme|pasar) con (un|una|el|la|alguien|su|otra)|"
        r"con (una persona|un humano|un representante|un agente|alguien de verdad)|paseme (a|con)",
    ),
    (
        "colleague",
        r"(call|contact|try|reach|speak to|talk to|ask) (my|our|the) (colleague|wife|husband|assistant|"
        r"manager|boss|partner|"
        r"coworker|co worker|office|secretary|mother|father|son|daughter|brother|sister)|not the right person|"
        r"(his|her|their) (number|cell|extension) is|"
        r"(llame|hable|contacte) (a|con) (mi|nuestro|nuestra) \w+|su numero es|"
        r"no soy la persona (indicada|adecuada|correcta)",
    ),
    (
        "message",
        r"(leave|take|give (them|him|her)|pass on|pass along) (a |the |this )?message|tell (them|him|her|"
        r"the (doctor|team|office)) (that|to|i)|"
        r"(dejar|dejarle|tomar|dar|tome) (un |el |este )?(mensaje|recado)|digale que|diga(le)?s? que",
    ),
    (
        "callback",
        r"\b(call|ring|phone|try|reach)( me| us)?( back)? ?(again|back|later|tomorrow|tonight|"
        r"another time|next|on|at|in|this|"
        r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|around|after|before)\b|call me\b|"
        r"\b(im|i am|were|we are) (busy|driving|at work|in a meeting|in the middle|eating|with a client|"
        r"working)|"
        r"in the middle of (something|a)|(not|isnt|bad|is not) (a |the )?(good|best|right|great)? ?(time|"
        r"moment)\b|"
        r"cant (talk|speak) (right )?now|dont have (time|a minute)( right)? ?now|\b(another|"
        r"some other) time\b|maybe later|"
        r"(llameme|llamame|llamar|marqueme|llame|llamen|vuelva a llamar|devuelvame)( \w+){0,3} "
        r"(luego|despues|manana|mas tarde|el|la|otro|en|a las|por la|lunes|martes|miercoles|jueves|viernes)|"
        r"estoy (ocupad[oa]|manejando|conduciendo|trabajando|en una (junta|reunion))|"
        r"no (puedo|es buen momento|es un buen)( hablar)?( ahora)?|ahora no puedo|mas tarde|en otro momento",
    ),
    (
        "repeat",
        r"^(sorry |excuse me |pardon |wait )*(what|pardon|huh|come again|excuse me|sorry)\??$|(say|"
        r"repeat) (that|it)( again)?|"
        r"what did you say|didnt (catch|hear|get|understand)|(cant|cannot|couldnt) (hear|understand)|speak up|"
        r"(puede|podria) repetir|repita|repitalo|^(perdon|como|mande|que)\??$|como dice|como dijo|"
        r"no (le )?(entendi|escuche|oigo|entiendo)",
    ),
    (
        "reschedule",
        r"\b(reschedule|move|change|cancel)( \w+){0,2} (appointment|booking|visit|meeting)|"
        r"(cambiar|mover|cancelar)( \w+){0,2} (cita|reserva|reunion)",
    ),
    (
        "book",
        r"\b(book|schedule|make|set up|need|want|like|get|have)( \w+){0,3} (appointment|booking|visit|"
        r"meeting|check ?up|cleaning|slot|"
        r"reservation|consultation)|^(an )?appointment\b|sign me up|come in\b|"
        r"(hacer|agendar|sacar|programar|quiero|quisiera|necesito|reservar|pedir|"
        r"me gustaria)( \w+){0,3} (cita|reunion|visita|consulta|reserva)|"
        r"^una cita\b",
    ),
    (
        "who",
        r"who(s| is| are)? (this|calling|you|that|there|it)|what company|who do you (work for|represent)|"
        r"what(s| is)? (this|it|the call) (about|regarding|for)|why (are|r) you calling|what do you want|"
        r"where are you calling from|(which|what) (business|company|place)|"
        r"quien (es|habla|llama)|de que (se trata|empresa|compania)|de donde (llama|me llama|habla)|"
        r"por que (me )?llama|que (quiere|desea|se le ofrece)|para que (me )?llama|con quien hablo",
    ),
    (
        "bye",
        r"\b(good ?bye|bye|bye bye|see you|have a (good|nice|great)|gotta go|(have|got) to go|talk later|"
        r"take care|"
        r"adios|hasta luego|hasta pronto|nos vemos|tengo que (irme|colgar))\b|(i think )?we(re| are) done",
    ),
]
_COMPILED = [(intent, re.compile(pattern)) for intent, pattern in _TABLE]
_YES = re.compile(
    r"^(oh |well |um |uh |ok |okay |si |yes )*(yes|yeah|yep|yup|sure|ok|okay|right|correct|exactly|"
    r"absolutely|definitely|of course|please|"
    r"go ahead|fine|sounds good|perfect|great|alright|all right|thats right|that is right|that works|"
    r"it is|i do|i would|speaking|"
    r"i have a minute|si|claro|por supuesto|correcto|exacto|de acuerdo|bueno|esta bien|perfecto|asi es|"
    r"digame|dele|adelante|vale|"
    r"por favor|como no|soy yo)\b"
)
_NO = re.compile(
    r"^(oh |well |um |uh |sorry )*(no|nope|nah|not really|not (now|today|yet)|thats all|that is all|"
    r"nothing( else)?|im good|"
    r"no gracias|nada( mas)?|eso es todo|ninguna|todavia no|ahora no|wrong|incorrect|incorrecto)\b"
)
_QUESTION = re.compile(
    r"\?|^(what|when|where|how|which|who|why|do|does|can|could|is|are|would|will|did)\b|"
    r"\b(que|cuando|donde|como|cual|cuanto|cuantos|tienen|puedo|aceptan|ofrecen|hacen)\b.*\?|"
    r"tell me (about|more)|i wonder"
)
_GREETING = re.compile(
    r"^(hi|hello|hey|good (morning|afternoon|evening)|hola|buenos dias|buenas|bueno|alo|diga)\b"
)
_DENIED = re.compile(
    r"^(no|nope|sorry)?,? ?(this|that) (is not|isnt) (him|her|he|she)|(he|she) (is not|isnt) (here|in|"
    r"home|available)|"
    r"(no (esta|se encuentra))\b"
)


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and punctuation, question marks kept."""
    folded = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = re.sub(r"['’ʼ`´]", "", folded)
    return re.sub(r"\s+", " ", re.sub(r"[^\w?]+", " ", folded)).strip()


def intent_of(text: str) -> Intent:
    """The one purpose of an utterance that counts most."""
    said = plain(text)
    if not said:
        return "none"
    for intent, pattern in _COMPILED:
        if pattern.search(said):
            return intent
    if _DENIED.search(said):
        return "wrong_person"
    if _QUESTION.search(said) and not _YES.match(said):
        return "question"
    if _NO.match(said):
        return "no"
    if _YES.match(said):
        return "yes"
    if _GREETING.match(said):
        return "greeting"
    return "none"


def agrees(text: str) -> bool | None:
    """Yes, no, or neither."""
    said = plain(text)
    if _NO.match(said):
        return False
    return True if _YES.match(said) else None


_SPANISH_WORDS = """
    hola si gracias por favor buenos buenas dias tardes quiero quisiera necesito hablo habla espanol que
    quien como cuando donde el la los las un una es esta estoy soy tengo puede cita manana lunes martes
    miercoles jueves viernes sabado domingo llame llamame llameme pero muy bien para con mi su usted
    nombre numero correo no digame claro adios bueno momento ahora despues luego semana tarde noche hora a
    las de del y
"""
_ENGLISH_WORDS = """
    the is are you i my me what who how when where hello hi yes no thanks thank please call am to and of
    for in on at it this that have has can do does not want need would like sure okay ok bye good time
    later your with a
"""
_SPANISH = frozenset(_SPANISH_WORDS.split())
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def language_heard(text: str, hint: str = "") -> str | None:
    """ "en" or "es" when the words (or the carrier's own guess, `hint`) say so clearly; None when they do not."""
    said = plain(text).replace("?", "").split()
    spanish = sum(word in _SPANISH for word in said)
    english = sum(word in _ENGLISH for word in said)
    if any(c in text for c in "¿¡ñ"):
        spanish += 2
    if spanish > english and spanish >= 2:
        return "es"
    if english > spanish and english >= 2:
        return "en"
    return hint if hint in ("en", "es") and len(said) >= 2 and spanish == english else None
