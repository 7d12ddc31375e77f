"""Spanish look-alikes of demands; the notation is that of `compliance.optout_grammar`."""

from __future__ import annotations

LOOKALIKES = """
    # asked or told about opting out, not asked for
    no CLIT? ( estoy|estamos|he|hemos|quiero|pedi|pedimos|dije|digo|quise|pido ) ..1 que CLIT? ( \
        DEJA ( de LLAMAR )? | BORRA ..2 | ( den|de ) de baja )
    no CLIT? pido|dicho|digo|pidiendo|diciendo que CLIT? DEJA de LLAMAR
    no CLIT? ( de|den|des|dar|daremos ) de baja
    no ( quiero|queremos|pienso|voy ) a? ( darme|darnos | que me|nos den|de ) de baja
    no quiero hablar de UNK|precio|precios|dinero
    ( puedo|podria|podre|podemos ) darme|darnos? de baja ( \
        despues|luego|cuando | en cualquier | mas tarde|adelante )
    ( como funciona | que pasa | que significa | si me|nos doy|damos ) ..4 ( de baja | darse de baja )
    si me doy de baja
    ( que es | que significa | para que sirve | como funciona | existe ) ..1 ( lista|registro ) ( robinson | de \
        no llamar )?
    lista robinson pero yo no
    por que ( me|nos ) ( quitaron|borraron|sacaron|eliminaron | dieron de baja | dio de baja ) ..4 LISTA?
    por que DEJA de LLAMAR
    por que no ( me|nos ) ( vuelve|vuelven|volvieron|llama|llaman ) ..1 LLAMAR?
    no ( me|nos ) ( volvieron|volvio|vuelven ) a LLAMAR !nunca
    ( nunca|no ) ( me|nos ) devolv- ..2 LLAMADAS
    si ( compro|contrato|firmo|pago|acepto ) ..1 DEJA de LLAMAR
    ( dije|dijo|pidio|pedi|dijeron ) a ( otra|otro|mi|unos ) ..1 que ( no|DEJA|de|CLIT )* ( LLAME|LLAMAR|BORRA )
    ( al|los|la ) ( banco|gas|luz|UNK ) si? ( le|les ) dije que ( no|DEJA|de|CLIT )* ( LLAME|LLAMAR|BORRA )
    ( pidio|pidieron|dijo ) que no ( la|lo ) LLAME y ..1 hicieron
    ( me|nos ) ( dijo|dijeron|dice|aconsejo ) que ( no llamara|llame !mas|nunca | deje|dejara de LLAMAR )
    ordeno que ..1 dejara de ..1
    que bloque- LLAMADAS
    ( hasta cuando|que hora ) puedo LLAMAR
    que no se CLIT? olvid- LLAMAR?
    no es que no ..6
    # "para" before a noun is no verb
    para ( lo|la|el|los|las ) !LLAMADAS|tu|su
    como se da uno? de baja ..4
    baja ( de|en ) la? ( tension|presion|precio|precios|azucar|peso|temperatura )
    # welcome calls
    no ( hay|tengo|veo|tenemos ) ..1 ( problema|inconveniente|objecion ) ( en|con|de|para )? que? ..1 ANYLLAME?
    no me opongo a que me LLAME
    no ( me|nos ) esta|estan molestando
    # one way of contact is refused for another
    no ( CLIT|quiero|me )* ( mande|manden|envie|envien|escriba|escriban|escribas|correos|correo|mensajes|mails ) \
        ( correos|correo|mensajes|mails|cartas|nada )? ;? ( pero|mejor|solo )* (?= LLAMEME|prefiero | llame|llamen $ )
    ( quiteme|borreme|saqueme|quitenme|borrenme ) del correo|boletin|mailing
    ( darme|dame|deme|denme|darnos|dar|darse )? de baja ( de|del|en ) ( la|el|las|los )? \
        !numero|telefono|lista|listas|registro|sistema|LLAMADAS|base|datos \
        boletin|revista|newsletter|correo|correos|noticias|UNK
    DEJA de ( mandarme|enviarme|mandar|enviar ) ( el|la|los|las ) ( UNK|revista|factura|recibo|correo )
    no ( mande|manden|escriba|escriban ) ( correos|correo|mensajes )? (?= ( llame|llamen ) $ )
    nada de correos|mensajes solo LLAMADAS
    esto es ( spam|una estafa ) $
    mas preguntas
    # the bell, the door, a form, another person
    no CLIT? ( toque|toquen|toques|LLAME ) ..2 ( timbre|puerta )
    no CLIT? marque|marques|marquen ( el|la|esa|ese|esta ) ( cero|uno|dos|tres|casilla|opcion|NUM )
    no LLAME ( a|al ) mi|mis|los|las? ( referencias|arrendador|empleador|casero|medico|trabajo )
    no LLAME ( a|al ) ..2 ;? (?= LLAMEME ( a mi | directamente | $ ) )
    ( telefono|celular|movil|estaba|esta|tenia|puesto|puse ) en no molestar
    no molestar decia|dice
    no CLIT? LLAME|hablar|UNK ( tan|mas ) ( rapido|alto|bajo|fuerte|deprisa|despacio )
    no me LLAME de usted
    DEJA de ( hablar|leer|disculparse|disculparte|preocuparse|preocuparte|gritar|interrumpirme|interrumpir ) ..2
    no CLIT? ( mand-|envi-|apunt-|cobr-|program-|agend-|inscrib- ) ..2 todavia|aun
    no ( se encuentra | esta ) ( (?= LLAME|marque|hable|vuelva|intente|llamela|llamelo|ahora|en ) )
    ( no soy quien | yo no ) decide|decido|toma|lleva
    no soy|somos el|la ( titular|dueno|duena ) ;? ( pero|es|soy )
    # another thing to take off, to stop or to complain about
    ( quiero|quisiera|queremos|necesito|gustaria ) dejar de ( pagar|gastar|fumar|perder|rentar|trabajar|preocuparme )
    ( quit-|elimin-|retir-|saqu-|sacar|sacarme ) dinero|presupuesto|impuesto|impuestos
    ( quit-|elimin-|retir-|saqu-|sacar|sacarme ) ( el|la|los|las|un|una ) !todo|toda|todos|nuestro ( \
        UNK|alfombra|humedad|dinero|presupuesto|impuesto|impuestos ) !registros|numero|telefono|lista|telefonico
    ( quit-|rebaj- ) ( un|el )? ( UNK|NUM|cinco|seis|siete|ocho|nueve|diez|once|doce ) por ciento
    ( quit-|sacar|saque|saquen ) a ( mi|la|el ) ..2 ( del|de ) ( la|mi|el )? ( seguro|poliza|cuenta|contrato|plan )
    se CLIT? borr- ( el|la|los|las|su|todo )?
    ( dar|den|de|dado ) de baja ( el|la|los|las|mi|un|una ) !MICOSA|LLAMADAS|LISTA ..1
    dieron|dio de baja ( en|por|del )
    estatura baja
    <!de baja|bajas|bajo por ( la|el|las|los )
    tengo ( un|el )? numero|telefono nuevo
    ( ( correo|pieza|cantidad|talla|factura|medida|respuesta | color ) ) ( esta|es )? equivocado|equivocada
    demandar a ( mi|un|una|el|la )
    ( queja|reclamacion|denuncia|reclamo ) ( del|de|por|contra ) ( el|la|mi|un|una )? UNK
    poner|presentar|meter una? queja|reclamacion|reclamo ( del|por|contra )
    acosan en el|la trabajo|escuela|oficina|calle
    el|la UNK esta bloqueado|bloqueada
    ( papa|mama|padre|madre|esposo|marido|esposa|abuela|abuelo ) ( ya )? ( fallecio|murio ) ( (?= y ..2 ( \
        quiero|herede|heredamos|necesito|queremos|soy|tengo|quisiera ) !que|no|BORRA|darme ) )
    # habla un buzón
    no ..2 ( atender|contestar|responder|coger|tomar ) ( a )? ( su|tu|la|esta|el|al )? llamada|telefono
    # to stop, but not the calls
    ( pare|paren|para|pares|alto|stop|espere|espera ) ( un|una ) ( ( \
        segundo|momento|momentito|minuto|segundito|poco|poquito | rato|instante ) )
    ( pare|para|paren ) ; ( ya encontre|tengo|esta | que|no|pare|para|espere|espera|deje|un|repita )
    ( pare|para|alto ) ; ( cuanto|espere|que|un|no|una|como )
    ( no|nunca|sin|tampoco|jamas ) CLIT? DEJA CLIT? ( de|que ) ( \
        LLAMAR|UNK|avisar|avisarme|venir|mandarme|enviarme | dolerme|llover|sangrar )
    no CLIT? DEJA de !sonar|timbrar|repicar ..1
    ( no|nunca ) pare|pares|paren|detenga|detengas $
    no|nunca pare|pares|paren ; siga
    ( no|nunca ) ( pare|para|paro|paran|puedo|puede ) ( parar )? de UNK|reir|trabajar|llover|sangrar|LLAMADO
    no puedo|pude|podia|puede|sabia|supe ..2 LLAMAR !mas|aqui|a
    no ( me|nos )? ( mande|manden|envie|envien|cobre|corte ) ..2 ( \
        factura|papel|correo|recibo|presupuesto|extra|la|el ) !LLAMADAS
    no tengo ( queja|quejas )
    basta de charla|hablar|rodeos
    la baja laboral|medica|del
    no llame doctor
    nunca dije|dijimos que no
    se detenga|detengas|detenga
    ( deje|dejo|dejar|deja|dejamos ) ( de )? ( fumar|tomar|beber|comer|trabajar|la|el|un|una|mi|su )
    ( deje|dejo|deja|dejen|dejar|dejeme|dejame|dejenme|dejemelo ) ( ( \
        pensarlo|ver|un|una|preguntar|preguntarle|consultarlo | \
        consultar|el|la|su|tu|hablar|que|mensaje|apuntar|buscar | \
        mirar|revisar|saber|dicho|comentarlo|decirle|checar | explicarle ) ) !alone
    dejeme|dejame hablar|terminar
    basta ( con | que | de hablar )
    ( con|ya|solo ) ( eso|esto ) basta
    ( me )? basta con
    de baja por !favor
    de baja ( medica|laboral|maternal|hasta|desde )
    ( estoy|esta|estaba|sigo|estuve ) de baja
    ( estoy|esta|estaba|sigo|estuve|estamos|estan ) dado|dada|dados de baja ( \
        en ( el|mi|su ) trabajo | laboral|medica|medicamente | por ( enfermedad|maternidad|accidente|lesion|estres ) )
    ( presion|tension|planta|temporada|calle|voz|gama|musica|puerta ) ( esta|mas )? ( baja|alta|alto )
    ( dar|darme|darnos|dado|deme|dame|denme|doy ) de alta
    ( dar|darme|dado|den|de ) de baja ( mi|la|el|del|una ) ..1 ( ( \
        linea|internet|servicio|contrato|tarjeta|poliza|gimnasio | \
        seguro|plan|cuenta|luz|gas|agua|alarma|cable \
        ) )
    ( una|hubo|hay ) baja ( de|en|del )
    ( mas|muy|un|el|es|esta ) alto|alta
    # to cancel, remove and take out another thing
    ( ( cancel-|BORRA|quita|quite|quiten|saque|saqueme|sacar | sacaron|eliminaron|anul-|mover|cambi- ) ) ..3 \
        OTRACOSA (?! a|de ..2 LLAMADAS )
    cancel- ..2 suscripcion al|a|de la|el|revista|periodico|canal
    ( saqueme|saque|sacar|sacame|sacarme|saca ) ..1 ( una|un|el|la|de ) ( ( \
        cita|turno|duda|dudas|muela|espera|apuro|copia|cuenta | basura|cuentas|radiografia|foto ) )
    ( no|nunca ) CLIT? ( quit- | borr- | saqu- | elimin- | cancel- | borre | quite | saque | olvide | \
        olvid- | \
        de de baja | pierda | bloque- )
    no quiero|quisiera perder|dejar|cancelar ( mi|la|el|CLIT )?
    no quiero|quisiera que ( mi|la|el|CLIT )* ( cancelen|cancele|quiten|borren|saquen|eliminen|duela|den )
    no quiero|quisiera que ( me|nos )? dejen de ..1
    ( de donde|como ) ( saco|sacaste|sacaron|consiguio|consiguieron|obtuvo|tiene|tienen ) ..2 \
        numero|telefono|datos
    ( tome|toma|tomen|apunte ) ( nota )? ( de )? mi numero|telefono
    ( pierda|perdi|perdio|perder|perdamos ) ( mi|el|la|su|contacto ) ..1 ( \
        cita|turno|pedido|lugar|vuelo|tiempo )
    se olvide|olvides|olviden de !mi|nosotros|este
    no olvide|olvides|olviden
    # to be called by a name, or by somebody else
    no me ( llame|llames|llamen ) UNK ;? ( digame|dime|me|soy|mi )
    no ( me|nos|la|lo|le ) ( llame|llames|llamen|llamaras|diga|digas ) ..1 ( TITULO|CAP )
    no me ( llame|llames|llamen ) ( de usted | de tu | UNK $ | UNK ; | UNK que )
    no me llamo ..2 ;? me llamo
    <!no ( me|se|te ) llamo|llama|llamas !nadie|mas ..1
    ( me|nos ) ( llamo|llamaron|llamaste ) ( de|por|ayer|hoy|un|una|este|nadie|para )
    no ..1 ( he|hemos|ha|recibi|recibimos|tuve|tengo|hay ) ( recibido|tenido )? ( \
        ninguna|ningun|la|su|una|sus \
        )* LLAMADAS ( perdida|suya|de )? $
    no me corte la llamada
    no ( escuche|oi|vi|conteste|atendi ) ..1 llamada
    <!vive|vivia|hay|trabaja|existe nadie ..2 ( llamado|llamo|llama|marco )
    ( no | por que no ) ( me|nos|le|lo|la )? ( han|ha|has|hemos|he|habian|habia ) ( \
        LLAMADO|vuelto|enviado|dicho ) \
        ( a llamar )?
    por que no me|nos? ( llamo|llamaron|llamaste|llama|llaman|llame|llamas|marcaron|avisaron )
    no ( me|nos )? ( ha|han ) ( LLAMADO|llegado ) ..3
    no ( me|nos|le|les )? ( llamo !asi|CAP|UNK | ( llamaron|llamaste|llamas|llamaba|mando|mandaron|enviaron \
        | \
        envio|llego|hablaron|marcaron|contactaron ) ) ..1
    si no ( me|nos )? ( llama|llaman|llamas|contactan|contesto|marcan ) ..2
    yo no llamo
    no ( dude|dudes|duden|olvide|olvides|tarde|tarden|tenga|tengas ) ..2 ( en|de )? ANYLLAME
    no ( me|nos|es|hay )? ( molesta|molestia|importa|moleste ) ( que|si|en|para|LLAME|ninguna )
    perdon|perdone|disculpe|disculpa ( la|las|que|por )? ( molestia|molestias|moleste|molestarlo|molestarla )
    sin molestia
    # about another thing
    ( mi|un|una|el|soy|tengo ) ( abogado|abogada ) ..1 ( ( \
        firma|firmara|recomendo|revisa|revisara|lo|la|para|me \
        | dice|dijo|va|mi|divorcio ) ) !a|llamar|contactar|comunicarse
    ( soy|es|busco|necesito|hijo|hija|quiero ) ..1 ( abogado|abogada|policia )
    ( consulto|consultar|consultarlo|comento|pregunto|preguntar ) ..1 ( a|con ) mi abogado|abogada
    ( hable|hablar ) con mi abogado|abogada sobre|del|por
    DENUNCIA ..3 ( ( robo|accidente|asalto|hurto|reparacion|fuga|averia|choque | \
        perdida|producto|factura|seguro|pedido|servicio|vecino | recibo|dano ) )
    ( se|me ) ( acabo|acaba ) ( la|el|los|mi ) ( bateria|saldo|tiempo|producto|gas|luz|tinta )
    ( murio|murieron|muerto ) ( la|el|mi ) ( bateria|telefono|perro|gato|celular|pila )
    me? equivoque
    no se|sabe|sabemos quien ( lleva|decide|toma|maneja|se|puede|atiende )
    ( ( equivoco|equivocaron|equivocado|equivocada|equivocados | error|mal ) ) ( de|en|con|el ) ( \
        la|el|mi|los \
        )? ( ( factura|talla|fecha|color|producto|pedido|nombre | \
        direccion|precio|cuenta|hora|dia|modelo|sabor|apellido | cantidad|recibo ) )
    ( ( producto|color|pedido|direccion|fecha|nombre|articulo | \
        talla|modelo|precio|factura|apellido|hora|dia|archivo ) ) ( esta|es|estaba|esta|salio|llego )? ( \
        equivocado|equivocada|mal )
    <!no doy mi? consentimiento
    ( sobre|porque|esta|es ) privado
    <!no me gusta|encanta que me LLAME
    ( queja|reclamacion|reclamo|quejarme ) ( sobre|por|del|de|con|contra ) mi|mis|el|la|un|una|los|las \
        !LLAMADAS|ANYLLAME|acoso|insistencia
    ( se|me ) ..1 cort- ( la|las )? LLAMADAS
    vender|comprar|cambiar mi|la|el|una|un|nuestra !numero|lista|base
    que se llame|llamen|llamara CAP|UNK|asi
    # few calls, a call that nobody awaited, a call that is not needed because somebody comes
    no recibo|recibimos ( muchas|tantas|casi )
    casi no recibo|recibimos
    no CLIT? esperaba|esperabamos ..1 LLAMADAS
    no ( hace falta | necesito | es necesario ) que? CLIT? LLAME|LLAMAR ;? ( antes|vengan|venga|yo|voy|paso|pase )
    ( jefe|jefa|doctor|medico|empresa ) CLIT? ( pidio|dijo|prohibio ) que no LLAME a|al ..2
    el|ella le dijo que la|lo ..5
    no digo que no ..4 ;? digo|sino
    <!es|sea|fue la ultima vez que CLIT? ( llamaron|llamo|hablaron|hablamos|vinieron|vino|compre ) (?! y|que|ok )
    ultima duda|pregunta
    segunda|tercera|cuarta vez que ( compro|contrato|uso|pido|voy )
    # leaving is asked about, not asked for
    cuanto cuesta ..2 baja
    ( luego|despues ) quiero|queremos ( darme|darnos ) de baja
    ( o me puedo | puedo luego|despues ) ( dar|darme ) de baja
    no CLIT? ( pedi|solicite|pedimos ) la|mi|una? baja
    quien pidio la|mi|una? baja
    dieron|dio de baja sin
    # tired of another thing, looking for another thing, another thing taken away
    estoy|estamos ( harto|harta|hartos|cansado|cansada|aburrido ) de ( mi|la|el|pagar|tanto|esperar ) \
        !LLAMADAS|ANYLLAME|ustedes|usted|gente|acoso|que ..1
    no ( estoy|estamos|ando|andamos ) buscando
    ya no ;? lo|la|los|las ( vendi|vendimos|tengo|tenemos|necesito|uso )
    bloque- el|la|los? DIA
    quiteme|saqueme un|una ..1
    olvide mi !MICOSA ..1
    ya estuvo el|la|listo|en|aqui
    denuncie ( al|el|la|un|una ) !empresa|compania|numero ..1
    queja fue ..1 contra|por|de
    va contra la norma
    no insista|insistan en el|la precio|descuento
    # a place without something, a thing unknown, a relative who died or moved away and somebody who goes on
    aqui|aca no ( hay !ningun|ninguna|nadie|CAP | es tan|muy|facil ) ..1
    aqui|aca no esta ;? ( vuelve|regresa|llega )
    no conozco|conocemos ( el|la|su|esa|esta ) ( producto|empresa|zona|compania|marca|servicio|oferta|plan )
    mi ..1 ya no vive ( conmigo|aqui )? ;? ( asi|la|somos|entonces|pero )
    ( fallecio|murio ) mi FAMILIA|papa y (?= ..1 herede|heredamos|vendo|vendi|quiero|necesito !que|no )
    equivocad- la|el fecha|hora|talla|direccion|factura
    BORRA de la|el? otra|otro
    ( me|nos ) ( sacaron|quitaron|borraron|dieron ) ( de la otra | del sorteo|seguro )
    ( nunca | nunca mas ) ( contrato|compro|vuelvo ) ..1 los|la otros|otra
    no soy yo ;? ( es|soy mi|la|el | la|el|quien que? )
    saqueme|quiteme|saque el|los|las !MICOSA ..1
    se CLIT olvid- ..2
    olvidelo ; siga
    al juzgado por
    queja en mi|el|la ..1
    no quiero|quisiera molestar|abusar|interrumpir
    no se moleste en !LLAMAR|volver|seguir|insistir
    no se quien ( firma|paga|viene )
    otra vez ustedes ; que ( bueno|gusto )
    como borro|quito|elimino la|el|una|un !MICOSA ..1
    acosan|molestan los|las ( del | de la otra ) ..1
    pesados|pesadas los|las ( del | de la otra ) ..1
    ( los|las ) ( del banco | de la otra ..1 ) son ..2
    mi ..1 no me deja en paz
    ( ninos|perro|ruido ) no me deja|dejan ..1
    fastidio de !LLAMADAS|ustedes|gente
    es ilegal ( poner|estacionar|quemar )
    no se preocupe ( por LLAMAR )? ;? ( no molesta )?
    me puedo dar de baja ( cuando|luego|despues )
    a la hora de ..1 no CLIT? LLAME $
    no pares|pare|paren ( cuentame|cuenteme|sigue|siga )
    no mas ( cafe|azucar|agua|preguntas|dudas )
    no se quien es el|la ( tecnico|encargado|doctor|medico|vendedor )
    ( celular|numero|telefono ) de ella|el es HORA|tres|seis
    no acepta mensajes
    no CLIT? vayan|vaya|vayas a ( quitar|borrar|sacar|cancelar|olvidar ) ..2
    nunca mas CLIT? ( compro|contrato ) ..1
    que? pesados|pesadas los|las ( del | de la otra ) ..1 ;? ustedes no
    numero ..1 no esta disponible en este momento
    no quiero|quisiera dar mi|la|el !numero|telefono|celular tarjeta|UNK
    no CLIT? transfiera|transfieran|pase ..2
    no CLIT? cuelgue|cuelgues|cuelguen|corte|cortes|corten
    # haste, praise and slips
    pare|para|paren|alto ; ( dejeme|deje|deja|mide|es|son|tiene ) ..1
    basta de ( nieve|nevar|lluvia|llover|calor|frio|sol|viento|dieta|risa|vueltas|trafico|platica|charla|precio )
    vete|vaya|vayase|vayan al grano
    olvidelo|olvidalo ; ya|si ( lo|la|voy|vamos|quiero|encontre )
    otra vez usted|ustedes ; digame|pase|que
    ^ carajo|mierda ; ( se me olvid- | llego ..2 | perdi ..2 | que ..2 )
    hasta arriba|cuello|tope de ( trabajo|cosas|pendientes|chamba|tareas|UNK )
    hasta arriba ;? pero
    se? me? ( perdi|perdio|olvido|olvide ) ..4 ;? por eso no CLIT? llame|marque|hable|escribi
    cuantas veces ..3 ( tengo|debo|hay|al|a|puedo|me la ) ( que|dia|la|semana )* ( \
        ir|venir|tomar|pagar|pasar|usar|vienen )?
    confunde|confunden ( la|el|las|los|esta|esto ) !llamada|gente ..1
    no recibo|recibimos sus|los|las|su ..1 ;? ( puede|puedes|podria|me|revise|por|porque )
    no quiero ..4 robot|robots|maquina|maquinas ;? ( quiero|paseme|pasame|mejor|sino ) ..4
    no conozco a nadie que ..3
    no soy|somos el|la ..1 ;? ( pero|soy su|la|el|mi )
    no soy el|la ( paciente|titular|cliente ) ;
    aqui|aca no vive mi ..1 ;? vive
    no vive|trabaja ( aqui|aca|conmigo )? ;? pero yo|si|le|lo|tengo
    lista del? ( super|espera|invitados|camion|compras|regalos|utiles|rifa|escuela )
    quede|quedamos|quedo fuera de ..2
    dije|dijimos que no al|a !LLAMADAS|llamar ..2 y? que? si
    me|nos ( sacaron|quitaron|borraron ) ( de la escuela | de la agenda | del ( curso|equipo|grupo|seguro ) ) ..2
    ( ninos|perro|ruido|dolor|vecino|bebe ) no me|nos deja|dejan ..2
    ^ ( en|durante|a ) ( la|el ) ..1 no CLIT? LLAME ;? ( despues|luego|mejor|mas )? $
    ( no di|doy permiso ) ( para|pa|de ) que? ( cambiaran|cambien|subieran|cortaran|cortar|cambiar|subir|entrar ) ..2
    mi FAMILIA|mama|papa|abuelo|abuela|tio|tia ( fallecio|murio ) y ( \
        vendo|vendemos|herede|heredamos|quiero|queremos|me|nos ) !que|no ..2
    link|enlace|chat|foto|talla|color|pedido|archivo equivocado|equivocada
    no es el|la dueno|duena|titular ;? soy|es
    si pulso|marco|oprimo|apreto|aprieto ..2 ;? no CLIT? llaman|llamaran|llamen mas?
    saqueme|sacame|saquenme del|de apuro|duda|problema|apuros
    no me|nos dejaba|dejaban en paz ;? por eso
    puedo|podria|podemos cancelar|salirme ..3 si|cuando ..4
"""

OTHER_CALLERS = """
    ( otra|otras|otros|otro|anterior|antes|banco|competencia ) !vez|llamada ..12 ;? ..5 \
        ( ustedes|usted|vosotros ) ..4 ( bien|serios|amables|mejor|mejores|si|amable|serio | no $ | otra cosa )
    ( otra|otras|otros|otro|anterior|competencia ) !vez|llamada ..12 ;? ..2 prefiero ..1 ustedes|vosotros
    la|los otra|otros|anterior compania|empresa ( era|eran|llamaba|tenia ) ..3 ;? ..1 no paraban|dejaban de ..1
    los|las de la competencia LLAMAN ..3
    ( a )? los|las ( del | de la? ) ( gas|banco|cable|luz|agua|internet|otra|competencia ) ( si que )? ..1 \
        ( eran|son|les|le|no ) ( bien|muy|tan|dije|dejaban|paraban )? ..2 ;? ..12
    ( otra|otras ) ( compania|empresa ) ..6 ;? por eso ..4
"""
