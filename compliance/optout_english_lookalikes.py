"""English phrases that sound like a demand to stop and are none; the notation is that of
`compliance.optout_grammar`."""

from __future__ import annotations

# The same words with another meaning; taken out of the text before the demands are looked for.
LOOKALIKES = """
    # asked or told about opting out, not asked for
    <!dont|didnt|never|not|havent opt|opted|opting ( me|us|back )* in
    what happens|if ..3 ( opt out | unsubscribe | cancel )
    how does|do ( opting out | opt out | unsubscribing ) ..1 work
    what does ..2 ( opt out | opting out | unsubscribe ) mean
    opt out fee|policy|clause|period|form|button
    ( can|could|may|do ) i ..3 ( opt out | unsubscribe | cancel ) ..2 ( \
        later|afterwards|anytime|whenever | any time|point|moment )
    opt|opted out of the|my UNK|dental|arbitration
    ( how does the|a? | what ( does|is ) ..6 ( a|the ) | is there a|any ) ( dont|no ) call ( list|registry ) ..2
    on the dont call list ( but|and ) im not
    why did YOU guys|people? STOP CALLING me|us?
    why did YOU ( take|remove|delete|drop ) me|us ..4 LISTING?
    why was|were i|we ( removed|taken|deleted|dropped ) ..4 LISTING?
    ( do|will|would ) you ( stop|quit ) CALLING ..2 if ( people|somebody|someone | i|we \
        buy|bought|sign|signed|order|ordered|pay|agree|join )
    if i|you|we ( press|pressed|push|say|hit ) ..4 ( stop|stops ) CALLING
    how do people ..3 ( off|out ) ..3
    not opting out
    ( told|asked ) ( my|another|some | the other | a different ) ..2 ( to | not to ) ( STOP CALLING | leave | \
        take | REMOVE ) \
        ..1 ( alone | off ..3 )?
    ( told|asked|advised|warned ) me not to ( CALL ..3 )
    my ..1 ( told|asked ) you|yall guys|people? to STOP CALLING ..2 (?= you|yall ( did|have ) )
    keeps ( telling|asking ) me to STOP CALLING ..2
    ( will|would|could|can|said|says ) ..3 STOP CALLING UNK !again|me
    the dont call list|registry ( anyway|cost|you )
    does ( being|getting ) on the dont call list ..2
    ( opted out | unsubscribed | pressed nine ) by ( mistake|accident ) (?= ..3 ( put|opt|back|how|$ ) ..4 ( \
        back|$ ) )
    # somebody else's calls, and ours are better
    ( other|last|previous|another|those|competitor|competitors ) ..1 ( \
        company|companies|guys|people|ones|callers|crowd|lot|UNK ) !call|calls ..14 ;? ..6 ( \
        glad|nice|nicer|polite|fine|better|good|great|different )
    ( its | it is )? not that i|we dont ..5
    # it has not happened
    ( and|but|so|yet ) nobody|noone ( ever|has|have )* CALLED !CAP|UNK
    ( ive|weve|i|we ) ..1 never been CALLED ( by|like|before|from )
    # what may be done later
    i|we can|could|may cancel ..2 ( anytime|whenever|later|correct )
    ( ill|hell|shell|theyll ) be off|out ..3
    # welcome calls
    of course you may CALL me
    not that i dont want CALLS
    ( there was | i had | we had ) no call|calls
    no calls came
    no call no show
    my ( kids|son|daughter|children|grandkids ) never CALL ( me|us )?
    ( paper|payment|payments ) on ( a|my|the ) check
    stop payment
    when does the UNK|coverage|offer stop
    stop you $
    ( is|was ) this a? ( spam|scam )
    ( other|last ) ( telemarketers|company|guys ) ..2 ( harass|harassing|harassed ) me
    do you have a legal department
    wrong ( model|part|serial|order|case|account|policy ) number
    moved ( in|out of state )
    no longer ( have|has ) the UNK|car|house
    ( call off | need to call off ) ..3
    ( check|cross ) that off ( the|your|my ) list
    ( do|will|would ) you ..1 ( share|sell ) my ..2
    bother ( with|sending ) the ..1
    ( not|isnt|arent|wasnt ) ( bothering|disturbing|interrupting|annoying ) ( me|us|anything )
    ( dont|no|not|havent|never ) ( have|had|got )? ( a|any )? ( \
        problem|problems|objection|objections|object|objecting|issue|upset|mad|angry|annoyed|sorry ) \
        ( with|to|that|if|at|about|when ) ..2 ( CALLING|CALLED|CALLS|CALL ) ( me|us )?
    ( thanks | thank you ) for not CALLING ..3
    need to apologize ( for CALLING )?
    need to CALL ( the|my|our|a ) ..2
    # one way of contact is refused for another
    ( DONT|stop|no|not ) ( FILL !text )* ( \
        email|emails|text|texts|write|mail|message|messages|emailing|texting|writing|letters ) ( me|us )? ;? \
        ( just|please|instead|but|and|only )* (?= ( call|ring|phone ) ( me|us|instead|is|$ ) \
        !ever|again|back|or|either )
    ( unsubscribe|take|remove ) me ..3 ( emails|email|newsletter | mailing list ) (?= ..1 ( but|only|keep|calls ) )
    ( emails|email|newsletter ) only
    DONT FILL* CALL ( my|the|our|his|her ) ( \
        UNK|wife|husband|house|office|shop|store|home|assistant|secretary ) ;? \
        ( just|please|instead|but )* (?= CALL ( me|us|him|her|my|the|directly ) )
    DONT FILL* CALL my ..1 ( employer|employers|reference|references|landlord|doctor|bank|school )
    DONT FILL* ( ring|press|touch|buzz ) ( the|my )? ( doorbell|bell|buzzer|door )
    ( on|in|to ) dont disturb
    dont disturb sign
    DONT FILL* leave messages|voicemails ( with|at|in|on ) ..2
    leave ( me|us ) the UNK|details|info|information ..2
    leave me alone with
    # other things to stop, take off, block or complain about
    ( want|need|needs|like|love|trying|how|have|had ) ..2 stop ( \
        losing|paying|renting|wasting|spending|squeaking|leaking|smoking|worrying|throwing|burning )
    automatic stop
    stop start
    stop selling ;? i|im|ill
    ^ stop it CAP
    ( take|knock ) off ( NUMS|UNK ) ( percent|dollars|bucks|hundred|thousand )
    ( take|knock ) ..3 off the ( price|bill|total|cost|stove|table|quote )
    take it off the
    ( can|could|will|should ) the UNK|stain|roof|tree ..1 be removed
    ( remove|take|get ) ( my|the|our ) ..3 ( from|off ) ( of )? ( the|my|our )? ..1 ( \
        policy|account|plan|insurance|quote|contract|lease|deed|title|loan|order|cart )
    ( does|do|will|can|would ) ( it|this|that | your UNK|app|device|phone|service|product ) ( stop|block ) ..2 ( \
        calls|robocalls|telemarketers|spam|leaks|telemarketing )
    ( stop|block ) ( telemarketers|robocalls|spam ) ( with|using )
    ( stop|stopping|stops ) robocalls
    STOP sending ( me|us )? ( paper|the|my|your )* ( bills|bill|statements|magazine|catalog|newspaper|catalogs )
    about robocalls ..3
    ( boss|ex|neighbor|landlord|collector|coworker|manager ) ..1 ( harassing|harasses|stalking ) me
    harassed by a|an|my|the ..2
    need a|an ..2 ( LAWYER ) ( do|who|for|to|can|not|and )
    ( have|let ) my LAWYER ( look|check|review|read|see ) ..2
    ( suing|sue ) ( my|the|a|an ) ( UNK|landlord|boss|hospital|insurance )
    the UNK is|was|got blocked
    i|we ( dialed|dialled|called|had|have|wrote ) the? wrong ( number )
    wrong ..2 but ..2 right ..1 number
    doesnt|dont|didnt work|works here on|in|before|after ..1
    my KIN ( died|passed ) ..3 (?= ( and|so|but ) ..8 ( i|we|mine|id|im ) ( need|want|would|like|now|have|am|and ) )
    that|thats enough ( for|information|about|of|to|room ) ..1
    ( want|like ) to miss ( your|a|the|any )? CALLS
    # to stop, but not the calls
    STOP|stopped|stopping|stop ( by|over|at|into|past|round|around|off|watch|sign|light|there|here|short|dead|motion )
    stop in !the !my
    stop for ( a | an | coffee | lunch | dinner | one | gas | my | some )
    stop ( a|one ) ( second | sec | minute | moment | bit )
    ( stop ; )* stop ; ( let|i|im|my|wait|hold|thats|what|where|how|one|go|back|you|can|hang|say )
    stop ( let me | i cant | i didnt | wait | hold on | hang on | one second )
    stop ( worrying|thinking|talking|speaking|interrupting|yelling|shouting|laughing|crying|repeating|playing )
    stop asking !me|us
    stop ( apologizing|reading|listening|smoking|drinking|eating|working|being|doing|recording|taking )
    stop|quit calling ( it|that|them )
    stop|quit calling me CAP|by|names|that|stupid|crazy|old
    stop|quit calling me TITLE ..3 ; ..1 ( call|its|my|im )
    stop|quit calling me UNK ..4 ; ( its|im|my|call )
    stop|quit calling me ( a|an|my )
    STOP ( my|the|this|his|her|a|our|using ) ( car|payments|payment|meds|medication|treatment|order|subscription )
    STOP ( my|the|this|his|her|a|our|using ) ( service|delivery|bleeding|leak|bus|music|presentation|clock|train )
    STOP ( my|the|this|his|her|a|our|using ) ( pain|work|project|process|machine|line|medicine|pills|antibiotics|car )
    STOP ( my|the|this|his|her|a|our|using ) ( debit|autopay|water|noise|recording|car|job|smell|drip|renewal|policy )
    STOP sending ( it|them|bills|invoices|mail|packages ) ..1 ( to|by )
    STOP smoking|drinking|eating|taking|working|vaping|worrying|school
    stop ( him|her|them|me|you ) ( from|there|if|right|when )
    sorry to stop you
    last|bus|pit|next|full|one|first|train|subway|rest|final|quick stop !calling
    stop is|was|coming|next
    non stop|nonstop
    ( dont|never|doesnt|didnt|cant|couldnt|wouldnt|wont|not|shouldnt|mustnt|without ) KEEPING* STOP KEEPING* \
        CALLING? me|us?
    no need to STOP CALLING? me|us?
    not going to STOP FILL* CALLING?
    dont ( have|want|need|ask|tell ) YOU|it|him|her|me|us? to STOP CALLING? me|us? ( the calls )?
    ( didnt|never|not ) ( say|mean|ask|tell|asking|telling|saying|said|told|asked|meant ) ..4 STOP CALLING? me|us?
    wouldnt want you to STOP CALLING? me|us?
    i|we FILL* ( need|have|had|want|wanted|should|must|ought|tried|decided|cant|ill|promised|plan ) to? STOP CALLING
    i|we ..1 ( cant|couldnt|tried | wish i could ) ..2 STOP CALLING|thinking|laughing
    ( ( told|asked|asks|wants|wanted|begged|tells|ordered|advised | warned ) ) me|us|him|her to ( STOP|not|never \
        ) CALLING|CALL
    ( told|asked|asks|tells|advised|warned ) me to CALL
    ( he|she|it|that|they|we|i|everyone|telemarketers|competitors ) ..1 stopped CALLING
    ( he|they|everyone|telemarketers ) quit CALLING
    ( did|has|have ) ( he|she|it|i|anyone|someone|the|that ) ..2 ( stop|stopped|quit ) CALLING?
    ( tell|ask|get|make ) ( him|her|my|the ) ..2 to STOP ..1 (?! me|us )
    i|we|he|she|my|the !want|wants|need ..1 ( quit|stopped|ended|quits ) !calling
    ( my|our|the ) UNK UNK ( quit|stopped|ended|quits ) !calling
    ( did|has ) CAP|UNK ( quit|stop|end )
    ( have|had|want|going ) to ( quit|end ) ( my|the ) !calls
    # to cancel, end, remove, delete or take off another thing
    ( cancel|remove|delete|drop|change|move|erase|clear ) ..3 OTHER_THING
    delete ( that|the|my ) last ..1
    ( end|quit|stop|take|block ) ( my|the|our|a ) OTHER_THING !number off|out?
    ( take|get ) ( my|the|our|a|this|that ) ..1 OTHER_THING off|out
    ( cancel|end|stop ) ..2 subscription to ..1 !these|your|those|calls \
        magazine|newspaper|paper|journal|box|channel|UNK
    ( take|took|taking|taken|get ) ( me|us|it|him|her|them ) off ( of )? ( the|your|that|my )? OFF_WHAT
    ( remove|removed|take|taken|delete ) ( me|us|my|it ) name? ( from|off ) ( of )? ( the|your|that|my )? OTHER_LIST
    ( take|took|taking ) ( the|a|tomorrow|DAY|time ) !number|name|phone ..2 off \
        !your|list|lists|database|record|records
    take my coat|shoes|hat|glasses|jacket|mask off
    take it off ( the|my ) ( bill|price|invoice|total )
    ( take|taking|took|knock ) ..2 ( NUMS|percent|a|dollars|dollar ) off
    ( percent|discount|dollars|NUM|much ) off ..1 ( list|price )
    get off at|work|early
    ( cant|dont ) ..1 take ( calls|call ) TIME
    # a mailbox speaks
    ( cant|cannot|unable|couldnt|wont|isnt|not ) ..3 ( take|answer|pick|get|come ) ( up|to )? \
        ( your|this|the|my|a )? call|phone|telephone
    the person|party|customer|subscriber|number|user ( that|whom )? you ( are|have|were )? \
        trying|calling|called|dialed|dialled|reached ( to reach|call )? ..2 available|unavailable
    NOT ever? ( take|took|taken|remove|removed|delete|deleted|erase|lose|drop|block ) THING_ME? ..4 LISTING
    NOT ever? ( unsubscribe|unsubscribed | opt|opted me? out )
    NOT ever? ( take|remove|removed|delete|erase|lose|drop|block ) ( me|us|my|it|him|her ) THING? off?
    ( dont|didnt|never|doesnt|not ) want ..2 to be? ( REMOVE|taken|dropped|lose|opt ) ..3 LISTING?
    ( dont|didnt|never ) ( ask|asked|want|mean ) to? be? ( REMOVE|taken ) ..3 LISTING?
    ( am|is|was|are|im|were ) ..2 not|never|isnt|wasnt on ..2 dont|no|dnc call? LISTING?
    ( to|for ) ( opt out | unsubscribe | be removed | remove your number ) ..6 press|dial|say|reply
    ( press|dial|hit ) NUMS|star|UNK now? to ( opt out | unsubscribe | be removed | remove | stop )
    do i ( need|have ) to ( opt|unsubscribe ) ..3 ( plan|insurance|coverage|program )
    opt out of ..2 ( insurance|coverage|warranty|plan|upgrade|paperless|program|procedure|protection|test|class )
    unsubscribe ..1 from ..2 ( bills|bill|paper|newsletter|magazine|plan )
    # to call with another meaning, or another person
    why dont you ..1 ( CALL|try|give|get ) (?! ..1 less|never|somewhere|someone|somebody )
    ( i|we|usually|normally|people ) ( usually|normally|really )? ( \
        dont|never|didnt|wont|cant|couldnt|wouldnt|havent ) ( usually|ever|even )? CALL (?! me|us|here|CALLS )
    ( he|she|it|CAP|KIN|company|office ) ( never|doesnt|didnt|wont|cant|has|hasnt|wouldnt ) ever|even? CALL|CALLED
    ( no|not ) one !more|single ..2 ( CALL|CALLED )
    ( CAP|somebody|someone|he|she|they|you ) called ( me )? ( from|about|earlier|yesterday|this ) ..2
    hasnt|havent|didnt anyone|anybody|someone|he|she ..1 CALL|CALLED
    ( dont|didnt|never|not|havent|no ) ..1 ( get|got|gotten|received|receive|had ) ( a|any|your|the|no )* CALLS \
        ( from you )? $
    i|we got no CALLS
    ^ nobody|noone ..1 CALL|CALLED !CAP|UNK ..2
    YOU ( dont|never|didnt|wont|havent ) ever? CALL|CALLED me|us? ( back|when|enough|on|like|as|yesterday|last|about )
    <!rather|if|prefer|wish|hope|pray|better|sure|ensure|that|appreciate|grateful|glad you|they|yall \
        guys|people|all? ( \
        didnt|never|havent ) even? CALL|CALLED
    <!appreciate|grateful|glad|nice|great|love|better|obliged|it ( if|case ) ..2 ( \
        dont|doesnt|nobody|noone|didnt ) ..1 CALL|hear|get me|us|you|back? ( back|by|before )?
    DONT CALL ( a|an|NUM|each|people|strangers|clients|customers|everyone|in|sick|while|and )
    DONT CALL the ( police|cops|doctor|manager|ambulance|bank|insurance|school|landlord|plumber|others|fire )
    DONT CALL me|us|him|her|them FILL* TITLE|CAP|that|names
    DONT CALL me|us|him|her UNK ; ..1 ( call|its|im|my|i|names )
    DONT CALL me|us|him|her UNK ( call me | my name | its|im )
    DONT CALL me UNK $
    DONT CALL me ( a|an ) !NUM
    DONT ( hesitate|forget|fail|afraid|worry|mind|wait|miss|stop ) ..1 to? CALL|CALLING ..2
    DONT be ( afraid|shy|scared|embarrassed ) to CALL
    ( dont|wouldnt|doesnt|didnt|not ) ..1 ( mind|bother|disturb|trouble ) ( me|us )? ( \
        if|you|that|your|at|to|getting )
    not a? bother|trouble
    how come|about you? dont? call
    why didnt|havent|hasnt|dont ..1 ( YOU|CAP|he|she ) ..1 CALL|CALLED
    my ..2 ( wont|never|doesnt|dont|cant ) leave|let me|us ( alone|be )
    ( my|the|a ) ( dog|cat|kids|kid|son|daughter|ex|husband|wife|boss|neighbor|children ) ..3 leave|leaving me alone
    dont leave me
    dont|never|not|didnt forget me|us|about
    dont hang up
    # lawyers, the police and complaints about something else
    ( my|a|the|our ) LAWYER ( recommended|said|told|will|is|has|asked|suggested|referred ) ..1 ( \
        you|sign|send|look|review )
    ( my|a|the|our ) LAWYER recommended|referred|suggested
    ( im|is|are|was|am|as|be ) ( a|an|the )? LAWYER
    ( need|want|looking|find|hire|getting|get ) ..1 a ( divorce|good|new )? LAWYER ..1 ( for | to )
    ( work|works|working ) ( for|at|with ) ..3
    the police ( station|department|academy )
    call my LAWYER about the ..9
    ( report|reporting|reported|complaint|complain ) ..2 ( ( \
        leak|broken|problem|outage|window|theft|repair|bill|noise | fault ) )
    ( complaint|complaints|complain ) about ..2 ( ( repair|bill|order|service|product|delivery|last|work | \
        invoice|technician ) )
    i|have|to report to|for ( my|the|a|jury|duty|work ) ..2
    respect the ..3 sign
    harassment insurance|training|policy
    is ( this|it ) ( legal|illegal|safe )
    road block|block
    block ( off|out|party | my calendar|schedule )
    ( live|lives|on|around|down|this ) ..1 the block
    look|looking forward to hearing|hear ..3
    <!not|never|dont looking forward to ..2
    ( can|could ) we end ( the|this ) call
    dont cancel ..2
    drop it|them|him|her off ..1
    LAWYER will be at|there
    ( complaint|complaints|complain ) ( about|on|against|regarding|with ) my|the|a \
        !CALLS|CALLING|way|fact|number|harassment|constant
    in selling|advertising|marketing !to
    # what the speaker, a relative or a thing must stop, and questions about how it ends
    i|ive|we|weve got|have|had|should|must to? stop !getting|receiving|these|this|it|all|you|your
    does ( it|this )? the? ..2 stop|end|quit ( automatically|by|when|after|on )
    does the ..1 ever? stop|end $
    stop|pause and ( think|look|listen )
    stop ; ( youre making me | you flatterer | youre too )
    how would|could i unsubscribe ..1 if|later|when
    ( who | did anyone|somebody|someone ) told|tell you ..2 ( to stop | not to | wanted to be ( taken|removed ) ) ..4
    he|she|they told|asked him|her|them to ( leave|stop|quit ) ..4
    # "it" is cut, the price is dropped, a day is blocked
    cut|drop it|them ( in|to|into|with|for|by )
    drop me a ( text|line|note|message|call )
    block ( off|out )? ( my|our|the )? DAY|calendar
    scratch|strike that $
    let me be ( honest|clear|frank|direct|blunt|straight )
    let me alone ( for|decide|with )
    let me alone on ..2
    i|we sued my|our|a|the ..1
    on hold with the? ..1 REGULATOR
    not harassment
    is that|this|it enough
    no need to|for call|calling ( ahead|first|before )
    dont|doesnt|didnt get ( many|much | a lot of ) ..2
    # somebody moved, died or left, and the speaker goes on
    <!pretend|imagine|that i|we moved
    ( he|she|KIN|ex ) ..2 ( moved|live|lives|left ) ..2 so ..1 its just|only ..2
    KIN ..1 ( died|passed ) away? and ( i|we|left )
    dont live there anymore ; i|we live
    never heard of you|your ..2 ;? ..1 ( who|where|what|tell|are )
    id|had never heard of
    ( card|drain|driveway|sink|toilet|road|calendar|account|pipe ) ( is|s )? blocked
    dont ( cut me off | drop the call | go away | get me wrong )
    ( agent|guy|company|driver|technician|office ) never CALLED ..1
    ( they|dog|cat|neighbor|neighbors|boss|kids ) wont leave ( me|us|my ) ..1 ( alone|be|peace|at | in peace )
    we|i no longer have a ..1
    no longer ( with that company | working|married|driving )
    not me ; my ..1 decides|handles|does
    never again will i
    i reported it to ..2
    new owner of the house and ( need|want ) !no|to
    took my|his|her name off the ..1
    was|were i|we ( removed | taken off ) from? the|my ..2
    sent ..2 to the wrong ..1
    ( dad|mom|father|mother ) died so ..1
    look|looking forward to ..1
    lawyer friend
    or do i cancel it
    retired|retirement
    driveways|cards|drains blocked
    ( pressed|pushed|hit|clicked|picked ) the wrong ..1
    mailbox is full ..2 cant accept messages
    ( subscriber|person|customer|number|call ) ..4 cant be ( reached|completed )
    did YOU REMOVE|take my name|number from|off the raffle|drawing|waitlist|waiting
    rid of ( my|the|this|our ) old ..1
    getting your ( voicemail|machine|message )
    ( not|isnt ) accepting calls right now
    the phone much
    not the owner ;? ( he|hes|my|she|shes|but )
    the police came ..4
    neighbor|friend reported
    wrote the wrong time|day|date
    dont need to think about it
    may call this number any
    stop|quit transferring|joking|kidding|teasing
    dont transfer me ..1
    day off
    ^ dont know $
    ^ not anymore ; we|i ..3
    ^ what a ..1 nuisance|pain|shame|pity $
    # praise, haste and slips
    stop it ;? ( youre|haha|lol )
    stop ; youre going
    forget it ; ill|i|id|we|well
    ^ go away ( for|in|to|on|every ) ..2
    ^ get lost a|on|in|out|easily|every
    take|write|jot|copy my|the|this ..1 number down ;? its|ok|NUM
    lose the UNK
    ( shame on me )
    dont bother with the UNK
    no spam in
    police report
    i|we ( need|found|have ) a? lawyer|attorney ( for|do|who|in|that )
    ill|id|im|we|well sue|suing the|my|his|her !company|people|next|person ..1
    time ive|i|weve ( used|bought|hired|been|come|ordered|rented )
    never heard of ( it|that|this|the )? ( place|brand|company|product|thing|model )? ;? ( \
        where|what|is|but|any|how|id ) ..2
    just got this phone and|so|but i|it
    gets? ( mixed up | confused ) ( with|about|by ) !number|numbers|me|us|ours
    blocked you|your|this ..2 ( by|itself ) ..1
    blocked you|your|this ..1 ; i|its|ive ..2 ( fixed|unblocked|undid|undone )
    opted|opting out of ( the|my )? ( warranty|insurance|coverage|dental|vision|extra|upgrade|plan|extended )
    ( wouldnt|didnt|wont ) leave me|us alone ;? ( thats|so|which ) ..1 why|i|we
    ( finally|before|till|until ) ( they|he|it )? ..1 ( quit|stopped|gave ) ( up|CALLING ) ( me|us )?
    dont|doesnt need ( a|the|any|your )? CALLS|CALL|call ;? just|ill|i|come
    not him|her ; the ..1 one|other
    # a relative who is on some other list, died or left
    ( TAKE|REMOVE|get ) my|our KIN|kids|kid|children ..1 ( off|from|out ) of? the ( \
        waiting|waitlist|wait|field|trip|team|bus|class|guest|party|school|roster|schedule|tuesday ) ..2
    KIN ..1 died|passed away? ( last|in|on|this|a|two|earlier ) ..2 ;? and ..2
    # somebody answers for a place and goes on
    ( this is | its | were ) a? UNK? ( hospital|school|church|cafe|shop|office ) room? ;? and? ( we|i ) \
        ( need|want|have )
    REMOVE my|the|his|her middle|first|last|maiden|old|second|extra ..1 ( name|initial|address )
    unsubscribe my KIN from the? !calls|list|your ..1
    dont|doesnt know who ( sold|built|made|installed|painted|designed ) me|it|this|the ..1
    lol|haha|hahaha stop $
    wrong|bad link|chat|thread|pic|photo|size|color|order
    i|ive dialed|dialled|called|pressed the wrong ..1
    how do i block !your|you|this ..2 ;? ..4
    one|another more? call and ill|well know|decide ..1
    one|another more? call and ill|well have an|decided ..1
    ( acting up ) ;? not the ..1
    knock off NUM|UNK
    stop and|n get|grab|buy
    not him|me ; the ..1 one
    told you already ;? its|it|the ..4
    <!not|dont|never want|like|love to hear more ( about|of ) ..2
    ^ whatever you want|like|say|think $
    ^ ( this number | get it ) $
"""

# Somebody else's calls, and ours are better: even the complaint is not about us.
OTHER_CALLERS = """
    ( other|last|cable|previous|telemarketers|scammers|competitor|competitors ) \
        !time|week|month|night|call ..16 ;? ..4 ( \
        not you | youre ..1 ( fine|nice|nicer|polite|politer|better|different|good|kind ) | \
        you i ( dont mind | like ) | you can ( call|keep|ring ) )
"""
