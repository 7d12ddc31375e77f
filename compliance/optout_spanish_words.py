"""Spanish word classes and phrase macros of `compliance.optout`; the notation is that of"
    " `compliance.optout_grammar`.

Words are folded: lower case, no accents ("llamó" and "llamo" are one word, "más" is "mas", "niña" is "nina").
"""

from __future__ import annotations

_CLITICS = ("", "me", "nos", "lo", "la", "le", "los", "las", "les", "se", "te", "os")


def _ar(stem: str, soft: str = "") -> dict[str, list[str]]:
    """The forms of a regular verb in -ar that matter; `soft` is the stem before e ("marqu" for "marcar")."""
    soft = soft or stem
    return {
        "SUBJ": [soft + end for end in ("e", "es", "en", "eis")]
        + [stem + end for end in ("ara", "aras", "aran", "arais", "ase", "asen")],
        "INF": [f"{stem}ar{clitic}" for clitic in _CLITICS],
        "GER": [f"{stem}ando{clitic}" for clitic in _CLITICS],
        "PRES": [stem + end for end in ("a", "as", "an", "ais", "aban", "aron")],
        "DONE": [f"{stem}ad{end}" for end in ("o", "a", "os", "as")],
    }


def _er(stem: str, subjunctive: str = "") -> dict[str, list[str]]:
    subjunctive = subjunctive or stem
    return {
        "SUBJ": [subjunctive + end for end in ("a", "as", "an", "ais")]
        + [stem + end for end in ("iera", "ieran", "ieras", "iesen")],
        "INF": [f"{stem}{vowel}r{clitic}" for vowel in "ei" for clitic in _CLITICS],
        "GER": [f"{stem}iendo{clitic}" for clitic in _CLITICS],
        "PRES": [stem + end for end in ("e", "es", "en")],
        "DONE": [f"{stem}id{end}" for end in ("o", "a", "os", "as")],
    }


_CONTACT = [
    *[
        _ar(stem)
        for stem in (
            "llam",
            "yam",
            "contact",
            "molest",
            "telefone",
            "habl",
            "fastidi",
            "acos",
            "mand",
            "envi",
        )
    ],
    *[_ar(stem) for stem in ("incordi", "hinch", "timbr", "mensaje", "spamme", "agobi", "texte", "perturb")],
    *[_ar("marc", "marqu"), _ar("busc", "busqu"), _ar("hostig", "hostigu"), _ar("ching", "chingu")],
    *[_ar("comunic", "comuniqu"), _ar("chinch"), _ar("atosig", "atosigu")],
    *[
        _er("insist"),
        _er("escrib"),
        _er("jod"),
        _er("romp"),
        _er("ofrec", "ofrezc"),
        _er("vend"),
        _er("persig"),
    ],
]


def _forms(mood: str) -> str:
    return " ".join(dict.fromkeys(form for verb in _CONTACT for form in verb[mood]))


CLASSES: dict[str, str] = {
    "LLAME": _forms("SUBJ") + " llamn llamm hablarme embromen embrome",
    "LLAMAR": _forms("INF"),
    "LLAMANDO": _forms("GER"),
    "LLAMAN": _forms("PRES"),
    "LLAMADO": _forms("DONE"),
    "ANYLLAME": "LLAME LLAMAR LLAMANDO LLAMAN LLAMADO",
    "CLIT": "me nos lo la le los las les se te os",
    "RELLENO": "CLIT m por favor favor ya mas nunca jamas nadie usted ustedes vos tu que de a ni"
    " siquiera nos mismo tampoco"
    " otra vez es que estar este esten estes estar seguir siga sigan sigas sigais vuelva vuelvan vuelvas"
    " volvais volver"
    " volvieran volviera volvieras volviesen intente intenten anden ande andes siguen sigue sigues se"
    " hoy tanto"
    " dejen quiero pueden puede poder tener por tienen tiene",
    "LLAMADAS": "llamada llamadas yamadas yamada mensaje mensajes publicidad propaganda sms correos"
    " comunicaciones comunicacion"
    " llamados llamado contacto spam telemarketing promociones ofertas whatsapps telefonazos marketing"
    " calls llamaditas"
    " comerciales publicitarias publicitarios",
    "BORRA": "borr- elimin- quit- quito retir- tach- exclu- suprim- saqu- saca- sacad- remov- remuev-"
    " descart- deset-"
    " remove destruy- excluy- olvid- pierd- bloque- bloquee- anul- desech-",
    "QUITARLISTA": "BORRA salir salgo salga sal bajar bajeme bajenme bajame bajen baje baja",
    "MICOSA": "numero numeros telefono telefonos celular cel movil fijo nombre datos contacto"
    " informacion linea registro cuenta"
    " mail correo ficha",
    "LISTA": "lista listas listado base bases sistema sistemas registro registros agenda archivo"
    " archivos contactos"
    " directorio fichero ficheros padron campana listin ahi aca alli datos list suscripcion",
    "MI": "mi mis este esta estos nuestro nuestra nuestros ese el los la su sus de",
    "DEJA": "dejn aflojen afloja afloje bajenle chole pararan dejaran deje dejen deja dejes dejad dejas"
    " dejan dejar dejaran dejara dejasen dejaras dejarian dejaria deje dejeis dejemos"
    " pare paren para parad pares parar paran cese cesen cesar cesad basta dejese dejense termine"
    " terminen detengan detenga"
    " abstenganse absten- evite eviten evita evitar eviten evitad parenle parele",
    "DIA": "lunes martes miercoles jueves viernes sabado sabados domingo domingos finde festivos"
    " feriados puente festivo",
    "PARTE": "manana mananas tarde tardes noche noches madrugada mediodia siesta tardecita nochecita",
    "QUIERE": "quiero quiere queremos quieren quisiera deseo desea deseamos desean querria querriamos"
    " quisieramos queria"
    " gusta gustaria interesa necesito necesita acepto aceptamos permito consiento autorizo autorizamos"
    " tolero pienso"
    " autorice autorizado permitimos acepta atiendo atendemos recibo recibimos pedi solicite pido"
    " pedimos hacemos hago"
    " querer quise aguanto soporto",
    "PIDE": "pido pide pedimos ruego rogamos solicito solicitamos exijo exigimos agradeceria agradezco"
    " agradeceriamos"
    " suplico prefiero preferiria preferimos prefeririamos dije dicho digo dijimos decir pedi pedido"
    " pedimos pedirle"
    " pedirles repito repetido decirle decirles quiero quisiera necesito gustaria espero ordeno quieren"
    " quiere"
    " encantaria advierto anote anoten apunte apunten anota apunta diciendo pidiendo implora imploro"
    " demando avisado"
    " avise agradecido avisamos mejor tengo ojala",
    "NOES": "no nunca jamas ni tampoco sin ningun ninguna",
    "MAS": "mas nunca jamas nuevo vez otra ya vida",
    "INVITANDO": "pero mejor y o bueno si pues entonces ok vale por favor porfa no gracias perdon disculpe solo"
    " quizas tal vez mire oiga ya",
    "LLAMEME": "llameme llamame llamenme llamadme llamenos llamanos llamennos marqueme marcame marquenme marquenos"
    " contacteme contactame contactenme hableme hablame hablenme intente intentelo pruebe escribame escribeme"
    " busqueme busquenme devuelvame",
    "MES": "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
    "HORA": "NUM una dos tres cuatro cinco seis siete ocho nueve diez once doce mediodia",
    "USAR": "use usen uses usa usar usarlo usarla usando usad useis",
    "TEMPORADA": "semana mes verano invierno primavera otono ano",
    "TITULO": "doctor doctora licenciado ingeniero senora senor senorita don dona joven amigo"
    " amiga jefe jefa mijo mija abuela abuelo chico chica guapa"
    " guapo carino reina rey corazon amor cielo loco loca gordo gorda viejo vieja asi",
    "FAMILIA": "mama papa madre padre esposo esposa marido mujer hijo hija abuela abuelo ella el"
    " hermano hermana tia tio"
    " suegra suegro pareja casa empresa jefe",
    "AUTORIDAD": "profeco consumo aepd condusef sic indecopi sernac agencia policia defensoria fiscalia"
    " facua ocu"
    " superintendencia proteccion abogado abogada abogados juzgado tribunal ministerio fcc ftc enacom"
    " subtel crc",
    "DENUNCIA": "denuncia denuncias denunciar denunciarlos denunciarles denunciarte denunciarle"
    " denunciare denuncio"
    " denunciamos denunciados denunciaremos reportar reportarlos reportare reporto reportarte"
    " reportarlo demandar"
    " demandarlos demando demandare demanda demandarte demandarle reclamar reclamacion queja quejarme"
    " quejare reclamo"
    " reportados denunciado demandados denunciarlo denunciaros reportando denunciando reportarles",
    "OTRACOSA": "cita citas turno turnos pedido pedidos reserva reservas reunion orden ordenes articulo"
    " producto servicio"
    " contrato poliza plan visita compra seguro gimnasio internet revista cargo cebolla luz descuento"
    " muela diente"
    " mensaje factura matricula cuota curso clase sesion tarjeta pago linea viaje vuelo hotel"
    " habitacion mancha"
    " recibo membresia foto tatuaje punto puntos yeso primero segundo tercero anterior duplicado"
    " dolor copago recargo iva multa cobro direccion opcion",
}

MACROS: dict[str, str] = {
    "CUANDO": """
        !mas|nunca por|en|a|de|durante la|las|esta|estas? PARTE|siesta|comida|cena
        tan|muy|demasiado temprano|tarde|pronto|seguido|noche
        temprano
        antes de|del
        despues de|del !hoy|esto
        a partir de
        entre las|semana
        pasadas|pasada|sobre|hasta las|la|el|que|manana|despues|pasado|DIA|NUM|MES
        los|el|este|en DIA
        en|los fin|fines|finde|finales
        al mediodia|anochecer|amanecer
    a|en|durante|fuera|de ..1 la|las|estas|esta|esa|esas|horas|horario|mi|deshoras ( \
        hora|horas|horario|una|dos|tres|cuatro|cinco|seis|siete | \
        ocho|nueve|diez|once|doce|NUM|siesta|trabajo|descanso )
        a|en horas|horario|deshoras
        durante|mientras
        cuando estoy|este|trabajo|como|duermo|manejo|estemos|estamos
        ahora|ahorita|hoy|manana
        en este|ese|estos momento|momentos|instante
        esta|la|este semana|mes|noche|tarde|manana proxima|que?
        al|en|a|durante el|la|mi? trabajo|oficina|almuerzo|cena|comida|partido|misa|clase
    """,
    "LUEGO": """
        luego|despues|manana|tarde|pronto|hoy
        ( el|los|en|este|a|de|por|la|las|partir|esta|pasado|al )* !PHONE DIA|MES|PARTE|HORA|TEMPORADA
        mas|un|dentro|en|otro|otra ..3 \
        tarde|rato|momento|dia|dias|hora|horas|minutos|semana|semanas|mes|meses|ano
        cuando ..1 quiera|pueda|guste|este|estemos|vuelva|llegue|salga
    """,
    "SIN_AMENAZA": """
        (?! ..3 y|o ..2 los|le|les|te|veras|vera|veran|denuncio|voy )
    """,
    "NIMAS": """
        (?! ;? ni|y|o ..2 nunca|jamas|mas|tampoco|otro|hoy|manana|pasado|ningun )
    """,
}
