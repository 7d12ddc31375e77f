"""English word classes and phrase macros of `compliance.optout`; the notation is that of"
    " `compliance.optout_grammar`.

Words are folded: lower case, no accents, no apostrophes, contractions joined ("do not" is "dont", "I"
    " will" is "ill").
"""

from __future__ import annotations

CLASSES: dict[str, str] = {
    "DONT": "dont never not nver neither nor",
    "DIDNT": "didnt doesnt wouldnt couldnt shouldnt mustnt neednt wont cant havent hasnt isnt arent"
    " wasnt werent aint",
    "NOT": "DONT DIDNT no without nomore nobody noone none nothing",
    "I": "i we im ive id ill weve",
    "YOU": "you youre youve youll yall yalls your they theyre them guys people folks company team anyone"
    " anybody somebody"
    " someone nobody noone",
    "THEY": "he she they nobody noone everyone everybody who it my our the mom dad mother father wife"
    " husband",
    "ME": "me us him her them my our mine his hers their this that these those the here your you",
    "OUR": "me us my our mine this these those your you here",
    "BE": "is are was were be been being am im youre theyre its s",
    # Words that may stand between a negation, a stop or a wish and its verb without changing it.
    "FILL": "please just ever even you yall guys people all to be been being keep keeps kept go going"
    " try trying start"
    " attempt bother again anymore kindly really now dare do at like the uh um er honestly simply both"
    " and or either"
    " text further any more phone in future from if youd be want need have having get getting about"
    " dont with so",
    # Words inside "don't ever stop calling" that leave it one thought; "don't want any so stop" is two.
    "KEEPING": "please just ever even you yall guys people all to be going try trying now dare at like uh um er"
    " honestly kindly really",
    "CALL": "call calls phone ring telephone dial contact text message bother disturb harass pester bug"
    " annoy hassle"
    " solicit robocall spam email buzz reach hmu ping approach autodial colling coll fone badger hound"
    " nag trouble"
    " cal write voicemail callback",
    "CALLING": "calling callin calln callign caling colling phoning phonin ringing ringin dialing"
    " dialling contacting"
    " texting textin messaging emailing bothering disturbing harassing harrassing harasing pestering"
    " annoying bugging"
    " spamming hounding stalking hassling soliciting robocalling telephoning reaching pinging targeting"
    " tormenting"
    " chasing nagging scamming badgering disrupting invading intruding troubling marketing selling"
    " advertising"
    " sending hitting blowing blowin wasting cold trying tryna following hmu interrupting calls",
    "CALLED": "called contacted bothered disturbed phoned texted harassed solicited emailed messaged"
    " pestered spammed"
    " telephoned rung rang approached autodialed robocalled troubled reached dialed dialled",
    "CALLS": "call calls texts text messages message communication communications contact contacts"
    " solicitation"
    " solicitations solicitors solicitor robocall robocalls telemarketer telemarketers telemarketing"
    " telesales spam"
    " emails voicemails ads promos promotions advertising marketing mailings correspondence robots robo"
    " solicit"
    " pitches pitch soliciting harassment ringing llamadas cold selling",
    "KIND": "sales more such unsolicited automated ai robot spam promotional phone telemarketing"
    " unwanted further"
    " additional future other any your these those this the of all that type types kind kinds annoying"
    " stupid fucking"
    " damn goddamn freaking bloody incessant constant nuisance cold solicitation daily marketing"
    " telephone sort sorts"
    " another single from a single junk robo endless every",
    "STOP": "stop quit cease halt discontinue refrain desist stopping quitting abstain stops stawp stahp",
    "END": "stop end cease halt discontinue terminate suspend cancel quit over finish stopping kill cut"
    " drop curb",
    "WANT": "want wants wanted wish wishes wishing like likes care need needs desire desires love"
    " appreciate looking"
    " willing expect prefer choose ask asking asked enjoy okay ok agree consent accept take takes"
    " answer do tolerate"
    " welcome approve request authorize expecting wanting receive get",
    "REMOVE": "remove removed removing removes removal erase erased delete deleted deleting deletes"
    " deletion scrub"
    " wipe strike purge eliminate unlist deregister unregister scratch cross expunge expunged rmv remov"
    " purged scrubbed wiped"
    " delist unsubscribe unsub unsubscribed suppress exclude yank omit clear destroy forget disregard",
    "TAKE": "take taken taking took get getting got pull pulled drop dropped kick leave cut rid tke"
    " keep drag knock"
    " mark bump",
    "OFF": "off out of from outta",
    "THING": "number numbers name names phone cell info information details data contact record records"
    " line house"
    " family household business company landlord landline mobile mother mom father dad wife husband son"
    " daughter"
    " account profile entry file digits address email phones office grandmother grandma home parents"
    " kids personal"
    " cellphone",
    "NUMBER": "number numbers phone cell line digits cellphone landline mobile name info information"
    " details data"
    " contact",
    "LIST": "list lists calllist database databases system systems record records file files book books"
    " directory"
    " directories roster rotation dialer autodialer campaign campaigns rolodex crm registry contacts"
    " leads mailing"
    " spreadsheet memory computer computers log logs sheet robodialer machine queue program",
    "LISTING": "lists list database databases system systems records registry crm dialer directory"
    " rolodex books"
    " contacts",
    "AGAIN": "again anymore ever nomore anytime further henceforth back never",
    "EVER": "ever never anymore again whenever anytime anywhere anyone nobody noone",
    "DAY": "monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays"
    " saturday saturdays"
    " sunday sundays weekend weekends weekday weekdays sabbath holiday holidays christmas",
    "MONTH": "january february march april may june july august september october november december",
    "MORNING": "morning mornings afternoon afternoons evening evenings night nights",
    "NUMS": "NUM one two three four five six seven eight nine ten eleven twelve noon midnight half"
    " quarter lunch"
    " dinner breakfast supper work hours dark school church noonish",
    "TITLE": "sir maam madam miss mrs mr ms honey sweetheart sweetie dear darling baby babe bro dude"
    " buddy boss man"
    " names shirley stupid crazy lady old liar rude",
    "SUE": "sue suing sued prosecute lawsuit litigate litigation",
    "LAWYER": "lawyer lawyers attorney attorneys solicitor solicitors counsel police cops cop sheriff",
    "REGULATOR": "fcc ftc ofcom tcpa dnc tps ctps ico bbb ccpa gdpr tsr consumer regulator ombudsman tpcc",
    "AUTHORITY": "REGULATOR LAWYER attorney authorities bureau commission court",
    "KIN": "he she mother mom father dad wife husband son daughter grandmother grandma grandpa brother"
    " sister mum"
    " uncle aunt partner roommate owner person man woman spouse",
    "CONSENT": "consent permission authorization authority authorisation consented right okay leave",
    "INSULT": "fuck screw fucking damn piss bugger",
    "FORBID": "forbid forbids forbidden ban banned bar barred prohibit prohibited illegal unauthorized"
    " disallow disallowed"
    " refuse unwelcome unwanted prohibits forbade permitted",
    "ANYCALL": "CALL CALLING CALLED CALLS",
    "INVITING": "well actually but so and or maybe please just you can could may should i think instead ok okay"
    " yes yeah sure no sorry then perhaps rather better id like to ill let",
    "BACK_TO": "me us him her back again please at home here my cell to on maybe perhaps instead",
    "NO_PERSON": "problem problems signal parking service coverage internet reception elevator pets"
    " charge hurry rush"
    " room rooms seats space openings appointments place worries issue issues question questions idea"
    " way kids power",
    "PLACE": "here there number house home address place phone residence office anymore company"
    " building line",
}

MACROS: dict[str, str] = {
    "TARGET": """
        me|us|him|her|here|back|please|anyone|anymore|again|out|anything|yall|so?
        ( on|at )? my|our|this|the|his|her phone|cell|house|home|number|mobile|line|office|work|job|landline
        on my|our|the work|home|cell|office? phone|line|cell|number
    """,
    "TIME": """
        today !on|or
        tonight|tomorrow|yet
        ( right|just )? now
        so|too|that|very|quite|really|this early|late|often|frequently|soon|much
        so many times
        early|late|mornings|evenings|afternoons|nights|DAY
        before !this
        until|till !further|hell|i|told|notified
        during !my
        during my UNK|shift|lunch|work|dinner|class|hours|meeting
        between|while|whenever|outside|except|past|twice
        when !i
        when im|i|we|my|youre
        on a|the|my|your? DAY|vacation|business
        in the early|late|middle|next|very? MORNING|early|late|middle
        in ( an hour | a few | a while )
            at \
        night|nighttime|lunch|lunchtime|dinner|dinnertime|supper|breakfast|noon|midnight|bedtime|church|mealtimes
        at work|home|school|weekends|mealtime
        at my|the work|job|office|workplace|moment
        at the|this|these|that|such|an|a \
            hour|hours|time|minute|second|late|early|ungodly|ridiculous|inconvenient
        at such? an|a? ungodly|inconvenient|late|early
        at|after|past|around|by NUMS
        after my|office|business
        this|next week|month|morning|afternoon|evening|weekend|early|late|time
        over the DAY
        for a|another|the|now|at few|couple|while|week|month|day|bit|least|next
        for now
        any? earlier|later|sooner than
        as often|early|late|frequently|much
        more? often? than
        first thing
        ( every|each ) NUMS minutes|hours|seconds
        more than once|twice|one
    """,
    "LATER": """
        later|afterwards|tomorrow|tonight|around|after|another|sometime|next|mornings|afternoons|evenings|then
        ( in|on|at|this|by|the|every )* !PHONE DAY|MORNING|MONTH|NUMS|noon|lunchtime|spring|summer|fall|autumn|winter
        in ..3 minutes|minute|hour|hours|day|days|week|weeks|month|months|bit|while|year
        some other|time
        when|once i|im|we|ive|were|my|she|he|shes|hes|theyre
    """,
    "NO_THREAT": """
        (?! ..3 and|or ..2 ill|im|you|youll|see|regret|my|well )
    """,
    "NOT_EVER": """
        (?! ;? or|and|nor|not|actually ..2 ever|never|again|anymore|anytime|any|all )
    """,
    "THING_ME": """
        me|us|my|it|him|her|our|this|that|the THING?
    """,
    "OTHER_THING": """
    ( appointment|appointments|meeting|meetings|booking | \
            bookings|order|orders|reservation|reservations|service \
        | services )
    ( contract|policy|policies|plan|plans|account|accounts | \
        visit|visits|demo|table|item|items|delivery|deliveries | slot )
            \
        membership|memberships|job|jobs|smoking|school|card|cards|payment|payments|invoice|invoices|tooth|teeth|stain
            \
        cleaning|fee|fees|charge|charges|onions|stitches|tattoo|mole|tree|trees|roof|wall|carpet|gym|lease|rental|trip
    ( magazine|flight|room|ticket|tickets|bill|bills|duplicate | \
        session|class|procedure|surgery|reminder|line|step|filter )
        old address|number|phone|email|one|card|house
    ( insurance|warranty|coverage|prescription|snow|rust|paint | \
        wallpaper|mold|junk|furniture|couch|lump|stump|virus|app )
        one|it|that|them with|and|for|instead
    """,
    "OFF_WHAT": """
    ( hold|speaker|speakerphone|mute|guard|topic|waitlist | \
        schedule|medication|meds|shelf|insurance|policy|lease | premium )
        wait|waiting list
        the? hook
        bluetooth|bill|price|order
    """,
    "OTHER_LIST": """
        waitlist|schedule|calendar|lease|policy|title|insurance|hold|will|deed|slot
        wait|waiting|guest|invitation|spam|block|blocked|shopping|dont|standby list|folder|call
        blacklist|NUM
    """,
    "LATER_TIME": """
        so|too|that|very early|late|often|much|frequently
        early|late|mornings|evenings|afternoons|nights|DAY
        before !this
        during !my
        after NUMS
        past|between|while|whenever NUMS?
        when !i NUMS?
        on DAY
        in the MORNING|early|late|middle
        at night|lunch|lunchtime|dinner|dinnertime|supper|breakfast|noon|midnight|bedtime|work|home|NUMS
        at ( my|the ) ( work|office|job )
        at ( this|these|that|such|an|a ) ..2 ( hour|hours|time )
        first thing
    """,
    "USE_OTHER": """
    ( call|use|try|ring|dial|phone|text|reach|but|instead|contact ) ..2 ( \
        my|the|on|at|his|her|other|NUM|cell|mobile )
    """,
}
