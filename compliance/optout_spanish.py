"""Spanish rules of `compliance.optout` by what they mean, in the notation of `compliance.optout_grammar`.

The demands are in `compliance.optout_spanish_demands`, what only looks like one in
`compliance.optout_spanish_lookalikes`.
"""

from __future__ import annotations

COMPLAINTS = """
    no ( paran|dejan|cansan ) de ( LLAMAR|molestar )
    no se cansan de !jugar|correr|ladrar|llorar
    por que no ( entienden|entiende ) ..3
    por que ( sigo|seguimos ) ..4
    por que|q ..4 siguen|sigue|sigues|seguis|insisten|insiste ..1 LLAMANDO?
    porque|pq|xq ..2 siguen|sigue|insisten
    por que|q ..2 LLAMAN ..2 tanto|tantas|cada|todos|siempre|otra
    por que no DEJA|dejan|paran de
    ( siguen|sigue|sigues|seguis|continuan|vuelven ) ..1 LLAMANDO
    <!lo|la LLAMAN ..1 ( todos los dias | todo el dia | a todas horas | a cada rato | cada dia | diario | siempre | \
        otra vez )
    ( todos los dias | a diario | cada dia ) ..2 ( lo mismo | LLAMANDO | LLAMAN | llamadas )
    ( ( harto|harta|hartos|hartas|cansado|cansada|aburrida | \
        aburrido|podrido|podrida|canse | cansa|cansamos|hartan|abruman|saturado ) ) ..8 \
        ( LLAMADAS|ANYLLAME|llamen|ustedes|vosotros )
    me|nos ( tienen|tiene|tenes|tienes ) ( ya|bien|muy|re|mas )* ( ( \
        harto|harta|hartos|cansado|cansada|podrido|podrida|loco | loca|aburrido|mareado|frito|hasta ) )
    cuantas veces ..6 ( decir|decirles|decirle|decirlo|digo|dije|dicho|repetir|repito|pedir|pido|pedi|pedido | \
        explicar|colgar|colgarles|cuelgo|no|LLAMAR )
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
    no CLIT? quite|quiten|quites el tiempo
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
    ( entre|de ) NUM|HORA|to ..2 NUM|HORA ..2 no CLIT? LLAME NIMAS
    ^ hoy|ahora|manana|ahorita no CLIT? LLAME ; ( llame-|llama-|marque-|mejor|manana|luego )
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
    ^ soy otra|otro persona $
    ^ llamo|marco mal $
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
