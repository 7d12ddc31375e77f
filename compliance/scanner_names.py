"""Is a business named in this text? By its capitals, or by its place in the sentence where capitals say nothing."""

import re
import unicodedata


def _fold(word: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c)
    ).strip("'’.-")


def _words(listed: str) -> frozenset[str]:
    return frozenset(map(_fold, listed.split()))


# Words that are written with a capital and name no business.
_NEVER = _words(
    """
    i id im ive ill you your yes no sí si we us our my me he ai ia sms mms stop help tcpa fcc ftc dnc atds
    cfr gdpr rgpd lopd ssl terms term privacy policy policies notice conditions condition service services
    use uses agreement statement disclosure disclaimer consent consents cookies cookie legal marketing
    partners partner affiliates affiliate third party parties do not call list registry telephone consumer
    protection act federal national state states united america american usa california florida texas
    english spanish january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday submit send continue get started next
    required optional click here signature date name email phone number numbers number(s) mobile address
    placeholder text message messages msg data rates apply reply baja alto cancel end quit unsubscribe
    internet express written prior telemarketing sales rule a an the this that these and or of to for in
    on at by from with is are be as if any all it its can may will has have does términos terminos
    condiciones servicio servicios política politica privacidad aviso protección proteccion datos usted
    ustedes ud uds usd ley orgánica organica reglamento general españa espana robinson lista
    consentimiento acuerdo cláusula clausula número numero teléfono telefono enviar continuar nombre firma
    fecha correo los las el la un una y o de del en con por para que nos nuestros nuestras nuestro nuestra
    sus su mi mis socios terceros whatsapp hipaa pin url website web captcha recaptcha faq phi kyc crm
    us-based pm am est pst esp ee uu x agree receive calls authorize clicking acepto autorizo robocall
    robocalls voice voz keep help tell send let give show remind check
    """
)
# Words for a kind of business: they name one only beside a name.
_KINDS = _words(
    """
    company companies business businesses seller sellers provider providers clinic practice school
    university college store dealership dealer dealers agency firm bank group team office center centre
    location brand brands owner owners merchant client customer customers user users member members
    patient patients consumer agent agents representative representatives advisor advisors specialist
    specialists insurer insurers lender lenders contractor contractors subsidiary subsidiaries successors
    assigns vendor vendors network organization someone anyone staff people person persons insurance solar
    home auto health medical dental local licensed participating trusted selected multiple other various
    up several four five ten three two one more sites site app page form box button automated automatic
    dialing system systems technology artificial prerecorded recorded intelligence generated assistant
    computer virtual live phone products product offers offer promotions promotional purchase purchases
    goods property empresa empresas negocio clínica clinica compañía compania vendedor proveedor
    proveedores tienda agencia banco grupo equipo oficina centro marca cliente clientes usuario paciente
    agente agentes asesor asesores representante representantes aseguradora aseguradoras prestamista
    filiales colaboradores universidad escuela gimnasio entidad entidades sociedad comercial comerciales
    seguros salud locales hasta cuatro cinco tres varias varios otras otros cualquier quien titular
    responsable organización organizacion alguien nadie personas persona compra venta anuncios promoción
    promociones ofertas productos pregrabada inteligencia llamada llamadas mensajes texto marcación
    automática automático sistema tecnología telefónicas mercadotecnia publicidad publicitarias
    promocionales telefónica automáticas información novedades calls call texts messages emails
    communications them they him her
    """
)
# Only for text without telling capitals: everything else that may stand after "from" or "by".
_COMMON = _words(
    """
    which who whom whose where when how what there here above below provided entered behalf time times now
    then day days week year any anytime using via through about regarding including such also only just
    each every some most many few both either neither own same so than too very new news special great
    free best more information updates contact contacting contacted telephoned typing checking ticking
    pressing signing submitting tapping selecting purchasing buying ordering making giving hand mail post
    texting replying saying telling emailing law rules regulations myself yourself condition agreeing
    choosing pre recorded synthetic simulated voices human humans device devices software machine bot bots
    robots robot reminders appointment appointments bookings services area my your their his near nearby
    real estate mortgage loan loans energy roofing plumbing correo electrónico escrito texto voz parte
    ellos ellas ello nombre ahora momento lo le les se al me te acuerdo forma manera medio mediante uso
    usando sobre según modo tipo cada todo todos todas esta este estas estos ese esa eso aquí arriba abajo
    dicho dicha baja compra recibir llamar llamarme ordenador máquina voces artificiales ia ai sintética
    generada generadas marketing telemarketing contacto citas recordatorios cita bienes ningún ninguna
    cualquiera ser estar ya no si sí teléfono móvil celular indicado facilitado proporcionado
    colaboradoras afiliados socios aliados datos vida hogar luz gas energía interés telefonía condición
    servicio servicios temporada escribir dar recordarme ofrecerme informarme contratar comprar más
    """
)
_LEGAL_FORM = re.compile(
    r"\b[A-Z0-9][\w&'’.-]*,? (?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|PLC|LLP|P\.C|PLLC|GmbH|"
    r"S\.? ?L\.? ?U?|S\.? ?A\.?(?: de C\.? ?V)?|SRL|SAS)\b"
)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?!www\.)[a-z0-9-]{2,40}\.(?:com|net|org|io|co|es|mx|us|co\.uk)\b(?!/)", re.I
)
_QUOTED = re.compile(r"[\"“«][^\"”»“«]{0,80}[\"”»]|(?<!\w)['‘][^'’‘]{1,60}['’](?!\w)")
_BUTTON = re.compile(
    r"\b(?i:click(?:ing|s)?(?: on)?|press(?:ing)?|tap(?:ping)?|select(?:ing)?|hit(?:ting)?|"
    r"push(?:ing)?|pulsa(?:r|ndo|s)?|pulse|"
    r"clic en|clicar|presion(?:ar|a|e)|botón|button|reply(?:ing)?|responda|texting|diga|say(?:ing)?)"
    r"(?: (?i:on|the|el|botón|button|en|a))*((?: (?!I\b|Yo\b)[A-ZÁÉÍÓÚÑ][\w'’-]*){1,5})"
)
_LINK = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_TOKEN = re.compile(r"[^\W_][\w&'’-]*|[,.:;()]")
_CALLER = re.compile(
    r"\b(?:from|by|behalf of|authori[sz]e|authori[sz]ing|allow|permit|permission to|de|autorizo a|"
    r"autoriza a|parte de|permiso a)"
    r" (?=((?:[^\s,.;:()]+ ?){1,4}))|\b(?:that|que) ((?:[^\s,.;:()]+ ){1,4})(?:may|can|will|me|le|puede|podrá)\b",
    re.I,
)
_SUBJECT = re.compile(r"^\s*((?:[^\s,.;:()]+ ){1,4})(?:may|can|will|has|puede|podrá|tiene)\b", re.I)
_VERBS_AFTER = _words(
    "may can will has would is and puede podrá podra podrán tiene me nos quiere desea wants might"
)
_CONNECTED = frozenset({"and", "&", "y", "e", "of", "de", "the", "del"})


def names_a_business(sentences: list[str]) -> bool:
    """Whether any sentence names one. "We", "the Company", "our partners" and a placeholder name nobody."""
    cleaned = [
        _LINK.sub(" ", _BUTTON.sub(_without_label, _QUOTED.sub(" ", sentence))) for sentence in sentences
    ]
    if any(_LEGAL_FORM.search(sentence) or _DOMAIN.search(sentence) for sentence in cleaned):
        return True
    words = [word for sentence in cleaned for word in _TOKEN.findall(sentence) if word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in words if len(word) > 3)
    longer = sum(len(word) > 3 for word in words)
    telling = 0 < capitals < 0.6 * longer
    if telling and any(map(_capitalised_name, cleaned)):
        return True
    # A text may be written in capitals, or without any, in part or in whole.
    return any(_placed_name(sentence) for sentence in cleaned if not telling or sentence.isupper())


def _without_label(button: re.Match[str]) -> str:
    return button[0][: -len(button[1])]


def _capitalised_name(sentence: str) -> bool:
    """A word with a capital that begins no sentence and is no common word, or a run of them."""
    tokens = _TOKEN.findall(sentence)
    run: list[str] = []
    starts = True
    began = False
    for at, token in enumerate([*tokens, "."]):
        if token[0].isalpha() and any(map(str.isupper, token[:2])):
            if not run:
                began = starts
            run.append(token)
        elif run and not (
            token.lower() in _CONNECTED and at + 1 < len(tokens) and tokens[at + 1][0].isupper()
        ):
            if _is_name(run, began, token):
                return True
            run = []
        starts = token in ".:;("
    return False


def _is_name(run: list[str], began: bool, following: str) -> bool:
    own = [word for word in run if _fold(word).partition("-")[0] not in _NEVER]
    named = [word for word in own if _fold(word) not in _KINDS]
    if began and own[:1] == run[:1] and (len(run) == 1 or following in _VERBS_AFTER):
        # Every sentence begins with a capital: only a caller is a name there.
        return bool(named) and following in _VERBS_AFTER
    if began and len(run) > 1 and named == run[:1]:
        return len(own) > 1 or run[0].endswith(("'s", "’s"))
    return bool(named) or len(own) > 1


def _placed_name(sentence: str) -> bool:
    # "By typing my name" names nobody.
    found = [
        match[1] or match[2]
        for match in _CALLER.finditer(sentence)
        if not (match[0].lower().startswith("by ") and re.match(r"\w+ing\b", match[1]))
    ]
    if subject := _SUBJECT.match(sentence):
        found.append(subject[1])
    known = _NEVER | _KINDS | _COMMON
    for phrase in found:
        words = [_fold(word) for word in phrase.split()]
        # "from our ..." and "by typing ...": what follows is no name.
        if not words or words[0] in _NEVER | _COMMON:
            continue
        if any(word and word not in known for word in words[:3]):
            return True
    return False
