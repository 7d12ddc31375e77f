"""English demands to stop, threats and doubtful wording; the notation is that of `compliance.optout_grammar`."""

from __future__ import annotations

DEMANDS = """
    ( make sure | see to it | ensure | so that? ) ..2 nobody|noone ..4 CALLS|CALL|contacts|phones|texts|rings me|us|here
    # told or asked before, and now again
    STOP hitting|hittin ( me|us ) ..1
    quit playing on my phone
    want ( it|this|these|that ) ..1 ( stopped|ended )
    want all ..1 ( contact|calls ) to end
    ( requesting|request|need ) ..1 removal
    removal request
    ( not|isnt|arent ) ( welcome|wanted ) $
    promised ( to )? STOP
    ( told|said ) ..1 i was ( removed | taken off )
    asked repeatedly
    ( how can i | any way to | way to ) STOP|stop ( getting )? ( these|this|them|it|calls )
    going to take for you to STOP
    still getting ( these|this|calls|your )
    ( please|must|you ) ( quit|cease ) ( $|it|calling|now )
    ( every|each|any ) CALL ..6 ( charge|charging ) you
    documenting ( every|these|all|your ) CALLS
    make you STOP
    ( change|changing ) my number because of you
    if i ( hear|get ) from you again
    ( takes|take|took ) people off
    no ( more )? ( bots|robots|messages )
    nomore ( KIND|UNK )* ( bots|robots|messages )
    ( add|put ) ..3 suppression list
    ( make sure | see that | ensure | dont let ) ( it|this|that )? ..1 ( doesnt|not|dont|never|happen ) happen? again
    ensure ..2 number is REMOVE|taken
    take the UNK|hotel|office|shop off your list
    final notice
    suppression list
    ( that|thats|this ) is? the last time $
    somebody|someone who can ( REMOVE | take )
    YOU ..3 ( have|need|got|must|required|obliged )? to? STOP CALLING? ..1 ( if|when|once ) ( i|we|asked|told )
    ( like|want|need|love|appreciate|prefer|grateful ) ( it if )? YOU ( to )? ( STOP|stopped|stop ) ( \
        $|CALLING|it|this|please )
    ( like|love|appreciate|prefer ) it if YOU ( stopped|quit|stop|didnt|never|wouldnt ) ..2
    ( i|ive|we|weve|already ) ( just|already )? ( sent|send|texted|replied|hit|typed|pressed|pushed|said|wrote \
        ) ..2 ( \
        stop|nine|star|NUM ) ..3 ( you|youre|still|again|times|already|yesterday|yet|$ )
    STOP all of? ( this|it|that )
    want ( off|out ) $
    ( drop|take|strike|scratch ) my number ( down )? (?! ;? ..4 PHONE ) $
    ( rem|rmve|rmove ) ( me|my )
    none of us ..1 WANT ..3 ( CALLS|CALLING )
    ( no|nomore ) calling ( $|please|this|me )
    ( zero|no ) calls ( from|$ )
    not ( one|a|another ) ( more|single )* CALLS
    ( process|confirm|complete|finish|expedite ) ..2 ( removal|deletion|unsubscription | opt out )
    ( hope|wish|pray ) ..2 never ..1 CALL
    ( direct|address|send|forward|route ) ..4 ( to|through|with ) ..1 LAWYER
    ( put|putting|getting ) my LAWYER on
    CALL|CALLING me|us|here again and ( see|watch|find|youll )
    tps|ctps registered|number
    ( my|the ) rights ..2 ( stop|dont )
    # do not call
    DONT FILL* CALL !it|that
    DONT FILL* CALL it|that again|anymore|ever|back|please|$
    DONT FILL* waste ..3 ( CALLING|time|breath )
    DONT ..3 ( think|dream|consider ) ( about|of )? ..1 ( CALLING|CALL|it )
    DONT FILL* use|try|dial|save|keep|store|sell|share ..1 ( my|this|our|that|the ) THING
    DONT FILL* use|try|dial it|this ..1 again|anymore|ever
    DONT FILL* sell my
    dont|never have|let anyone|anybody|someone|somebody|people ..1 CALL
    ( under|at|in|by|on ) no circumstances|circumstance|account|conditions ..4 CALL|CALLED
    ^ ( im | not | no | interested | thanks )* interested|thanks|thank|no STOP please? $
    DONT FILL* keep|be|try|start|continue|go FILL* CALLING
    ( dont|didnt|never|not ) ..1 ( give|gave|given ) ..2 ( my|this|our ) NUMBER
    no call|calling ( me|us|again|nomore|this|please|here )
    DONT FILL* follow up
    DONT FILL* send|sending|leave ( me|us ) ..2 ( CALLS|anything|stuff|offers|else|things|crap|shit|junk|voicemails )
    DONT FILL* leave ( messages|voicemails )
    DONT ..1 reach|get|hit|try ( out | in touch | me up | us up | me | us )
    ( can|could|would|will ) YOU ..1 not FILL* CALL
    ( can|could|would ) YOU ( just|please )? ( not | stop ) $
    <!i|we|and ( shouldnt|mustnt|wont|cant|cannot ) FILL* ( be|get ) CALLED
    YOU ..1 ( ( shouldnt|mustnt|cant|wont|neednt|better|may|are|will | should|must ) ) ..1 ( not )? FILL* \
        CALL|CALLING ..3 AGAIN
    YOU ( shouldnt|cant|mustnt|arent|may|are ) ( be|not|even|legally|supposed|allowed )* ( to )? be? ( \
        CALL|CALLING ) me|us|this|here|my
    ( not|never|arent|aint|isnt|wasnt ) ( supposed|allowed|permitted|meant|authorized|welcome ) to ..1 \
        CALL|CALLING|use|have
    NOT ( to )? ( be|get|being ) ( CALLED|on|listed ) ..1
    ( make|see|ensure|please ) ( sure|certain|to|that ) ..3 ( \
        dont|isnt|nobody|noone|never|not|wont|doesnt|no|arent ) ..4 CALL|CALLED
    ( trust|hope|expect|better|assume|pray ) ..4 NOT ..3 ( CALL|CALLED|hear|ring|get ) ..4 ( again|anymore|from )
    ( trust|hope|better ) ..2 ( last|never ) ..4 ( call|hear|time )
    ( this|that|its|it|be|is ) the? last ( call|time|warning|chance ) ..3 ( \
        get|you|tell|telling|call|asking|ask|warn|from|stop|dont )
    last|final|only warning
    ( better|must ) not ..2 ( get|receive|see ) ( another|any|one ) ..1 CALLS
    tired|sick|fed of|with|up ..3 CALLS|CALLING
    ( there ( is | s )? )? ( no|not|dont|theres|neednt|any )* need to|for ..2 CALL|CALLING
    dont|doesnt|neednt ( need|have ) to FILL* CALL ..3 ( again|anymore|back|me|us|my )
    call|contact ( someone|somebody|anyone|somewhere ) else
    # stop
    STOP FILL* ( with|it )? ( with|the|these|this|all|your|those|and )* CALLING|CALLS|robocalls
    STOP FILL* CALL ( me|us|my|this|here|again )
    STOP ( using|dialing|saving|sharing|selling ) ( my|this|our ) ..1 THING
    STOP leaving ..3 messages|voicemails
    STOP ..1 getting in touch
    END ..1 ( KIND|FILL )* ( CALLS|calling|communication|it )
    END ..3 ( harassment|torture|calls|communications|contact )
    STOP|stop this|it|that|already|now|please|asap|immediately|bro|dude|man $
    ^ please|just|now|ugh|ok|no|and|then? please|just? STOP ( please|now|already|it|this|just )* $
    ( ( told|said|asked|asking|telling|tell|ask|begging|need|want | demand|insist|beg|got|gotta|have|has|should \
        ) ) YOU|to|that|the? ..2 STOP|stop
    ( can|could|will|would|please|when ) YOU ..2 ( STOP ) $
    ( cut|knock|give|drop ) ( it|out ) ( out|off|a|it )? ( rest|with|the|calls )* ( \
        calls|calling|phone|with|already ) ..2
    ( knock it off | cut it out | give it a rest )
    ( lay|back ) off
    ( enough|over|done ) ( is enough|already|with|of|now )* ( the|these|your|this|phone|with|all )* ( \
        calls|calling|texts|already|messages )
    ( calls|this|these|it|texts|messages|them|calling|harassment ) ..1 ( \
        need|needs|have|has|must|got|should|gotta|better ) to? ( STOP|end|cease )
    ( make|makes|get|have|want|need|like|wish|tell ) ..2 ( calls|this|these|it|them|that|messages ) ..2 to? ( \
        stop|end|cease )
    ( tell|have|ask|get ) ( your|them|everyone|him|her|the ) ..2 ( to | not )* ( STOP|not|quit|REMOVE|take ) \
        FILL* CALLING|CALL|me|my|us
    nomore ( FILL|KIND )* CALLS
    <!here|there nomore $
    quick|quite CALLING me|us|this|my|here
    no ( KIND )* ( ( CALLS|telemarketers|solicitors|robocalls|soliciting | solicitation ) ) ( ( \
        please|thank|thanks|here|to|at|from|again|allowed|ever | nomore|ok|okay|sir|is|or|ever ) )
    no ( KIND )* ( CALLS|telemarketers|solicitors|robocalls|soliciting|solicitation ) $
    no ( more|further|future|additional ) ..2 CALLS
    not another ..2 CALLS
    halt|end|ban ..2 calls
    # wishes
    NOT|dont FILL* ..1 WANT ( to )? ( receive|get|have|hear|take|accept|answer|be )? ( KIND|from|out|your )* ( \
        CALLS|calling )
    NOT FILL* ..1 ( WANT|longer|interested|rather ) ..1 ( to|being )? ( \
        be|get|have|hear|been|being|keep|continue )? ..1 ( CALLED|CALLING|CALL|hear|disturbed )
    NOT ..1 WANT ..1 YOU ..3 ( CALLING|CALL|CALLED|to )
    NOT ..1 WANT ..1 ( to )? ( be|stay|remain|appear )? ( on|in|part|a )* ( your|any|this|that|the|a ) ..2 LISTING
    NOT ..1 WANT ..1 to ..1 ( hear|speak|talk ) ( from|to|with ) YOU ..2
    ( me|he|she|mother|dad|we|i|us ) no|not want ..1 CALLS|CALLING
    ( want|wants|wish ) ( no|nothing|zero ) ..2 ( CALLS|contact|CALLING|do )
    ( ( want|like|need|wants|have|request|demand|ask|asked|asking | wish|please|tell|prefer|id ) ) ( \
        to|that|you|a|for|my|our|this )* FILL* ( REMOVE ) ..2 ( me|us|my|from|off|our|this|number|name )?
    ( want|like|wants|need|wish|asked|ask|trying ) ( to )? ( be|get|have|come|go|stay )* ( me|us|my ..1 THING | \
        taken )* ( off|out ) ( of )? ..3 LIST|this|it|here
    ( want|wants|like|need|prefer ) to be left ( alone|in|out )
    ( rather|prefer|appreciate|grateful|glad|wish|thankful|better ) ..2 YOU? ..2 ( \
        didnt|not|dont|never|wouldnt|stopped|quit|stop|no ) ..2 ( to )? ..1 ( \
        CALL|CALLED|CALLING|hear|CALLS|get|receive|be )
    ( ( ask|asked|asking|request|requested|demand|insist|beg|told | tell|telling|say|said ) ) ..4 ( \
        not|never|dont|nobody|noone|refrain|stop|cease ) ..2 ( CALL|CALLED|CALLING|be )
    doesnt|dont ..1 ( want|wants|like|need ) ..2 ( YOU|to|anyone )? ..1 ( CALLING|CALLED|CALLS )
    ( would|do ) you mind ( not|REMOVE|taking|stopping|deleting ) ..2
    ( allergic|hate|despise|detest|loathe ) ..1 ( these|your|sales|getting|phone|being|cold ) ..1 ( \
        calls|calling|called )
    # remove me
    REMOVE|rm ( ( me|us|my|our|this|that|mine|him|her|number|all|any|these | it|myself|everything ) ) ( \
        THING|FILL|off|from|the|your|of|about )* $
    REMOVE ..1 ( me|us|my|our|this|that|mine|him|her|number|the|all|any|every ) ..2 ( ( \
        THING|LIST|immediately|now|asap|please|me|us|once|calls | right|information ) )
    REMOVE me|us|myself
    REMOVE ..2 from ..3 LISTING
    ( REMOVE ) ( number|name|info|data|phone )
    removal from ..3 LISTING|calls
    ( have|get|want|need|like ) ..1 ( my|this|our|me|her|his ) ..2 ( REMOVE|off|out )
    ( number|name|phone|contact|info|data|information|details|line ) ( should|must|needs|need|has|to|gets|be|is \
        )* ( REMOVE|off|out|blocked ) ..2
    KIN ..1 ( shouldnt | isnt|not to | must|should not ) be? CALLED
    ( number|phone|line|name ) ( shouldnt|isnt|mustnt|not | should|must|is not ) ( be|to|on )* ( \
        CALLED|on|for|in ) ..1 ( ( your|any|marketing|the|again|sales|this|LIST | \
        telemarketing|solicitation|advertising|business | promotions|CALLED ) ) ..1
    ( number|phone|line|name ) ( should|must|may|is|can ) ( not|never ) ..1 ( be|to )* CALLED
    ( number|phone|line ) ( shouldnt|mustnt|cant|isnt ) ( be|to )* CALLED
    ( number|phone|line|cell|landline ) ( is|isnt|its )? ( not|isnt|never|aint ) ( meant )? for ( ( \
        marketing|sales|CALLS|business|you|ads|your|selling | commercial|telesales|any|spam|promotional ) )
    TAKE ..1 ( me|us|my|our|this|that|him|her|mine|number|name|it ) ..4 ( off|out|away ) ( ( \
        the|your|of|this|that|any|all|these|list|there|here | \
        everything|now|please|asap|right|ur|you|immediately ) )
    TAKE ..1 ( me|us|my|our|this|that|him|her|mine|number ) ..4 ( off|out ) $
    TAKE may? number ( off|of|out )
    TAKE ( me|us|my|our|this|may|him|her ) ..2 of ( your|you|ur|youre|the|this ) ..2 LIST
    TAKE ..4 ( from|off|out ) ..3 LISTING
    TAKE my|our|this|his|her info|information|name|details|data down
    REMOVE everything|anything ..2 you|on|about ..2 me|us
    ( be|been|get|getting ) taken|removed|deleted|erased
    TAKE off ( me|my|our|this|us ) ..2
    REMOVE me ..1 ( you|your|youre ) LIST
    ( get|take ) ( us|me ) ( out|off ) of
    rid of ..1 ( my|this|our ) ..1 THING
    ( off|out|leave ) ( of )? ( your|the|this|that|all|any|ur|my ) ..2 LISTING ( \
        please|now|right|immediately|asap )? $
    ( get|got|come|be|am|want|stay|keep|out|remain|drop|go|i ) ( off|out ) ( of )? ( my|your|this|the|all|any ) \
        ( LIST|phone|line|life|back|case|calling|call|ass|house )
    ( how|where|what|way|can|do ) ..4 ( get|be|take|taken|unsubscribe|opt|stop|make|come|removed ) ..2 ( \
        off|out|calls|calling|removed|unsubscribed ) ..2
    ( stay|keep|get|go|back ) ( the|hell|fuck )* ( away|off|out ) ( of|from )? ( me|us|my|our|phone )
    keep ..1 ( my|our|this|me|us|that ) ..1 THING? ( off|out ) ..3
    ( ( lose|loose|ditch|burn|toss|trash|bin|shred|tear|rip|throw | discard|forget|destroy ) ) ( \
        up|away|out|you|ever|about|that )* ( have|had|got )? ( my|this|our|the ) ( THING|contact|card )
    ( lose|loose ) ( my|this|our|the|these ) ( UNK|NUM|THING ) !when|if
    ( lose|loose|forget|throw ) ..1 ( number|it|me )
    forget you ( ever|even )* ( had|have|know|knew|met ) ( me|this|my )
    <!dont|not|never|please|to|didnt forget about me|us
    ^ please? forget me|us
    throw ..2 THING away
    stop ..2 my ..1 subscription to ( these|the|your ) calls
    ( REMOVE|cancel|end|stop|revoke|withdraw|terminate ) ..2 ( ( \
        consent|subscription|permission|registration|enrollment | enrolment ) ) !to
    cancel ( all|my|any|the|these|future )* ( calls|texts|subscription|messages|consent|callback )
    unsubscribe|unsubscribed|unsubscribing|unsuscribe|unsubcribe|optout|desubscribe
    opt|opting|opted|opts ( me|us|my|this|him|her )* ( number )? ( out|off )
    ( off|out ) opt
    # lists
    ( ( put|add|place|get|have|list|register|include|enter|mark | flag|note|class|file ) ) ..4 ( \
        on|to|in|down|as )? ..3 dont|no|never|donot ( call|contact|solicit|disturb )
    ( mark|flag|put|list|note|down ) ..4 ( as )? not? ( dont|never|no|not ) ( to )? be? ( call|contact|CALLED )
    dnc
    ( dont|no|donot ) ( call|contact|solicit|disturb|calls ) ( list|registry|register|lists|act|request|law )
    ( on|in|with|registered|signed|joined|check|checked|checking ) ..3 ( registry|tps|ctps | preference service )
    ( blacklist|block|blocklist|exclude|suppress ) ( me|us|my|this|our|it ) !out|off|from
    ( block|blocking|blocked|blacklist|blocklist ) ( this|you|your|my|ya|yall|the|ur|these|all )* ( \
        number|numbers|you|me|phone|calls|caller|on|company|again|$ )
    ( ive|i|im|ill|going|will|gonna|have|just|already|to|we ) ( already|to|just|now|going )* ( \
        block|blocked|blocking|blacklist ) you|your|this|these|yall|it
    # leave me alone
    ( leave|let|lemme ) ( me|us|my|our|him|her|them|this|her ) ( THING|old )* ( alone|be|in|the|tf|peace|loan ) \
        !hanging !message !know !think !check !ask !see
    leave alone
    ( CALL|CALLING ) someone else
    # consent
    ( ( revoke|revoking|revoked|revokes|withdraw|withdrawing | \
        withdrawn|withdrew|rescind|rescinding|retract|revocation | withdrawal|retracting ) ) ..7 ( \
        CONSENT|authorization|permission|agreement|opt )
    ( CONSENT ) ..4 ( revoked|withdrawn|rescinded|cancelled|canceled|denied|over|retracted|terminated )
    take back ..2 CONSENT
    ( dont|didnt|never|not|havent ) ..1 opt|opted in
    NOT ..3 ( give|gave|given|giving|have|got|grant|granted|had|need ) ..4 ( \
        consent|permission|authorization|authority|authorisation ) !form
    NOT ..2 ( any )? ( right|rights|business|reason|cause ) ( to|in|for|be|you )* ..1 ( CALL|CALLING|have|use|bother )
    ( dont|never|didnt|no|not|havent ) ..2 ( ( consent|authorize|agree|permit|allow|consented|agreed | \
        authorise|authorized|subscribe|sign|signed|allowed | approve ) ) ( to|up|this|for|you|your )* ( \
        be|being|receiving|get|getting )? ( the|these|any|this|your|for|you|to|a|such|it )* ( \
        CALLS|CALLED|CALLING|this|that|robots|calls|CALL|$ )
    ( dont|never|didnt ) ..1 ( ask|asked|request|requested|want ) ( for|to|you|be|any|this|that|these|your )* ( \
        CALL|CALLS|CALLED|calling )
    without ..1 ( my|our|any|prior|consent|permission|asking ) ..1 ( consent|permission|authorization )
    NOT ..2 ( consent|permission ) $
    dont have ..1 ( consent|permission )
    <!have|with|has|give|gave no ( consent|permission )
    object|objecting|objection to ..5 ( marketing|data|processing|calls|called|calling|contacted|contact|use )
    ( right|request|invoke|exercise|exercising|invoking ) ..4 ( \
        erasure|forgotten|deletion|delete|opt|object|removed|be )
    ( notice|request|demand ) ( to|that|of|for|not )* ..4 ( ( \
        cease|stop|contact|calling|remove|removal|call|harassment | desist|delete|consent|opt ) ) ..2
    cease and desist
    cease ..1 all
    honor|respect|comply ..3 ( request|wishes|wish|privacy|decision|do )
    respect ..1 privacy
    refuse|decline|reject ..1 ( to|all|any|your|further|these|future|being|more )* ( receive|accept|take|be|get \
        )? ..1 CALLS|CALLED|CALLING
    DONT ( disturb|bother|harass|pester )
    ( this|that|it|its|thats ) ..1 ( is|be )? the last ( one|time|call|conversation|talk|chat ) ..1 \
        ( we|you|i|well|ill ) ..1 \
        ( having|have|hear|talk|speak|take|answer )
    no callbacks|callback $
    STOP asking me|us for ..2
    ^ please? pretend|imagine i ( moved|died | am dead )
"""

LEGAL = """
    ( each|every ) call ..4 ( costs|cost|dollars )
    ( have|get|got|getting|set|involve ) ( the )? law ( on|involved|after )
    ( take|taking|drag|haul|see|meet ) ( you|your|yall ) ..2 ( court|claims )
    ( every|each|these|the|all|your ) ..1 call|calls ..2 ( lawyer|attorney|fcc|court|evidence )
    ( ill|will|im|gonna|going|to|we|well|id|gotta|be|i|are|about ) ..2 SUE
    sue you|your|the|yall
    ( see|meet ) ( you|ya|yall|your ) in court
    ( my|our|a|the ) LAWYER|attorneys ..4 ( be|hear|contact|touch|call|calling|get|about|know|sue|you|involved|will )
    ( ( hear|hearing|contact|contacted|talk|speak|speaking|letter | visit ) ) ( from|by|to|with ) ..1 ( \
        my|our|a|the ) ..1 LAWYER
    ( ( call|calling|contact|contacting|get|getting|phone|ring | hire|hiring|go|going|talk|involve|told|tell ) ) \
        ( to )? ( my|the|a|our )? LAWYER
    LAWYER ( involved|involve )
    ( pressing|press|file|filing|bring ) ( charges|suit|claim )
    legal ( action|proceedings|recourse|steps|department )
    ( ( report|reporting|reported|complain|complaining|turn | turning|forward|forwarding ) ) ( \
        you|this|your|yall|it|these|ya|to|them|the|about|directly )* ( ( \
        number|company|call|calls|AUTHORITY|in|for|to|as|better | attorney|state|spam|again|$ ) )
    ( report|reporting|reported ) you|yall|your|ya
    ( ( file|filing|filed|lodge|lodging|make|making|lodged|submit | submitting|register ) ) ( \
        a|an|another|my|formal )* ( complaint|complaints|report|grievance|suit )
    ( fcc|ftc|ofcom|tcpa|bbb|ccpa|gdpr|ctps|tsr )
    ( the|to|contacting|contact|tell|with|by ) ( ico|tps|ombudsman|regulator )
    attorney general
    formal|final warning
    send|sending ..3 AUTHORITY|court
    better business bureau
    telephone consumer
    ( violat-|breaking|breach|against|violation|breaching ) ..5 ( ( \
        law|laws|act|rights|regulations|rules|privacy|gdpr|tcpa | federal|call ) )
    ( illegal|unlawful|criminal|crime ) ..4
    ( dollars|bucks|fine|fined|NUM ) per call
    ( owe|owes|cost ) ..3 per call
    harassment|harass|harassing|harrassment|harassed|stalking
    invasion|invading|violating|intrusion ..2 privacy
    ( call|ring|phone|contact|text ) ( me|us|here|this|again|number|one|my|more|house|back|time )+ \
        and|ill|or ..3 ( report|police|sue|regret|cops|lawyer|sorry|court|attorney )
    ( if ) ..6 ( CALL|CALLING|calls|call ) ..5 ( again|one|another|time|from|more ) ..6 ( ( \
        ill|police|report|sue|regret|cops|im|lawyer|attorney | going|will|we|reporting|calling|well ) )
    ( one|another ) more? ( call|text|time|message ) ( and|from|or|ill|you )
    warning you
    this|thats is|s? ( spam|harassment|trespassing|abuse|illegal )
    considered? harassment
    you ( will|ll|are|youre )? ( be )? regret
    each|every call ..6 ( fine|penalty|violation|fined )
    ( be|get|getting|been ) fined
    fine you
"""

# Weaker wording, still a wish to be left alone: fires with medium risk.
DOUBTFUL = """
    ( turn|switch|shut ) ( off|down ) ..2 CALLS
    ( turn|switch|shut ) ..2 CALLS off
    ( disable|deactivate|unenroll|disconnect|disenroll|deregister ) ..2 ( me|us|my|our|this|calls )
    sign me off|out
    ( wish|hope|want|need ) YOU|youd STOP|stopped|would ..2
    ( taken|take ) down please
    REMOVE everything|anything ..2
    ( second|third|fourth|fifth|last|hundredth ) time ( i|ive|im|we|weve|were ) ..2 ( \
        ask|asked|asking|tell|told|telling|say|said|saying )
    ( second|third|fourth|fifth|sixth|tenth|hundredth|umpteenth|millionth ) ( time|call ) ..2 ( \
        you|youve|called|today|week )
    no call policy
    ( give|pass|share|sell|hand ) ( my|our ) NUMBER ..2
    ( getting|about|receiving ) calls ;? ..1 stop
    ( cancel|cancelling|canceling|cancelled ) ..2 CONSENT
    # the words of contact beside a refusal, however they are put together
    FORBID ..6 ANYCALL
    ANYCALL ..5 FORBID
    ( under|at|in|by ) ( no|any ) ( circumstances|circumstance|time|way|means|account|point ) ..6
    DONT|cant|wont|isnt|arent|shouldnt|neither ..5 \
        CALLING|CALLED|calls|solicitation|solicitations|robocalls
    nobody|noone !here|there ..4 CALLING|CALLED|calls|solicitation|solicitations|robocalls
    no ..1 solicitations|solicitors|solicitation|soliciting
    see to it ..4 ( REMOVE|TAKE|dont|not )
    ( my|our ) ..1 NUMBER ..1 ( are|is|be|gets|get ) ..1 REMOVE
    enough is enough
    ( last|final ) time YOU CALL
    supposed to ( TAKE me|us|my ..3 off | REMOVE )
    when ..3 YOU ..3 STOP $
    not do this|it|that ..1 AGAIN
    ( asking|telling|ask|tell|warning ) ..3 last time
    is no not
    no|nobody|noone !here|there|one ..3 CALLED|rang|rings
    why|how ( am|is|are|do|come ) ..3 ( still|keep|getting|continue ) ..4 ( \
        calls|calling|list|system|call|number|database )
    ( am|is|are|why ) ..3 still ( on|in ) ..3 LISTING
    ( keep|keeps|kept|still|always|constantly ) ( getting|receiving|asking|telling|saying|on ) ..3 ( \
        calls|called|from|to|you|no|YOU )
    ( get|got|have|want|love|nice|great|wish|hope|prefer ) ..4 ( stopped|never|removed|deleted ) ..2
    ( want|ask|wish|need|hope ) is ..3 ( stop|dont|alone|CALLS|not|no )
    ( wish|wishes|want|prefer|like ) ( is )? to be left alone
    dont ..3 ( tell|say|ask ) ( you|it )? again
    wont|dont|not ( say|tell|ask|repeat ) ( it|you|this|myself )? again
    dont ..1 do that|this|it again
    consider|warned yourself warned|notified
    no means no
    ( no|not ) ..1 is|means|what no
    ( not|never ) ..2 ( not|or|and ) ever
    NOT ..1 interested in ..3 ( being|getting|receiving|your|any|these|having ) ..2 ( \
        list|calls|CALLED|call|contacted|system|database )
    ( bug|kiss|naff|clear|hop|push|get|fck|bog|rack|do ) off $
    ( hop it | gtfo | gfy | stfu )
    ( tying|clogging|jamming|taking|filling|blocking ) up ..2 ( line|phone|voicemail|time )
    ex directory
    unlisted
    how dare
    dare you
    ( ( woke|wake|waking|upset|upsetting|scare|scaring|frighten | frightening ) ) ( up )? ..4 ( \
        again|calls|never|dont|stop|anymore )
    dont ..3 ( upset|scare|frighten|worry|stress|wake|confuse ) ..3 ( calls|again|anymore|calling|more )
    ( dispose|shot|rid|delete|free ) of ..1 ( my|it|this|our ) !NUM
    cancel|cancelled me|us $
    cancel ( my|our|this ) NUMBER
    ( cancel|close|end|deactivate ) ..3 ( from|with|on ) ..3 LISTING
    opt ( my|our|this|the|it|everyone ) ..2 ( out|off )
    ( go away | get lost | buzz off | bugger off | piss off | fuck off | shove off | sod off | f off | bog off | \
        jog on )
    ( fuck|screw|damn|eff ) ( you|yall|u|your|them|yourself|yourselves )
    go ( to hell | fuck|screw|jump|kick|pound | bother )
    ( take a hike | beat it | get bent | drop dead | eat shit | kiss my | pound sand | hit the road | kick rocks )
    ( scram | shoo | begone | vamoose )
    ( bother|call|find|harass|annoy|pester|try ) ( someone|somebody|anyone ) else
    never again
    ( want|wants|have|having ) nothing ..1 ( to do|from ) ( with )? ( you|yall|your|this|any )
    over it with
    dont|never bother
    im not supposed to be getting calls
    ( not|never|dont|no ) ..6 ( hear|speak|talk ) ..1 ( from|to|with ) ..1 ( you|yall|your ) ..2 ( \
        again|ever|anymore )
    ( i|we|ive|im|weve|just|already ) ( already|just|told|have )* ( said|say|told|asked|tell ) ( \
        you|them|yall|already|the )* ( no | nomore | stop | enough | dont )
    ( call|calls|calling|called ) ..8 ( said | told you | say ) no
    ( that|this|its|thats ) ( is )? enough
    ( stop|quit|end|drop|cut|knock|cease ) ( it|this|that )
    <!you|to|bus|the|a|not|dont|cant|wont stop $
    ( we|i|they|our|office|company|policy ) ..1 ( dont|cant|never ) ( ( \
        accept|take|do|answer|allow|respond|talk|speak|want|get | buy|entertain|welcome|permit ) ) ( to )? ( \
        KIND )* ( CALLS|telemarketers|solicitors|solicitations|callers )
    private ( number|line|phone|residence|home ) ..6 ( dont|no|not|please|never|stop|remove )
    ( just|please|like ) ( just|dont )? not $
    ( dont|do ) do it again
    ( too|so ) many calls
"""

# Heard as one whole clause.
DOUBTFUL_CLAUSES = """
    ^ ( please|kindly|just|now|ok|oh|sir|ugh|man )* ( ( stop|quit|enough|cease|desist|halt|unsubscribe|remove | \
        delete|end|dnc|spam|reported|basta ) ) ( please|now|already|it|this|asap|me|thanks|man|bro )* $
    ^ ( and|so|please|just|now )* ( dont|never ) ( dont|never|please|ever|do|it|nope )* $
    ^ ( off|out ) ( please|now )? $
    ^ ( REMOVE|delete|block|erase ) ( it|this|that|me )? ( please|now )? $
    ^ vanish|skedaddle|scram|shoo $
"""
