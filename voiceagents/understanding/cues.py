"""What tells, in a transcript, that somebody asks for a call, declines, is busy, books a meeting or is a mailbox.

Patterns for text folded by `numbers.plain`, English first, then Spanish.
"""

from __future__ import annotations

import re

MAILBOX = re.compile(
    r"\bapagado o fuera de cobertura\b|"
    r"\bthe (?:number|person|subscriber|customer|party) you (?:have|are|'ve) (?:dialed|called|calling|"
    r"reached|trying)|"
    r"\b(?:el|la) (?:numero|abonado|telefono|usuario|persona) (?:al? )?que (?:usted )?(?:llama|ha marcado|"
    r"marco)\b|"
    r"\b(?:leave|record) (?:us |me )?(?:your|a|an|the)? ?(?:name|message|detailed|brief|short|voice|"
    r"number|callback)|\bafter the (?:tone|beep|signal)\b|\bat the (?:tone|beep)\b|\byou(?:'ve|"
    r" have) reached\b|"
    r"\bmailbox\b|\bforwarded to (?:an? )?(?:automat\w+ )?voice|\bvoicemail of\b|\b(?:is|"
    r"are) not available (?:to take|at the tone|right now please)|\bplease leave\b|\bdeje (?:su|un|tu|"
    r"el) (?:mensaje|recado|nombre)|\bdeja (?:tu|un) mensaje|"
    r"\b(?:despues de la|tras la|al oir la|despues del|tras el|al oir el) (?:senal|tono|pitido)|"
    r"\bbuzon de voz\b|\bcontestador\b|\bha llamado a(?:l)? (?:numero|la oficina|casa)|"
    r"\bse ha comunicado con\b|\b(?:no (?:puedo|podemos) atender)\w* (?:su|tu|la) llamada\b"
)
REQUEST = re.compile(
    r"\b(?:call|ring|phone|telephone|try|contact|reach|catch|dial|buzz)(?: (?:me|us|him|her|them|back|again|on|at|"
    r"tomorrow|tonight|later|in|after|any ?time|this|next|around|between|before|(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)day|my|the \w+|sometime|once|when|first)\b)|"
    r"\bgive (?:me|us|him|her) a (?:call|ring|buzz|shout|bell)|\bget back to (?:me|us)|\b(?:talk|speak|"
    r"chat|touch base|connect|reconnect|follow up|circle back|check back|check in|catch up|try) (?:again|"
    r"then|later|tomorrow|next|on|with me|in|to me|at|after|about it)\b|"
    r"\blet'?s (?:talk|speak|chat|do it|do this|say|make it|connect|reconnect)\b|\bcall ?-?back\b|"
    r"\b(?:can|could|would|will) you (?:please )?(?:call|ring|phone|try|contact)\b|\bhave (?:someone|"
    r"somebody|them|him|her|an? \w+) call\b|\bmaybe (?:call|try)\b|\breach out\b|"
    r"\bllam(?:e|en|ad|eme|ame|enme|adme|arme|arnos|enos|arlo|ele|ela|elo|elos)\b|\bme (?:podria|podrias|"
    r"puede|puedes|pueden|podrian|podeis) (?:volver a )?(?:llamar|marcar|contactar)|\bme (?:llama|llamas|"
    r"llaman|llamais|marca|marcas|marcan|contacta|contactas)\b|\b(?:vuelv\w+|volver|volved) a (?:llamar|"
    r"marcar|intentar|contactar)\w*|"
    r"\b(?:puede|puedes|pueden|podria|podrias|podrian|podeis|podemos) (?:volver a )?(?:llamar|marcar|"
    r"hablar|contactar)\w*|\bmarqu(?:e|en)me\b|\bmarcame\b|\b(?:podemos|podriamos) (?:verlo|hacerlo|"
    r"dejarlo|hablarlo|volver)\b|\blo (?:vemos|dejamos|hablamos)\b|\bhabl(?:amos|emos)\b|\bcontact(?:e|"
    r"en)me\b|"
    r"\bcontactame\b|\bdevuelv\w+ la llamada\b|\bllamar(?:me|nos)\b|\bhabl(?:eme|ame|enme)\b|\b(?:intent|"
    r"prueb)(?:e|a|en|elo|alo)\b|"
    r"\bquedamos\b|\bescrib(?:a|e)me\b|\bwhen ?ever (?:you (?:want|like|can)|is|works)|"
    r"\bcuando (?:quiera|quieras|guste|gustes)\b"
)
SELF_CALLS = re.compile(
    r"\b(?:i'?ll|i will|i can|let me|we'?ll|we will|i'?d rather|i'?m going to|"
    r"i'?ll just) (?:\w+ )?(?:call|ring|phone|contact|reach out|get back|reach|try)\b(?: (?:you|to you|"
    r"back)){0,2}|\byo (?:le|te|les|os|lo) llam\w+|\b(?:ya )?(?:le|les|te|os|los) (?:llamare|llamo|llamaremos|"
    r"llamamos|contacto)\b|\bya llam\w+ yo\b|\bvoy a llamar\w*"
)
AVAILABLE = re.compile(
    r"\b(?:same time|instead|misma hora|a partir de|how'?s|cuando quiera|(?:i|we) (?:can|could) do|no, (?:por la|"
    r"a las?|el)|"
    r"works?|better|best|"
    r"good|great|free|available|"
    r"prefer|preferably|how about|"
    r"what about|make it|"
    r"make that|let'?s say|suits?|easier|fine|perfect|ok|okay|would be|should be|i'?m (?:in|home|back|"
    r"around|off|free)|open|"
    r"mejor|prefiero|preferiria|puedo|podria|me viene|me va|libre|disponible|estoy en casa|estare|seria|"
    r"perfecto|que tal|bien|conviene)\b"
)
ASKS_WHEN = re.compile(
    r"\?|\b(?:when|what time|what day|which day|good time|better time|best time|call you|call back|"
    r"ring you|callback|reach you|try you|speak (?:with|to) you|talk (?:to|with) you|follow up|"
    r"cuando|a que hora|que dia|que hora|llamar\w*|llame\w*|llamo|le va bien|te va bien|hablar|volver a|"
    r"contactar\w*)\b"
)
ACCEPT = re.compile(
    r"^\W*(?:(?:oh|um|uh|well|ah|hmm|mm|bueno|pues|eh),? )?(?:yes|yeah|yea|yep|yup|ya|sure|ok|okay|fine|"
    r"great|perfect|sounds (?:good|great|fine|perfect|like a plan)|that(?:'?s| is) (?:right|correct)|"
    r"that(?:'d| would) (?:be|work)|"
    r"that(?:'?s| is| would be|"
    r" will be)? ?(?:works?|fine|good|great|perfect|ok|okay|wonderful|lovely|be (?:fine|great|good|"
    r"perfect))|works for me|absolutely|go on(?: then)?|go ahead|adelante|andele|orale|sale|of course|"
    r"please do|please|alright|all right|"
    r"very well|deal|good|wonderful|excellent|cool|correct|exactly|right|i can do (?:that|it)|let'?s do|"
    r"do that|no problem|definitely|certainly|awesome|thank you|thanks|i guess|lovely|brilliant|it works|"
    r"that time works|si|vale|de acuerdo|perfecto|claro|por supuesto|"
    r"esta bien|bien|bueno|dale|me va (?:bien|perfecto)|me viene (?:bien|perfecto)|me parece|genial|"
    r"estupendo|correcto|exacto|sin problema|listo|okey|hecho|eso es|muy bien|andale|va|fenomenal|"
    r"encantad[oa]|ok)\b"
)
REJECT = re.compile(
    r"^\W*(?:no\b(?! problem| hay problema)|nope|nah|not\b|can'?t|i (?:don'?t|can'?t)|that (?:doesn'?t|"
    r"won'?t)|tampoco|please (?:don'?t|no)|por favor,? no|better not|mejor no|(?:i'd )?rather not|"
    r"imposible|hmm,? no|well,? no|actually,? no|pues no|uy,? no)|\b(?:doesn'?t work|"
    r"won'?t work|can'?t (?:do|make)|no me va|no me viene|not good for me|no puedo)\b"
)
BUSY = re.compile(
    r"\b(?:busy|driving|on vacation|on holiday|out of (?:town|office|the office)|de vacaciones|de viaje|"
    r"in (?:a|another) meeting|at work|working|can'?t (?:talk|speak|chat)|cannot (?:talk|speak)|"
    r"bad tim(?:e|ing)|now(?:'s| is|) ?(?:isn't|not) (?:a )?(?:great|good|ideal)|"
    r"not (?:a|the|really a) (?:good|best|great|right) (?:time|moment)|in the middle of|on another call|"
    r"on the other line|at dinner|eating|"
    r"tied up|packed|a tope|swamped|slammed|snowed under|hectic|not (?:right |just )?now|rushing|(?:walk|head|go|"
    r"stepp|runn|entr)(?:ing|ando) (?:in|into|to|a|en) (?:an?|another|my|una?|la|el|mi|otra) \w+|"
    r"in a (?:rush|hurry)|no time|don'?t have (?:the )?time|"
    r"caught me at|"
    r"about to (?:go|leave|board|start)|stepping into|at the (?:doctor|airport|gym|hospital)|"
    r"with a (?:client|customer|patient)|another time|boarding|cooking|"
    r"ocupad\w+|conduciendo|manejando|en (?:una )?(?:reunion|junta|clase|consulta)|trabajando|"
    r"no puedo (?:hablar|atender)|mal momento|no es (?:un )?buen momento|comiendo|cenando|liad[oa]|"
    r"reunid[oa]|no tengo tiempo|me (?:pilla|agarra|coge)|con un cliente|con prisa|apurad[oa]|"
    r"en el medico|ahora no puedo|voy en el coche|otro momento)\b"
)
INTEREST = re.compile(
    r"(?<!not )(?<!n't )(?<!no longer )(?<!isn't )\b(?:(?:yes|yeah|sure),? interested|i'?m (?:very |"
    r"really |quite |definitely |pretty |"
    r"kind of |somewhat )?interested|i am (?:very |really |definitely )?interested|we(?:'?re|"
    r" are) (?:very |really )?interested|sounds (?:very |really |pretty |quite )?(?:interesting|good|"
    r"great|promising|useful)|(?:that'?s|it'?s|looks) (?:very |really )?interesting|i(?:'?d|"
    r" would) (?:love|like) to (?:hear|know|learn|see|talk|discuss|continue)|tell me more|like the idea|"
    r"want to (?:know|hear|learn) more|very interested|i like (?:it|that|the sound)|"
    r"curious about)\b|(?<!no )\b(?:me|nos) interesa\w*\b|(?<!no )\b(?:estoy|estamos) (?:muy |"
    r"bastante )?interesad[oa]s?|\bsuena (?:muy )?(?:bien|interesante)|\bme gustaria (?:saber|conocer|"
    r"escuchar|hablar|ver|seguir)|(?<!no )\bparece (?:muy )?interesante|\bquiero saber mas|\bcuenteme mas|"
    r"\bme llama la atencion"
)
THINKS = re.compile(
    r"\b(?:(?:let me|i'?ll|i need to|need to|have to|want to|i'?d like to|gotta) (?:think|check|"
    r"talk (?:to|with|it over)|discuss|ask|consult|look (?:at|into)|sleep on)|think about it|(?:take|"
    r"have) a look|send (?:me|us|over|it|that|an?|some) (?:\w+ ){0,2}?(?:info\w*|details|email|brochure|"
    r"link|something|material)|(?:e-?mail|text)(?:ed)? me|mand\w+ (?:un|una) (?:correo|e-?mail|mensaje|"
    r"whatsapp)|not sure yet|maybe|perhaps|we'?ll see|possibly|(?:dejeme|"
    r"dejame) (?:pensar|consultar|mirar|ver)\w*|voy a (?:pensar|consultar|mirar|ver)\w*|(?:mandeme|envieme|"
    r"mandame|enviame|mandenme|envienme)\b|"
    r"pensarlo|consultarlo|platicarlo|hablarlo|lo (?:pensare|consulto|pienso|hablo|tengo que (?:pensar|"
    r"consultar|hablar))|"
    r"tengo que (?:pensar|consultar|hablar)\w*|quizas?|tal vez|a lo mejor|ya veremos|me lo pienso)\b"
)
MEETING = re.compile(
    r"\b(?:meeting|appointment|booked|book you|booking|demo|consultation|visit|calendar|invite|invitation|"
    r"viewing|site survey|estimate|video call|zoom|"
    r"reunion|cita|visita|demostracion|agend\w+|reserv\w+|calendario|invitacion|videollamada|consulta)\b"
)
BOOKED = re.compile(
    r"\b(?:(?:i'?ve|i have|you'?re|you are|we'?ve|we have|that'?s|it'?s|all|now|is|are) (?:all |now |"
    r"just |got you |been )?(?:booked|scheduled|confirmed|set(?: up)?|reserved|put you down|penciled|"
    r"down for)|(?:have|got|put|pencill?ed) you (?:all )?(?:down|in|booked|set)|(?:we have|that is|"
    r"that'?s) your (?:appointment|meeting|demo)|your (?:appointment|meeting|"
    r"demo|visit) is|su (?:cita|reunion|visita) (?:es|queda|esta)|see you (?:then|there|on|tomorrow|at|"
    r"next|\w+day)|look forward to (?:seeing|meeting)|calendar invit\w+|"
    r"(?:le he|te he|les he|queda|quedo|quedamos|ya esta|ha quedado|he|hemos|esta) (?:\w+ )?(?:agendad|"
    r"reservad|confirmad|apuntad|programad|concertad)\w*|nos vemos|le esperamos|te esperamos)"
)
BOOKS = re.compile(
    r"\b(?:book (?:me|it|us|an?|that|the)|schedule (?:me|it|us|an? (?:appointment|meeting|demo|visit)|"
    r"the (?:appointment|meeting|demo|visit))|set up (?:an?|the) (?:meeting|appointment|demo|visit)|"
    r"put me (?:down|in)|pencil me|let'?s (?:meet|book|schedule|do the (?:demo|meeting))|sign me up|"
    r"agend(?:e|a)(?:me|lo|la)|reserv(?:e|a)(?:me|lo|la)|apunt(?:e|a)me|quedemos|ponga(?:me)? (?:la )?cita)\b"
)
HAS_MEETING = re.compile(
    r"\b(?:already (?:have|got|booked|scheduled|set up|made) (?:an? |my |the )?(?:appointment|meeting|"
    r"demo|visit) (?:with (?:you|your)|scheduled|booked|already|set)|already (?:booked|scheduled|"
    r"made an appointment|have an appointment booked)|ya (?:tengo|tenemos|hice|reserve|agende) (?:una |"
    r"la |mi )?(?:cita|reunion|visita)(?: con (?:ustedes|vosotros|ti|usted))?)"
)
CANCELS = re.compile(
    r"\b(?:cancel|scratch|forget) (?:that|it|the)|\bactually,? (?:no|don'?t|never ?mind|let'?s not)|"
    r"\bnever ?mind\b|\bmejor no\b|\bcancel(?:e|a|elo|alo)\b|\bolvid(?:elo|alo)\b|\b(?:can|"
    r"could) you (?:just )?call me\b.{0,60}\binstead\b"
)
NOTHING_ELSE = re.compile(
    r"\b(?:anything|something) else\b|\bany (?:other )?questions\b|\balgo mas\b|\botra cosa\b|"
    r"\balguna (?:duda|pregunta)\b|\bhelp you with\b|\bayudar(?:le|te)\b"
)
HEDGED = re.compile(
    r"\b(?:maybe|perhaps|might|i guess|i suppose|quizas?|tal vez|a lo mejor|puede ser|not sure|no se)\b"
)
_DIGIT = (
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine|double|cero|uno|dos|tres|cuatro|cinco|seis|"
    r"siete|ocho|"
    r"nueve"
)
# digits of a phone number, which are no hour
PHONE_DIGITS = re.compile(
    rf"\+?\(?\d[\d\s().-]{{6,}}\d|(?:\b(?:{_DIGIT}|triple|[a-z]+teen|ten|eleven|twelve|hundred|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"doble|mas|y|ciento|[a-z]+cientos|quinientos|(?:trein|cuaren|cincuen|sesen|seten|ochen|noven)ta|"
    r"veinti?[a-z]*|dieci[a-z]+|doce|once|diez|trece|catorce|quince|\d+)\b[\s,.-]*){5,}"
)
# a turn that only goes on with a number begun before
DIGITS_ONLY = re.compile(rf"^[\W\d]*(?:(?:{_DIGIT}|\d+)\W*)+$")
# when somebody is there, said without asking for a call
PRESENCE = re.compile(
    r"\b(?:be (?:back|in|home|there|around|free|available)|(?:he|she|they)'?(?:s|re) in (?:at|on|from|by)|"
    r"(?:get|gets|getting|come|comes|is|i'm|he's|she's) "
    r"(?:off|home|back)|back (?:on|in|at|by|from)|returns?|returning|"
    r"(?:on|de) (?:vacation|holiday|vacaciones|viaje)|(?:out|away|off|gone|fuera|meeting|busy|reunion|"
    r"reunid[oa]|ocupad[oa])\b.{0,60}\b(?:until|till|hasta)|"
    r"(?:vuelv|regres|lleg|sal)(?:o|e|go|gue|ga|a|eremos|ere|era|eria|are|ara|dre|dra)|"
    r"estar[ea] (?:en|de|por|disponible|libre))\b"
)
# words that say when, and courtesy: a turn of these alone is the time to call at
_WHEN = """
    a about after afternoon afternoons again ahi al algo algun alguna an and ano antes any anytime aqui around
    asi at aunque before between bien bueno but by cada call come como con cosa couple cualquier cuando cuarto
    day days de del dentro desde despues dia dias early either el en end entra entrante entre er es esa ese eso
    esta este estos even evening evenings every favor few fin finde fine first for from good gracias ha hacia
    half hasta hey hora horas horita hour hours hoy i in is it just la las late later le like lo los luego lunch
    lunchtime manana mas maybe media mediados medio mediodia mejor menos mes meses mi midday min mins minutes
    minuto minutos mismo mitad moment momento month months morning mornings next night nights no noche noches
    noon not now o o'clock ocho of oh ok okay on one or otra otro para partir pasado past perdon pero pico
    please podria por porfa porfavor primera pronto proxima proximo pues quarter que quiza quizas ratito rato
    say semana semanas seria sharp si so sobre some sometime soon sorry sure tal tan tardar tarde tardes
    temprano thanks that the then thing this time tipo to today tomorrow tonight towards tu u uh ultima um un
    una unas unos until vez viene week weekend weeks well will works would y ya yeah yes you
"""
WHEN_WORDS = frozenset(_WHEN.split())
# words that lead to another person
REFERRAL = re.compile(
    r"\b(?:talk|speak|ask|call|reach|contact|handle|decision|charge|in charge|name is|habl|llam|pregunt|"
    r"encarg|"
    r"lleva|decide|contact|number|numero|telefono)"
)
OFFERS_CALL = re.compile(
    r"\b(?:call|ring|phone|speak|talk|try|reach|contact|follow up|llam|habl|contact|marc)\w*"
)
OFFERS_ANOTHER_TIME = re.compile(
    r"call (?:you )?back|call you|llamar|llame|another time|better time|otro momento"
)
ASKS_HOUR = re.compile(r"what time|at what|que hora|when|cuando|good time|best time")
CALL_BACK = re.compile(r"\bcall(?:back)?\b|\bllam")
SEES_YOU = re.compile(r"see you|nos vemos|seeing|meeting you")
BOOKS_NOT = re.compile(r"\bdon'?t\b|\bno (?:me )?(?:agend|reserv)")
NO_THANKS = re.compile(r"^\W*(?:no\W+)?(?:thank|gracias|no gracias|no thank)")
DECLINES = re.compile(r"interes|no,? (?:thank|gracias)|don'?t (?:want|need)|not for")
BUT = re.compile(r"\bbut\b|\bpero\b")
PREFERS = re.compile(
    r"\b(?:better|best|works?|prefer\w*|suits?|perfect|mejor|prefiero|perfecto|me viene|me va)\b"
)
CALL_YOU = re.compile(
    r"\b(?:call|ring|phone|try|reach) you\b|\bcall(?:ing)? back\b|\bcallback\b|"
    r"\b(?:le|te|les) (?:vuelvo a )?llam|\bllamar(?:le|te|les)\b|\bvolver a llamar"
)
ASKS_GOOD_TIME = re.compile(
    r"\b(?:good|convenient|bad) (?:time|moment)\b|\bbuen momento\b|\b(?:have|got|spare) (?:a|an?other|one|"
    r"1|2|two) "
    r"(?:quick )?(?:minute|moment|second)|\btiene (?:un|1) (?:minuto|momento|segundo)"
)
SAYS_NO = re.compile(r"^\W*(?:no|not|nope|nah)\b")
MENTIONS_CALL = re.compile(r"\b(?:call|ring|phone|try|llam|marc|marqu|prueb|intent)\w*")
ONLY_HOUR = re.compile(r"\W*(?:las |say |maybe |mejor )?\d{1,2}(?:[: ]\d{2}| y (?:media|cuarto))?\W*")
DECLINED = re.compile(
    r"\bno es (?:algo )?para (?:mi|nosotros)\b|\bno (?:me|nos) hace falta\b|\b(?:it'?s|"
    r"that'?s) not for (?:me|us)\b"
)
