"""Spanish demands to stop, threats and doubtful wording; the notation is that of `compliance.optout_grammar`."""

from __future__ import annotations

DEMANDS = """
    # it has to end
    no quiero que ( esto|eso ) ..1 ( repita|pase|vuelva )
    ( QUIERE|deseo ) que ..2 ( salga|desaparezca ) de ..1 LISTA
    ( quiero|deseo|quisiera ) ( salir|salirme | dejar de recibir )
    ( estan|esta|quedan|queda ) ..1 ( avisado|avisados|avisada )
    ( dijeron|dijo ) que ya ..2 ( borrado|quitado|eliminado|sacado )
    no lo ( haga|hagan|hagas|vuelvan|vuelva|vuelvas ) ( mas | a hacer | otra vez )
    ( llevando|guardando|haciendo ) ..2 ( registro|grabaciones ) ..3 abogado
    ( presente|puse|meti ) ..1 ( queja|denuncia|reclamo )
    ( paseme|pongame|comuniqueme ) ..5 ( borrar|borre|baja|quitar|quite|eliminar )
    dejate de ( joder|hinchar|molestar|romper )
    que ( el|ella|le )? ..1 ( kitenme|quitenme )
    ( LLAMADAS|esto|eso|acoso|insistencia ) ..1 ( se )? ( tiene|tienen|debe|deben ) que ( \
        acabar|acabarse|terminar|terminarse|parar|cesar|detener )
    ( se )? ( tiene|tienen|debe|deben ) que ( acabar|terminar|parar|cesar ) ..2 LLAMADAS
    ( tienen|tiene|deben|debe ) que ( quitar|borrar|sacar|eliminar|retirar )
    cese ( inmediato|total|definitivo )? ( de|a|en )? ..1 LLAMADAS
    nada de ( LLAMADAS|llamar|llamarme )
    ( mande|envie|escribi|puse|conteste|respondi|pulse|marque ) ..1 ( baja|stop|alto|nueve|NUM ) ..2 ( \
        siguen|sigue|otra )
    ( tramit-|proces-|gestion-|confirm- ) ..1 ( baja|borrado|eliminacion )
    baja definitiva|total|inmediata
    confirm- que ..3 ( borrado|borraron|borro|eliminado|quitado|baja )
    ( romp-|bot-|tir-|quem- ) ( mi|este ) numero|telefono
    ( dejen|deje|dejad|deja ) ( tranquil-|en )  ( paz|a ) ..2
    ( DEJA ) ..1 de ..1 ( fregar|fastidiar|jorobar|estorbar|incomodar|hinchar|moler )
    no ..1 ( tengan|tenga|conserven|conserve|mantengan|usen|usaran|usara|utilizaran ) ..1 MI MICOSA
    no autorice|consenti|permiti que ..3
    no ..1 ( repiquen|repique|suenen|timbren )
    no RELLENO+ ( calling|call|callees|callen|callear|texting )
    take me off|out de la|su lista|list
    aqui no ( CLIT )? ( atienden|atendemos|aceptan|aceptamos|reciben|recibimos ) ..1 ( \
        vendedores|LLAMADAS|publicidad )
    ( con|a ) mi abogado ( $ | directamente|nada )
    # do not call
    NOES RELLENO* LLAME
    ( no|nunca|jamas|ni ) RELLENO* ( ( vuelva|vuelvan|vuelvas|volvais|volver|volvieran|volviera | \
        volviesen|volveran|siga|sigan|sigas|anden|estar|este | esten|estes ) ) RELLENO* ( LLAMAR|LLAMANDO )
    ( no|nunca|jamas|favor ) RELLENO* ( LLAMAR|contactar|llamar|yamar ) ( mas|a|nunca|aqui|me|por|este|$ )
    favor de no
    favor de|d LLAMAR|BORRA
    ya? no RELLENO* LLAMANDO
    se ( le|les|te ) ocurra
    ( prohibido|prohibo|prohibe|prohibimos|prohibida ) ..4 ANYLLAME
    no ..2 ( ( derecho|permiso|autorizacion|consentimiento|porque|razon | motivo ) | por que ) ..2 ( \
        ANYLLAME|a|para|de ) ..1 ANYLLAME?
    ( no|sin ) ..3 ( ( mi|nuestro|ningun|tu|di|dado|doy|tienen|tiene|he|tenes | cuentan ) ) ..2 ( \
        permiso|autorizacion|consentimiento )
    ( nunca|no|jamas|yo ) ..2 ( di|autorice|consenti|autoriz-|permiti|acepte|consiento ) ..5 ( \
        permiso|consentimiento|ANYLLAME|LLAMADAS|esto|datos )
    no ( doy|dimos|damos|di|autorizo|autorizamos|consiento|permito|he ) ..2 ( ( \
        permiso|consentimiento|ANYLLAME|que|autorizado | autorizacion|LLAMADAS|dado|uso ) )
    ( revoc-|retir-|anul- ) ..4 ( consentimiento|autorizacion|permiso )
    ( no )? ( hace falta | es necesario | hay necesidad de? | tienen por que | tiene por que | hay por que | \
        necesitan | hay que ) ..5 ANYLLAME
    ( mejor|preferible ) ..1 ( no|ya ) ..2 ANYLLAME
    ( la|sera|es|que ) ultima ( vez|llamada ) ..5
    ( no|ya|ni ) mas LLAMADAS|yamadas
    mas LLAMADAS no
    ( no|ya ) mas $
    <!es|en|que|o|por|cada|alguna|si|era|nos nunca mas
    nunca|jamas mas ..3 ANYLLAME
    ni ( una|un ) ..1 ( LLAMADAS|mas ) ..1
    ( cero|ninguna|ningun|basta|suficientes|menos|alto|paro|no|fin ) ( de|a|con|las|mas )* ( LLAMADAS|yamadas )
    stop LLAMADAS|llamadas|calling|llamando
    ( tampoco|ni ) ( me|nos )? LLAME
    no ( insist- )
    no ( molest- | fastidi- | joda | jodan | jodas | chinguen | mame | mamen | friegue | frieguen | fregar | \
        jorobe | incord- )
    no CLIT? ( friegue- | fregu- | romp- | hinch- | jod- | ching- | mamen | moleste- )
    # stop
    DEJA RELLENO* de RELLENO* ( ANYLLAME|LLAMAR|LLAMADAS|usar|utilizar|UNK|estar|mandar|guardar|tener|joder )
    DEJA ya RELLENO* de
    <!le|se|no|uno|solo DEJA ( CLIT )? ya? de ( LLAMAR|jod- )
    ( ( dejeme|dejenme|dejame|dejadme|dejarme|dejenos|dejennos | \
        dejanos|dejadnos|dejarnos|dejenla|dejenlo|dejela ) ) RELLENO* ( en|tranqui-|de|paz|vivir|solo|sola )
    ( me|nos|la|lo ) ( dejen|deje|dejes|dejeis|dejan|dejaran ) RELLENO* ( en|tranqui-|de|paz|vivir|solo|sola )
    ( paren|parenle|parele|parale|pare|parad|paralen|bajenle ) ( ya|a|con|de|por|la|las|el|tanta|su|sus )* ( \
        LLAMADAS|ANYLLAME|favor|acoso|joder|hinchar|$ )
    parenle|parenla|parele|parela|cortenla|cortala|corten|cortela|bastaya
    ( para|pare|paren|ya ) ya $
    ( ( cese|cesen|cesar|cesad|suspend-|deten-|termin-|finalic- | interrump-|cancel- ) ) RELLENO* ( ( \
        de|las|los|toda|todo|todas|todos|sus|estas|cualquier|con | mis|futuras ) )* ( LLAMADAS|ANYLLAME|contacto \
        )
    ( absteng-|absten-|abstener-|abste- ) ..1 ( de )? ..2 ( ANYLLAME|hacer|contacto )
    ( evit- ) ..2 ( ANYLLAME|LLAMADAS|contacto )
    basta ( ya|de|con|por|che|$ )
    ya basta
    ya ( estuvo|esta|fue ) ( bueno|bien|suave|bastante|$ )? ..2 ( ya|de|con|dejen|paren ) ..1
    ya estuvo
    # wishes
    ( NOES|ya|tampoco|prefiero|rechazo ) ..2 QUIERE ..3 ( ( \
        recibir|recibiendo|tener|mas|sus|ningun|ninguna|oir|estas | contestar|atender|estas|este|tipo|de ) )* ( \
        LLAMADAS|publicidad )
    ( NOES|ya ) ..1 QUIERE ..1 que ..3 ( ANYLLAME|LLAME|usen|tengan|use|guarden|utilicen|vuelvan )
    ( NOES|ya ) ..1 QUIERE ( ( ser|estar|seguir|que|volver|aparecer|figurar|continuar | quedar|permanecer|formar \
        ) ) ..2 ( ( LLAMADO|molest-|contactad-|LISTA|su|sus|registro|esa|esta | hablar|ninguna ) )
    ( NOES|ya|nunca ) ..1 QUIERE ..1 ( ( saber|oir|volver|escuchar|hablar|tener|tratar|escucharlos | \
        verlos|oirlos|nada ) ) ..3 ( ( ustedes|usted|ti|vosotros|vos|suyo|escuchar-|oir-|saber | oirlos|de ) )
    PIDE ..5 ( que )? ( no|nunca|ya|nadie ) RELLENO* ( ANYLLAME|LLAMADAS|insist-|recibir|mas )
    PIDE ..3 ( que )? ..2 ( dejen|deje|dejes|dejar|paren|cesen|pare|cese|pares ) ..1 ( \
        de|las|sus|estas|con|en|tranqui- )
    PIDE ..4 ( que )? ..2 ( me|mi|mis|nos|lo|la|sus|nuestro|el|este )* ( BORRA ) ..2
    PIDE ..3 ( borrado|supresion|eliminacion|baja|cancelacion|exclusion|oposicion )
    ( ruego|rogaria|rogamos|pediria|suplico|solicito|pido ) ..3 ( absten-|abstuv- ) ..2
    no ..1 ( me )? ( suscribi|inscribi|apunte|registre|anote )
    nunca ..1 ( suscribi|inscribi|apunte|registre|anote )
    agradecer- ..2 ( no|borr-|elimin-|dejaran|dejasen|quit- ) ..2 ( ANYLLAME|recibir|LLAMADAS|BORRA|no )
    ( quisiera|preferiria|prefiero|mejor|gustaria|agradeceria|desearia ) no ..2 ( ANYLLAME|recibir|LLAMADAS|LLAMADO )
    ( ( tan|amable|amables|bondad|favor|gentil|gentileza|fineza | hacer|harian|haria ) ) ( de|en )? ( \
        no|BORRA|quit-|sacarme|dejar|ya ) ..3
    ( ( puede|pueden|podria|podrian|puedes|podes|podras|podrias | podeis ) ) ..2 ( no|ya|dejar|parar ) ..2 ( \
        ANYLLAME|de|insistir )
    ( ( puede|pueden|podria|podrian|puedes|podes|podrias|podeis | \
        quiero|favor|gustaria|quisiera|como|donde|haga|hagan | necesito|vas|va|van ) ) ..2 ( ( \
        borr-|elimin-|quit-|sacar-|borrarme|quitarme|eliminarme | darme|dar|retirar- ) ) ( \
        de|por|mi|mis|el|este|la|esa|su|$ )
    ( me|nos ) ( ( puede|pueden|podria|podrian|puedes|podes|podrias|podeis | van|vas ) ) ..1 ( a )? ( ( \
        borrar|eliminar|quitar|sacar|retirar|excluir|bloquear | bajar|borran ) )
    ( me|nos ) ( borr- | elimin- | quit- | saqu- | saca- | excluy- | retir- | tach- ) ..1 ( de|ya|por|del|su|favor|$ )
    que ( me|nos|lo|la ) ( BORRA ) ..3
    # remove me
    ( ( borr-|elimin-|quit-|retir-|tach-|exclu-|suprim-|saqu- | \
        saca-|sacad-|remov-|remuev-|olvid-|pierd-|bloque-|anul- | \
        descart-|destruy-|remove|desech-|bot-|cancel- | baj-|tir- ) ) ..3 MI ..1 MICOSA
    ( ( borr-|elimin-|quit-|retir-|tach-|exclu-|suprim-|saqu- | \
        saca-|sacad-|remov-|remuev-|bajeme|bajenme|cancel-|bajame | \
        salir|salgo|sal|salirme|sacar|borrarme|quitarme|estar ) ) ..4 ( de|en|desde|del ) ..3 LISTA
    ( ( borreme|borrenme|borrame|borradme|borrarme|elimineme | \
        eliminenme|eliminame|eliminadme|quiteme|quitenme|quitame | \
        quitadme|saqueme|saquenme|sacame|sacadme|bloqueenme | \
        bloqueeme|bloqueame|excluyame|excluyanme|tachenme|tacheme | \
        retireme|retirenme|bajenme|desafilieme|desafilienme ) )
    ( ( borrelo|borrenlo|borralo|borrala|borrela|borrenla | \
        eliminelo|eliminenlo|eliminalo|quitelo|quitenlo|quitela | \
        quitenla|borrenlos|borrenos|borrennos|quitenos|quitennos | \
        saquenos|saquennos|elimenos|eliminenos|eliminennos ) )
    ( no )? ( borren|borre|borra|eliminen|elimine ) ( todo|todos|toda )
    ( sac-|saqu-|quit- )  ( de ahi | de aca | de alli | de esa )
    ( olvid- ) ( CLIT|ya|de|que )* ( mi|nosotros|este|tienen|llamarme|esta|tiene|nuestro )
    olvid-|pierd-|bot-|tir- ..2 ( mi|este|el|ese ) MICOSA
    ( ( dar|darme|darnos|dame|deme|denme|dadme|den|de|demos|doy | \
        dado|da|das|dan|dieran|diera|dieron|dela|denos|deos | dennos|dele|denle|denlo ) ) ..1 ( la|de )? baja
    ( ( quiero|solicito|pido|exijo|tramit-|gestion-|solicitar | \
        pedir|proces-|deseo|mi|inmediata|dar|hagan|necesito|la ) ) ( la|mi|de|una|el|inmediata )* baja \
        !medica|por
    ^ la? baja ( por|ya|inmediata|de|porfa|$ ) ..2
    desuscrib- ..2
    ( desafili-|desinscrib-|desapunt-|desregistr-|dessuscrib- )
    ( cancel-|anul- ) ..1 ( mi|la|esta|el|todas|mis|las|los|estas ) ..1 ( ( \
        suscripcion|registro|inscripcion|autorizacion | consentimiento|numero|LLAMADAS ) )
    ( cancel-|anul-|suspend- ) ( todas|las|toda|cualquier|estas|sus|los )* LLAMADAS
    # my number is not for this
    ( numero|telefono|celular|movil|linea ) ..1 ( no ) ( es|esta|fue|se ) ..1 ( para|disponible|autorizad- ) ..3
    ( no|nunca|jamas ) ..2 ( di|dado|doy|dimos|dio ) ..1 ( mi|este ) numero|telefono|celular
    ( no ) ..1 ( USAR|utilic-|guard-|compart-|marqu-|vend- ) ..2 ( mi|este|ese|mis|estos ) ( MICOSA )
    ( dejen|deje|deja ) de ( usar|tener|utilizar ) ( mi|este|mis )
    # lists
    ( lista|registro|listado ) ( robinson|nacional|publico|negra | de no|exclusion|exclu-|bloque- | no llame )
    robinson|repep|reus|aepd|profeco|condusef
    no llame $
    PIDE ..1 que pararan|paren|pare|pares
    ^ cancel- ( la|mi|de|esta )* suscripcion !al|a|de|del
    cancel- ..2 suscripcion ..2 ( LLAMADAS|mensajes )
    ( no | nunca | ya no ) CLIT? USAR|utilic- CLIT? mas|nunca|otra
    no intent- ..1 LLAMAR
    bajo|en ningun|ninguna ..4 ANYLLAME
    no ( den|des|deis ) ..1 MI MICOSA
    ( ( pong-|pon-|agreg-|inscrib-|met-|anad-|incluy-|inclu- | registr-|apunt-|anot- ) ) ..5 ( \
        no|exclusion|robinson|negra|bloqueados )
    ( anot-|apunt-|registr- ) ..3 que ..1 ( no|ya )
    ( ( bloquear|bloqueo|bloquee|bloqueado|bloqueados|bloqueare | \
        bloqueo|bloquearlos|bloqueando|bloquearte|bloquearlo | bloqueen|bloquea|bloqueamos ) ) ( \
        a|este|su|el|sus|mi|todos|los|tu|$ )
    ( los|te|lo|le|les|tengo|voy|os ) ..2 ( ( bloquear|bloquee|bloqueo|bloqueados|bloqueado|bloquearlos | \
        bloquearte|bloqueare ) )
    nadie ..1 quiere ..3 LLAMADAS
    # rights
    ( ( ejerzo|ejercer|ejercito|hago|derecho|invoco|solicito | ejerciendo ) ) ..4 ( ( \
        supresion|olvido|oposicion|cancelacion|rectificacion|arco | borrado ) )
    me opongo
    ( respet- ) ..3 ( privacidad|decision|voluntad|intimidad|derechos )
    ( me niego | rechazo | renuncio ) ..6 ( LLAMADAS|ANYLLAME|LLAMADO|contacto )
    borrado|supresion de ..1 datos
    ( rgpd|lopd|lfpdppp|arco )
"""

LEGAL = """
    ( voy|vamos|los|lo|le|les|te|la|os|pienso|ir|tendre ) ..4 ( DENUNCIA )
    ( si|como|cuando ) ..2 ( ( vuelv-|sigue|siguen|sigues|LLAMAN|insist-|llama|LLAME | LLAMANDO ) ) ..8 ( \
        DENUNCIA|policia|abogado|abogada )
    ( una|otra|proxima ) ..2 ( llamada|vez|mas ) ..4 ( DENUNCIA|policia|abogado|y|bloqueo )
    ( vuelv-|LLAME|llameme|llamame ) ..4 ( y|que )? ..1 ( los|te|lo|le|les|os|pongo ) ..2 ( DENUNCIA|bloqueo )
    ( ( voy|vamos|tengo|poner|pondre|presentar|presentare | \
        interponer|interpondre|levantar|meter|haciendo|hacer|hare | pongo|pondremos|llegar ) ) ..2 ( \
        una|la|mi|el|un )? ( DENUNCIA|reclamacion|queja|demanda|reporte )
    ( ( voy|vamos|ire|hablar|hablare|hablaran|contactare|llamare | \
        llamo|llamar|acudire|quejarme|denunciar|reportar|demandar | \
        veran|ver|vera|aviso|contactar|oir|noticias|hablan|saber | \
        llamaremos|avisar|reportare|reclamar|denuncio|comunicar- ) ) ..3 ( a|con|ante|de|en|al|la|mi|el ) ..3 \
        AUTORIDAD
    ( ( esto|es|son|eso|considero|llama|seria|denunciar|por | telefonico|este ) ) ..2 ( ( \
        acoso|hostigamiento|ilegal|delito|abuso|ilegales|spam | acosando ) )
    acoso|hostigamiento|hostigando|acosando|acosan
    es|son ilegal|ilegales|delito
    ( ( contra|violando|incumpliendo|infringiendo|violan|viola | \
        incumplen|vulnerando|infringen|violar|segun|conforme ) ) ..3 ( ( \
        ley|derecho|derechos|privacidad|rgpd|norma|normas | reglamento|normativa|gdpr|intimidad ) )
    proteccion de datos
    ( acciones|medidas|via ) ( legales|legal|judicial )
    ley de
    tribunales|juicio
    estan|esta cometiendo
    ( pueden|podrian|puede|van|voy|los|les|le|te|se ) ..2 mult-
"""

DOUBTFUL = """
    DEJA ya? en paz ..1
    ( paren|cort-|para|pare|parad|corta ) ( con|la|esto|ya|de ) ( \
        mano|esto|ya|una|las|los|eso|LLAMADAS|rollo|su|sus ) ..2
    ^ basta ..2 $
    que ..1 con ( sus|tanta|tantas|estas|las ) LLAMADAS
    ^ otra vez ( ustedes|LLAMANDO|usted|vosotros|lo )
    ( no|ya ) ..1 QUIERE recibir nada
    PIDE no ( ser|estar|quedar ) LLAMADO
    no ( tienen|tiene|tenes|hay ) ( ningun )? derecho
    no ( les|le|te|los|lo|os ) autorizo
    ( desactiv-|inhabilit-|desvincul-|deshabilit- ) ..1 MI
    abogado|abogada ..3 ( contacto|comunicara|contactara|ustedes|vosotros )
    carta de mi abogado|abogada
    # the words of contact beside a refusal, however they are put together
    NOES|nadie|quien ..5 ( LLAME|LLAMAR|LLAMANDO|LLAMADAS|llamarian|llamaran|llamaria )
    ( no|nunca|ya|nadie ) ..4 ( borrar|llamar|molestar|insistir )
    ( dijeron|prometieron|quedaron|supone|dijo|prometio ) ..5 ( \
        no|borrar|borrarme|quitar|quitarme|baja|dejar|eliminar ) ..4
    ( ( molesta|molestan|fastidia|fastidian|agobia|agobian|hartan | harta|cansa|cansan|irrita|enoja ) ) ..2 ( \
        que|sus|tus|estas|tanta|tantas|mucho ) ..2 ( ANYLLAME|LLAMADAS|LLAME )
    ( sigo|seguimos|sigue ) ( recibiendo|en|apareciendo ) ..3 ( llamada|llamadas|lista|base|sistema|mensajes )
    estoy ( harto|harta|podrido|podrida|hasta | cansado|cansada de )
    ( todo el | todos los | cada ) ..2 ( dia|dias|hora|rato ) ..2 ( LLAMANDO|LLAMAN|molestando )
    no ( paran|dejan|cansan|paras|dejas | se cansan ) de ( LLAMAR|molestar|insistir|joder )
    ( quinta|tercera|cuarta|segunda|decima|enesima|sexta ) vez que ..4
    cuando ( van|vas|pararan|dejaran|pensais|piensan ) ..3 ( dejar|parar|de )
    volviendo|vuelven|vuelve loco|loca
    ( dar|de|den|des|deis|dando ) la ( lata|brasa|tabarra|vara|murga|turra )
    no ( sea|sean|seas|seais ) ( pesad-|insistent-|cansin-|molest- )
    consecuencias
    ( denuncie|denunciarlos|reporte|demandare )
    que sea la ultima
    ( puse|pusimos|presente|interpuse|meti|levante ) ..1 DENUNCIA ..1 contra|ante
    ya DENUNCIA
    tengo ..1 abogado|abogada y no
    ( ya|aflojen|afloja|aflojad|bajenle|chole ) ..1 con ..2 LLAMADAS
    no quiero|queremos ( pertenecer|integrar ) ..2
    que no ( se repita | vuelva|vuelvan|pase )
    ( no | ya no ) CLIT? ( USAR|utilic- ) ..2
    lo|la ( USAR|utilic- ) para vender
    no es no
    ^ no vuelvan|vuelva $
    no quiere decir no
    <!es|en|que|o|por nunca jamas
    larguense|largate|esfumense
    ^ ( fuera|largo ) ( de aqui )? $
    ya no $
    ( ( vayanse|vayase|vete|andate|anda|iros|vaya|vayan|ve | largate|larguense|larguese|idos|andate|vayan ) ) ( \
        a|al|de ) ..3
    ( ( chinga|chinguen|chingen|chingate|chinguese|jodete|jodanse | \
        jodase|pudrete|pudranse|muerete|pirate|pirense|callense | vtv|mierda|carajo|diablo|ptm|hdp ) )
    que ( les|te|os|le ) den
    hijo|hijos|hija de puta|perra|su
    ( moleste|moleste|molesten|molesta|llame|llamen|busquen|busque|llama ) a ( otro|otra|otros|alguien )
    no ..2 ( rompa|rompan|rompas|hinche|hinchen|hinches|jorob- )
    me ( hinchan|rompen|rompes|hinchas|inflan ) ..3
    hasta nunca
    ( dije|dicho|he ) ..1 que ..1 ( no|ya|basta )
    ( no|ni ) ( insist- )
    que ( pesados|pesado|pesada|insistentes|insistente|pesadas|fastidio|pesadez|molestos )
    unos pesados
    me ( molestan|estan|molesta|acosan ) ( mucho|molestando|LLAMANDO|acosando|sus )
    ( pierdanse|pierdase|desaparezcan|desaparezca|desaparece )
    <!planta|temporada|la|mas|esta|de|voz|una ya ( no )? ( mas|llamen )
    conmigo pierde|pierden ..1 tiempo
    como CLIT? lo ( explico|digo )
    ya CLIT? ( dije|pedi|avise ) a su ( jefe|jefa|companera|companero|supervisor )
"""

DOUBTFUL_CLAUSES = """
    ^ ( por|favor|ya|no|que|ahora|mismo|senor|senora|che )* ( ( \
        basta|pare|paren|parad|baja|suficiente|alto|cancelar | parar|stop|para|borrar|bloquear|desuscribir ) ) ( \
        ya|por|favor|de|llamar|gracias|porfa )* $
    ^ ( ya|que|por|favor|porfa )* no ( ( llamen|llame|llames|llamar|contactar|molestar|molestes | \
        moleste|marques ) ) ( por|favor|mas|ya )* $
    ^ ( BORRA|quitar ) ( lo|la|me )? ( ya|por|favor )* $
    ^ esfumese|esfumense|dejenme|dejame|dejeme|respeten|reportado|vayase|vayanse|desactiveme|desvinculenme $
    ^ cancelen|saquenme|saqueme|sacame $
"""
