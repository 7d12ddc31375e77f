"""Spanish rules of `compliance.optout`, in the notation of `compliance.optout_grammar`, by what they mean; the \
        demands
themselves are in `compliance.optout_spanish_demands`."""

from __future__ import annotations

COMPLAINTS = """
    no ( paran|dejan|cansan ) de ( LLAMAR|molestar )
    no se cansan de
    por que no ( entienden|entiende ) ..3
    por que ( sigo|seguimos ) ..4
    por que|q ..4 siguen|sigue|sigues|seguis|insisten|insiste ..1 LLAMANDO?
    porque|pq|xq ..2 siguen|sigue|insisten
    por que|q ..2 LLAMAN ..2 tanto|tantas|cada|todos|siempre|otra
    por que no DEJA|dejan|paran de
    ( siguen|sigue|sigues|seguis|continuan|vuelven ) ..1 LLAMANDO
    LLAMAN ..1 ( todos los dias | todo el dia | a todas horas | a cada rato | cada dia | diario | siempre | \
        otra vez )
    ( todos los dias | a diario | cada dia ) ..2 ( lo mismo | LLAMANDO | LLAMAN | llamadas )
    ( ( harto|harta|hartos|hartas|cansado|cansada|aburrida | \
        aburrido|podrido|podrida|canse | cansa|cansamos|hartan|abruman|saturado ) ) ..8 \
        ( LLAMADAS|ANYLLAME|llamen|ustedes|vosotros )
    me|nos ( tienen|tiene|tenes|tienes ) ( ya|bien|muy|re|mas )* ( ( \
        harto|harta|hartos|cansado|cansada|podrido|podrida|loco | loca|aburrido|mareado|frito|hasta ) )
    cuantas veces
    hasta cuando ( van|va|vas|vais|piensan|siguen|sigue|tengo|tendre|me|con ) ..5
    hasta ( la|las|el|los ) ( madre|coronilla|narices|mono|gorro|cojones|huevos|pelotas|chingada )
    hasta aqui|arriba ..3 ( LLAMADAS|ANYLLAME|ustedes )
    que parte de ..5 ( no|ya|dejen|deje|basta )
    ( <!nunca|no|he ( dije|dicho|dijimos|pedi|pedido|pedimos|avise|avisado | repetido|solicite ) ) (?! a \
        mi|otra|otro ) ..6 ( \
        no|ya|dejen|dejaran|deje|borren|borraran|BORRA|baja|paren )
    ( no|si ) ..1 aguanto ..4 ( LLAMADAS|LLAMANDO )
    ( tanta|tantas|tanto ) ( LLAMADAS|LLAMANDO|llamar|llamadera|insistencia|llamado )
    cada rato
    quien ( les|le|te|os ) ..4 ( permiso|numero|autorizo|derecho ) ..4 ( BORRA|no|dejen )
    no ( CLIT )? pierd- ..2 tiempo ..1 LLAMANDO|LLAMAR|conmigo
"""

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
    # somebody else's calls, and ours are better
    ( otra|otras|otros|otro|anterior|antes|banco|competencia ) ..12 ;? ..5 ( ustedes|usted|vosotros ) ..4 ( \
        no|bien|serios|amables|mejor|mejores|si|amable|serio )
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
        ( correos|correo|mensajes|mails|cartas|nada )? ;? ( pero|mejor|solo )* (?= LLAMEME|prefiero )
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
    no soy|somos el|la titular pero
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
    no CLIT? DEJA de ..1
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
        | dice|dijo|va|mi|divorcio ) )
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
"""

INVITATIONS = """
    ^|pero|mejor INVITANDO* LLAMEME ( por|favor|otra|vez|mejor|de|nuevo|a|al|mi|casa|movil|celular )* LUEGO \
        SIN_AMENAZA
    ^|pero|mejor INVITANDO* ( vuelva|vuelvan|vuelve|intente|intenten|intentelo|pruebe|puede|pueden|podria ) \
        ( a )? ..1 LLAMAR \
        ( por|favor|de|nuevo )* LUEGO SIN_AMENAZA
"""

TIME_LIMITED = """
    ( los|el|en|por|a|de ) la? DIA|PARTE|fines|fin ..3 no CLIT? LLAME NIMAS
    no CLIT? LLAME a|al|en mi|la|el? casa|trabajo|oficina (?! ;? ni|y|nunca|mas )
    no CLIT? LLAME a|al mi|el? fijo (?! ;? ni|y|nunca|mas|LLAMEME )
    NOES RELLENO* ( LLAME|LLAMAR|LLAMANDO ) ( ( CLIT|por|favor|aqui|usted|ustedes|mas|otra|vez|a|casa|mi | \
        este|numero|al|celular|movil ) )* CUANDO NIMAS
    NOES ..1 QUIERE ..2 ( LLAMADAS|ANYLLAME|LLAME ) ..2 CUANDO NIMAS
    DEJA RELLENO* de RELLENO* LLAMAR ( CLIT|por|favor )* ( tan|muy temprano|tarde | por|en la|las PARTE | \
        antes|despues de | los DIA | en|los fin|fines | a|en estas|esta|la|las ( ( \
        hora|horas|NUM|una|dos|tres|cuatro|cinco|seis|siete|ocho | nueve|diez|once|doce ) ) | al mediodia | \
        de \
        PARTE | durante )
    ( prefiero|preferiria|mejor ) que? no ..1 LLAME ..1 CUANDO NIMAS
    no mas? LLAMADAS CUANDO
    ( no ; )? ( hoy|ahora|ahorita ) no ; ( llame-|llama-|marque-|mejor|por )
"""

NUMBER_LIMITED = """
    no CLIT? LLAME al|a mi? fijo ;? ( sino|mejor|pero )? LLAMEME a|al mi? celular|movil|otro|PHONE
    no CLIT? ( LLAME|use|usen|uses|marque ) ..1 ( a|al|en|este|por|mi|de ) ( este|ese|mi|al )* ( \
        numero|telefono|celular|movil|fijo ) ;? ( sino|mejor|llame-|llama-|use|usen|usa|marque-|marca-|pero )
"""

WRONG_NUMBER = """
    LLAMANDO a otra|otro casa|persona|familia|numero
    busca|buscan|quiere a? otra persona
    numero|telefono|celular no es de ( el|la|esa|ese|ella|ellos|CAP ) ..1
    ( ya )? no ( le|les ) pertenece
    ( dieron|dio|apunto|apuntaron|puso|pusieron|anoto|anotaron|tomaron ) ..1 ( mal | por error|equivocacion | \
        mi numero por )
    es una casa ( particular|de familia )
    ( numero|num|telefono|persona|casa|domicilio|extension ) ( esta|es )? ( ( \
        equivocado|equivocada|ekivocado|incorrecto|incorrecta | errado|erroneo|erronea|equibocado|malo ) )
    ( ( equivocado|equivocada|equivocados|equivocando|equivoco | \
        equivocaste|equivocaron|equivoca|equivocan|ekivoco | equivocais|equivocas|ekivocado|equivocaste ) ) \
        ( ( \
        de|numero|usted|senor|senora|con|amigo|joven|creo|aqui | aca|porque|$ ) ) !que
    ( se|te|os|esta|ha|has|han|habeis ) ..1 ( ( equivoco|equivocado|equivocada|equivoca|equivocan | \
        equivocaste|equivocaron|equivocados ) )
    ( equivocado|equivocada ) !que
    ( llama|llamando|llamo|marco|marcando|llamado|marcado ) ..3 ( equivocad-|incorrect- )
    ( marco|marcaron|marcaste|marcado|marcando|marca ) mal
    ( tiene|tienen|tenes|tienes|tiene ) ( mal|equivocado ) ..2 ( numero|telefono )
    ( numero|telefono ) ( mal|errado )
    ( aqui|aca|alli ) ..1 ( no ) ( ( es|vive|viven|hay|esta|trabaja|existe|tenemos|conocemos | \
        se|conozco|vivio \
        ) ) !cobertura|problema|senal|ahora|luz|internet|nada|estacionamiento
    ( no|ya ) vive|viven|trabaja nadie ..3
    ( no|ya ) ( vive|viven|trabaja|vivio|existe|trabajan|labora|reside ) ( mas )? ( \
        aqui|aca|en|con|ningun|ninguna|nadie|conmigo|mas )
    no hay ( ningun|ninguna|nadie ) ..3 ( nombre|CAP|aqui|aca|llame|persona )
    no me llamo asi|CAP|UNK
    no es|era ( aqui|aca|conmigo | mi nombre | su|el|la numero|persona|telefono|casa|titular|celular )
    no es su|el numero|telefono|celular
    ( ya|este|ese|esto ) ..1 no es ( su|el|de|aqui|la|mas ) ..1 ( \
        numero|telefono|celular|casa|movil|CAP|ella|suyo )
    <!al ( numero|telefono|celular|linea ) ( ya|ahora|no|es )* ( ( \
        de|mio|nuevo|nueva|cambio|pertenece|corresponde|era|suyo | otra|otro|nuestro|pertenecia ) ) ( \
        el|ella|ahora|otra|otro|mio|CAP|su|mi|persona|hace|a|no|de|$ )
    ( numero|telefono ) ..1 ( es nuevo | era de | pertenece a | pertenecia )
    no soy|somos ( quien ( busca|buscan|cree|creen|piensa|dice ) | la persona que ( \
        busca|buscan|quiere|cree|llama|piensa ) )
    ( no|yo|tampoco ) ( soy|somos ) ( esa|la|el|ese|dicha )* ( persona|senora|senor|CAP|titular ) \
        !decide|encargado|responsable|toma|lleva|decid-|adecuad-|indicad-|que|yo
    no soy ( ella|el|yo|esa|ese ) !quien|que|encargado|indicado|responsable|dueno|jefe|duena
    ( no soy | no somos ) CAP CAP? !y
    ( ese|esa ) no ( soy yo | es mi !OTRACOSA|correo|email|problema|caso|apellido|talla|coche|carro|idea )
    ( no|ni ) ..1 ( conozco|conocemos|se|sabemos ) ( a|quien|es|de|que|con )* ( ( \
        ningun|ninguna|esa|ese|nadie|CAP|persona|quien|senor | senora|el|ella|es ) ) ..2
    ( me|nos ) ( confunde|confunden|confundes|confundis|confundio|confundiendo|esta|estan ) ..1 ( \
        con|confundiendo )
    ( confunde|confundido|confundieron|confundiendo|confundio|confundidos ) ..3
    ( no )? ( ya no|no ) ( tiene|usa|tienen|posee|ocupa ) este|ese|el ( numero|telefono )
    ( cambio|cambiaron ) ( de|su ) ( numero|telefono|celular|linea )
    ( acabo de | recien | hace poco|nuevo ) ..3 ( numero|telefono|chip|linea )
    ( tengo|llevo|uso ) ( este|el|con )* ( numero|telefono ) ..2 ( desde|hace|nuevo|poco )
    ( antiguo|anterior|antigua ) ( dueno|propietario|titular|usuario|duena )
    ( me ) ( acaban de dar | dieron | asignaron ) ..1 ( numero|linea )
    ( fallecio|fallecido|fallecida|falleciera|difunto|difunta|murio|muerta|muerto ) !la|el|bateria
    ( fallecio|murio ) ( el|la|en|este|hace ) ..2 ( ano|mes|semana|anos|meses|MES )
    ( se )? ( mudo|mudaron|mudado ) ( el|la|en|para|de|hace|a|ya|y|$ )
    persona equivocada|incorrecta
    numero|telefono viejo|antiguo|anterior
    ( confundio|confundiste|confundido|confundieron ) ..2
    ( no | ya no ) ( vive|vivia|trabaja ) ( nadie|ningun|ninguna ) ..3
    ( senor|senora|esposo|marido|padre|madre|papa|mama|el|ella|CAP ) ..1 ( murio|fallecio|falleciera )
    se? ( cambio|mudo|mudaron|cambiaron ) de casa|domicilio|empresa|ciudad
    no ( tiene|usa|tienen ) este|ese|el numero|telefono
    ( compre|compramos|comprado|saque ) este ( chip|numero|celular|telefono|linea )
    otra|otro persona|dueno ..1 ( tenia|tuvo|usaba|tiene )
    ( ni idea | no se ) de? quien ( es|sea|era )
"""

NOT_INTERESTED = """
    no ( me|nos|le|les|te ) ..1 ( interesa|interesan|interesaria|sirve|conviene|hace|llama )
    no|ya ( estoy|estamos|esta|seria|somos )? ..1 ( interesado|interesada|interesados|interesadas )
    ( ningun|sin|no|cero|poco|falta ) ..2 interes
    no ;? muchas? gracias
    gracias ;? pero no
    no ( lo|la|los|las )? ( necesito|necesitamos|quiero|queremos|requiero|requerimos ) ( ( \
        nada|ningun|ninguna|eso|esto|comprar|contratar|cambiar | otro|otra|de|$ ) )
    no ( lo|la|los|las ) ( necesito|necesitamos|quiero|queremos|ocupo )
    ya ( lo|la|los|las )? ( tengo|tenemos|contrate|compre|cuento|contamos ) !el|su|la|todo
    ( estoy|estamos ) ( bien|contento|contenta|satisfecho|satisfecha|conforme ) ( asi|con )
    ( yo|mejor )? paso ;? gracias
    ^ paso
    ( eso|esto )? no es ( para mi | lo que busco | para nosotros )
    no ( voy|pienso|vamos ) a? ( comprar|contratar|cambiar )
    por ahora no
    muy caro
    ( se sale de|del | fuera de|del | no ..3 ) ..1 presupuesto
    no tengo|tenemos ..1 dinero
    no ..2 ( es|esta ) ..1 para mi|nosotros
    ( decid-|quedamos|fuimos|voy|vamos|iremos ) ..2 ( por|con ) otra|otro
"""

NUMBER_PREFERENCE = """
    ( ( llam-|marqu-|marca-|contact-|escrib-|localic-|us- | comuniqu-|habl- ) ) ..3 ( \
        al|a|en|por|mi|el|otro ) ( \
        el|mi|la|su|un|otro )* ( ( \
        otro !momento|dia|rato|hora | movil|celular|fijo|oficina|casa|cel|whatsapp|telefono|numero ) )
    ( llam-|marqu-|marca-|contact-|localiz-|encontr-|encuentr-|ubic- ) ..3 ( al|a|en|el )* PHONE
    tengo|tenemos otro|nuevo numero|telefono|celular|movil
    ( mi|el|un ) ( nuevo|otro|correcto )? ( numero|movil|celular|telefono ) ( nuevo )? ( \
        es|ahora|nuevo|correcto|cambio|otro )
    ( cambie|cambiado ) de ( numero|telefono|movil|celular )
    ( tengo|tome|apunte|anote ) ..1 ( otro | nuevo | mi nuevo ) ( numero|telefono|celular )
    ( celular|movil|telefono|numero|fijo ) ..3 PHONE
    ( mejor|prefiero ) ..2 ( al|por|en|mi ) ( otro|movil|celular|fijo|whatsapp|telefono )
    ( USAR|utilic- ) ..1 otro numero|telefono
    escribame|escribeme|mandeme ..1 ( por|un|al ) whatsapp
"""

TIME_PREFERENCE = """
    !hablo ( llam-|marqu-|marca-|contact-|habl-|vuelv-|intent-|devuelv- ) ..4 ( ( \
        luego|despues|tarde|manana|otro|otra|DIA|semana|mes|NUM | \
        rato|cuando|antes|ahora|hoy|noche|tardes|mediodia|una|dos | \
        tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce ) )
    ( mal | no es ) ..1 ( buen|momento|rato )
    no puedo|podemos ..1 ( hablar|atender|contestar )
    ( ocupado|ocupada|ocupados|manejando|conduciendo|trabajando|comiendo|cenando|reunion|junta|clase|reunido )
    ( ahora|ahorita|hoy ) no
    no puedo ..2 ( hablar|atender|ahora|ahorita|atenderle )
    ( otro|otra ) ( momento|dia|rato|hora )
    mas tarde
    ( mejor|prefiero|solo|solamente|unicamente ) ..2 ( \
        tarde|tardes|manana|mananas|noche|PARTE|DIA|despues|luego )
    hoy no
"""
