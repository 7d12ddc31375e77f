"""English rules of `compliance.optout` by what they mean, in the notation of `compliance.optout_grammar`.

The demands are in `compliance.optout_english_demands`, what only looks like one in
`compliance.optout_english_lookalikes`.
"""

from __future__ import annotations

# Said by someone who wants the calls to end, although the words look like a negation or a report.
COMPLAINTS = """
    YOU ..2 never|wont|dont|cant|didnt|havent|refuse|still to? STOP FILL* CALLING|with|already
    why|when|if|how ..2 wont|dont|cant|will|would|do|are|didnt|havent|can YOU* ever? going? to? STOP FILL* CALLING
    if you dont stop|quit|remove|take|leave|cease
    YOU ..2 never|didnt|havent|still|wont|refuse|forgot|failed to? REMOVE|taken|take|took me|us|my|our|this|off
    why havent|hasnt|isnt|wasnt|am|arent|didnt|is|are|wont|dont ..4 REMOVE|off
    youre still CALLING
    and|but you still CALL|CALLING
    dont you|yall people|guys|ever ..2 STOP
    why do|are|does|did ..2 ( keep|keeps|still|always|constantly|repeatedly ) CALLING
    why do|are|must ..3 CALL|CALLING ( so much | every day | all the time | constantly | this number )
    YOU ( keep|keeps|kept ) ..2 CALLING
    YOU CALL|called|calling ..3 ( every|each single? day|week|hour )
    every single? day YOU CALL
    YOU CALL ..2 all day|time|the
    ( every day | all day long? | day after day ) ..2 with|YOU ..1 calls|call|calling
    ( had enough of | sick of | sick and tired of | tired of | fed up with | done with ) ..4 CALL|CALLING|CALLED|CALLS
    ( sick|tired|fed|had|done ) ..2 ( of|with ) ..2 you|yall|people|this|these ..2 CALLING|CALLS|people|crap|shit
    ive had it|enough (?! of|for|from|with|good|serviced|about|since|in|a|NUMS )
    ive had it|enough ( of|with|from ) ..2 you|your|yall|people|CALLS|CALLING|CALL|crap|shit|nonsense|harassment
    ive had it|enough ( of|with|from ) this $
    how many ( more )? times ..8 ( tell|ask|say|told|asked|stop|no|removed|call|press|push|hit|reply )
    what part of ..5 ( dont|do|not|no|stop|leave|off|never )
    ( didnt|havent|did|have ) i ..2 ( tell|told|ask|asked|say|said ) ..3 ( not|stop|quit|REMOVE|take|no|dont )
    ( thought|said|told|asked|tell|asking|telling ) !me ..3 ( not|never|dont ) to? FILL* CALL
    ( said|told ) ( you | them | yall )? no ( more calls | nomore calls | three|two|several|many )
    phone|line|NUMBER ( wont|doesnt|never|hasnt|keeps ) ( stop|stops|stopped )? ringing|buzzing ..1 of|to you|your|yall
    get|getting ..1 of these a|every|each day|week
    stop i|we cant take it|this|any
    YOU dont|cant|wont get ( the|a ) message|hint|picture ;? ( do|can|will ) you
"""

# "Not interested now; call me in May": a later call is asked for in so many words, in a clause of its own. It says
# nothing about stopping, and a "not" of the clause before it does not reach into it.
INVITATIONS = """
    ^|but|so INVITING* ( why dont you )? CALL|try|reach|get|catch BACK_TO* LATER NO_THREAT
    ^|but|so INVITING* CALL|try BACK_TO* ( back | again later ) $
"""

# Threats against calls at one time of the day; an invitation beside them shows that only that time is meant.
TIMED_THREATS = """
    ^ ..1 if YOU FILL* CALL|CALLING BACK_TO* LATER_TIME ..8
"""

# A demand that is limited to a time is about the time.
TIME_LIMITED = """
    DONT|DIDNT|no|cant FILL* CALL|CALLED TARGET* FILL? TIME NOT_EVER
    ( can|could|would|will ) you not FILL* CALL TARGET* TIME NOT_EVER
    STOP|quit FILL* CALLING TARGET* LATER_TIME NOT_EVER
    ( no | nomore | dont|doesnt ..1 WANT ..1 ) KIND* CALLS TARGET* TIME NOT_EVER
    ( dont|doesnt ) ..1 WANT YOU? ..2 CALL|CALLING|CALLED TARGET* TIME NOT_EVER
    ( not|never ) ( in|on|at|before|after|during|this|so|too ) ..2 MORNING|DAY|NUMS please?
    DONT CALL TARGET* on|during my|our UNK NOT_EVER
"""

# "Don't call this number, call my cell": this number is the one that may not be dialled again.
NUMBER_LIMITED = """
    DONT|STOP|not FILL* CALL|CALLING|use ..2 ( on|at|to )? ( this|my|that|the ) ..1 NUMBER|line|phone ;? ..1 USE_OTHER
"""

WRONG_NUMBER = """
    ( gave|given|put|typed|entered|wrote|used|listed|submitted|left ) ..2 ( my|this|our ) NUMBER ..3 ( \
        mistake|error|wrong|accident|mistakenly )
    ( want|need|looking|have|reached|got|after ) ..1 ( somebody|someone|different|another ) ( else|person|number )
    this is a different ( person|number|family|guy|house )
    ( person|he|she|CAP|they|KIN ) ..1 ( hasnt|havent|isnt|aint|never|not|no ) ..1 ( \
        had|has|lived|worked|been|living|working|with ) ..3
    never been a CAP|UNK ..3
    this isnt|not the CAP|UNK residence|house|home|family|office|phone
    ( not|isnt ) the ( right )? number ( for ..3 )?
    ( had|has|owned|used ) this number before
    number was ( reassigned|reissued|recycled|given ) ..2
    ( bought|got|activated|purchased ) this ( sim|chip|phone|line ) ..3
    private residence
    ( old|previous|former ) number for
    this|that|it ( hasnt|isnt|wasnt|not ) ..1 ( been )? ( his|her|hers|their|theirs|CAP ) ..2
    number ( isnt | is not ) ( hers|his|theirs|CAP )
    ( hes|shes|theyre|he|she|is ) ..1 ( not|isnt ) ..1 ( at this number | here anymore )
    nobody|noone|no|one ( called|named ) ..3
    new owner of ..2
    this|that|its|thats isnt|not UNK ( phone|number|cell|line )
    not who YOU ..2
    wrong|rong|wrng|incorrect|bad ..1 ( ( number|numbers|person|guy|girl|house|party|phone|one|man | \
        woman|lady|place|home|family|num|digits|numba|numb | company|address|extension ) ) !of|for|on|in|is
    ^ wrong|rong|wrng number|num|numb|nmbr|person
    ( dialed|dialled|dial|called|calling|reached|got|have|typed ) ..1 ( wrong|incorrectly|mistake ) $
    ( dialed|dialled|misdialed|misdialled ) ..2 wrong|incorrectly
    misdialed|misdialled|misdial
    ( no|aint|isnt|not|never|nobody|noone ) ..2 ( by|with|of|under|called|named ) ..1 ( name|that|this|CAP )
    ( no|nobody|noone|isnt|not|never|aint ) ..2 ( here|there ) ( by|named|called|with )
    ( nobody|noone|one|anyone|anybody|somebody|person ) ( here )? ( called|named|by ) ..2
    ( no|isnt|aint ) !NO_PERSON CAP|UNK|one|body|such ..2 lives? here|person|at this|number|address? $
    ^ ( theres|there|is|s )* no !NO_PERSON CAP|UNK ( here|at ) ..3 $
    ( doesnt|dont|not|didnt|never|longer|nobody|noone ) ..2 ( ( \
        live|lives|living|work|works|working|stay|reside|belong | lived|worked ) ) ..1 ( \
        here|there|anymore|at|with|longer )
    ( no longer ) ..2 ( here|number|has|have|at|with|works|lives|employed|this )
    ( moved|gone|left ) ( out|away|on|back )? ..1 ( ago|years|year|months|last|here|long|company|out|away )
    ( this|that|its|it|thats ) ..1 ( isnt|not|aint|longer|is ) ..2 ( \
        his|her|their|CAP|hers|someone|somebody|another ) ..1 ( number|phone|cell|line|house|anymore|elses|else \
        )
    ( isnt|not|aint|no ) ..1 ( his|her|their|CAP|hers ) ..1 ( number|phone|cell|line )
    ( thats|this|that|its ) ( not|isnt|aint ) ( me | my name | him|her|us )
    not|isnt my name
    ^ not me $
    ( not|isnt|aint|never ) ..1 ( the )? ( person|guy|one|man|woman|lady|party|company ) YOU ..2 ( \
        want|looking|need|think|trying|calling|asked|seek|after|are )
    ( person|people|guy|man|woman|one ) ( YOU|that )* ..3 \
        ( isnt|not|no|doesnt|dead|gone|died|moved|wrong ) !available ..2
    ( im|am|were|is ) ( not|neither ) ( who|whom ) ..1
    ( not|never ) ( him|her|them ) $
    ( not|never ) ( him|her|them ) !yet|now
    ( dont|never|didnt ) ( know|heard|knew|recognize ) ( of )? ( \
        any|anyone|anybody|a|no|him|her|them|that|this|who )* ( ( \
        named|called|by|CAP|person|name|him|her|is|are|of|man | woman|guy|that ) ) !price|yet
    dont know ( who|any|anyone|him|her ) ..3
    never heard of
    ( confused|confusing|mistaken|mistake|mixed|mixing|confuse ) ( me|us )? ( with|for|up|this|number )
    ( looking|searching|asking ) for ( someone|somebody|somone|the|another ) ( else|previous|wrong|old|prior|other )
    ( belong|belongs|belonged ) to ( someone|somebody|another|me|us|my )
    ( just|recently|newly|only ) ( got|received|changed|bought|acquired|inherited ) ( this|the|my|a )? ( new )? \
        ( number|phone )
    ( got|gotten|had|have|been ) ( given|assigned )? this ( new )? ( number|phone ) ..1 ( ( \
        last|for|since|a|two|yesterday|today|recently|NUMS|about | from|now ) )
    used to be|belong ..2 ( his|her|number|their|someone|somebody|CAP|to|my )
    this is a new ( number|phone )
    ( previous|old|former|prior|last ) ( owner|person|user|holder|customer|tenant )
    whoever ..5 ( number|phone )
    ( doesnt|not|no|longer|dont ) ..1 ( have|has|use|own|uses|owns ) ( this|that|the ) ( number|phone )
    <!i|ive|we|weve ( changed|switched|gave|got ) ( her|his|their|up|a|new|rid|this )* ( number|numbers|phone )
    ( passed away | deceased | passed on )
    ( he|she|my KIN|KIN|has|CAP|they|is|person|customer|owner ) ..1 ( died|passed|dead|deceased|buried ) !out|by|the
    ( he|she ) died
    ( is|are ) dead !end|line|battery
    ( this|were|thats|here|its ) ..1 ( not|isnt ) ( that|a|the ) ( \
        company|business|person|store|office|residence|house )
    ( this is | its|im ) a? ( hospital|school|church|residence|fax|hotel|minor|child )
    ( this|that ) ( isnt | is not | aint ) CAP CAP? $
    ( im|am|were|isnt ) not? CAP CAP? $
    ^ not CAP $
    no CAP ( here|at|lives|in|with|by|home )
    ^ CAP who
    who ( is|are|the|hell|heck )* CAP ; ..2 ( wrong|no|not|dont )
    ( doesnt|dont|not|never|didnt ) ..1 belong ( to )
    mr|mrs|miss|ms CAP|UNK ..1 ( died|passed|dead|deceased )
    they gave me this number
    number got ( recycled|reassigned|reissued )
    YOU want|need my KIN|neighbor|roommate|landlord|boss not me
"""

NOT_INTERESTED = """
    ( ( not|no|isnt|arent|aint|never|dont|doesnt|zero|havent | without|lost ) ) ..3 ( \
        interested|interest|interests|interesting )
    uninterested|disinterested
    no ;? ( thanks|thank|thankyou|ty )
    no|nah|nope ; ( im|were|its|we|i|not ) ..2 ( good|fine|ok|okay|set|want|something|sorry|all )
    no|nah|nope ; thats ( good|fine|ok|okay )
    ( im|were|we|i|all ) ..1 ( good|set|covered ) ( thanks|thank|here|as|with|sorry|right|$ )
    nah ..2 good
    thanks|thank ( you )? but no
    ( happy|satisfied|content|fine|good|stick|sticking ) with ( my|what|our|the|who )
    ( dont|doesnt|not|didnt ) ..2 ( need|want|buying|buy|looking|care ) ( ( \
        it|any|anything|to|your|that|this|the|one|a|for|insurance | more ) )
    dont want|need $
    ( ill|well|gonna|will|to ) pass !by|it|the|out|over|on
    ( not|isnt ) ..2 ( for|something ) ( me|us|i|we ) ..1 ( want|need )?
    ( already|we|i ) have ( one|a|an|someone|somebody|our|my|insurance|it )
    ( cant|not|couldnt ) afford
    too expensive
    ( out|outside|over|beyond ) of? ..1 budget
    ( already|just|we|i|ive|weve ) ( already|just )? ( bought|got|purchased|ordered|switched ) \
        one|it|another|ours|mine
    not ( today|now|buying|at ) ..2 thanks
    ( not|isnt|dont|doesnt ) ..5 for me|us $
    ( not|isnt|arent ) in the market
    ( decided|going|gone|went ) ( to )? go? with ( another|someone|somebody|a|the|our|my )
"""

NUMBER_PREFERENCE = """
    ( ( call|ring|reach|try|use|phone|text|dial|contact|get|catch | calling ) ) ..3 ( on|at|to|my|the|via )* ( ( \
        other|cell|mobile|office|landline|home|work|another | different|new|husbands|wifes|cellphone ) ) ( \
        number|phone|cell|line|instead|please|too|one|$ )
    ( call|ring|reach|try|use|phone|text|dial|contact ) ..2 ( my|the|on|at ) ( \
        cell|mobile|landline|office|other|work )
    ( call|ring|reach|phone|text|contact|try|dial ) ( me|us|him|her|it )? ( at|on|to )? PHONE
    ( cell|mobile|phone|number|line|landline ) ..4 PHONE
    my|the cell|mobile|phone|landline|office ( number|line|phone )? ( is|works )? better|best
    ( call|ring|reach|try|use|dial ) ( me|us )? ( on|at )? my|the phone instead
    ( my|the|a|have|got|here ) ..1 ( new|other|correct|right|different|better|best ) ( number|phone|cell|mobile )
    ( use|try|call ) the? other ( number|one|phone|line )
    ( text|email|message|whatsapp ) ( me )? ( instead|please|rather )
    my ( number|cell|phone|mobile ) ( has|is )? changed
"""

TIME_PREFERENCE = """
    ( ( call|ring|phone|try|text|contact|reach|calling|called | back|again|talk ) ) ( \
        me|us|you|him|her|back|again|a|please|it|to|on )* ( TIME | ( \
        later|afterwards|next|another|after|at|around|in|when | \
        some|sometime|anytime|tomorrow|morning|afternoon|only ) ) !number|cell
    ( call|ring|phone|calling|called ) ..2 ( another|some|a|in|at|on|after ) ..2 ( ( \
        time|day|week|NUMS|DAY|MORNING|hour|minutes|month|bit | while|later ) )
    ( bad|not|isnt|inconvenient|terrible|wrong ) ..3 ( time|moment )
    ( busy|driving|meeting|cooking|eating ) ..2
    ( cant|not ) ( talk|speak|chat ) ( now|right|at|today|this )?
    ( not ) ( in|on|at|before|after ) ..1 MORNING
    ( MORNING|DAY|weekdays ) ..2 ( better|best|works|work|good|only|fine )
    ( in|after|before|around|on ) ( the )? ( MORNING|lunch|noon ) ( is|would|works|please|only ) ..2
    ( better|best|prefer|only|rather ) ..5 ( MORNING|DAY|after|before|later|lunch )
    ( try|call ) ( again )? later
    some other time|another time
    not right? now
    now isnt|not good
    not ( now|today|yet )
    ( im|were|hes|shes ) ( at work | in a meeting | driving | busy )
"""
