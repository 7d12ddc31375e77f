"""The spellings, joined words and keywords of `compliance.optout`, in both languages."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    """`a_b=c, d=e` as {"a b": "c", "d": "e"}."""
    return dict(pair.strip().replace("_", " ").split("=") for pair in text.split(","))


# One written word that stands for others: abbreviations, slips of the finger and of the recognizer.
SPELLINGS: dict[str, str] = _pairs("""
    2=to, aki=aqui, bai=bye, callin=calling, calll=call, calln=calling, callng=calling, calng=calling,
    clng=calling, cannot=cant,
    cll=call, colling=calling, d=de, delte=delete, dnt=dont, doe=do, donot=dont, donut=dont, doont=dont,
    dosent=doesnt, ekivocado=equivocado, equibocado=equivocado, fone=phone, fuckin=fucking, gonna=going_to,
    gotta=got_to, k=que, kal=call, kitenme=quitenme, kiteme=quiteme, kall=call, kalling=calling, leev=leave,
    leeve=leave, nto=not, numer=number, remuve=remove, agn=again, alon=alone,
    alonee=alone, aloan=alone, otu=out, calli=calling,
    tak=take,
    spaming=spamming, kiero=quiero, llamarle=llamarme, llamarnos=llamarme, msg=message,
    msgs=messages, nmber=number, nmbr=number, nro=numero, numbr=number, nummber=number,
    nunk=nunca, nvr=never, plis=please, pls=please, plse=please, plz=please, porfa=por_favor,
    porfavor=por_favor, porfis=por_favor, porq=porque, pq=porque, q=que, rmv=remove, rong=wrong, sotp=stop,
    stahp=stop, stopp=stop, stp=stop, stpo=stop, thx=thanks, tlf=telefono, tsop=stop, txt=text,
    txting=texting, u=you, unsubcribe=unsubscribe, unsuscribe=unsubscribe, ur=your, wanna=want_to,
    wrng=wrong, xfa=por_favor, xfavor=por_favor, xq=porque, yama=llama, yamadas=llamadas, yaman=llaman,
    yamando=llamando, yamar=llamar, yamarme=llamarme, yame=llame, yamen=llamen, yames=llames, yamo=llamo,
    yr=your, txts=texts, wasaps=mensajes, wasap=mensaje,
    msj=mensaje, msjs=mensajes, msjes=mensajes, mjs=mensajes, num=numero, porfi=por_favor,
    nemore=anymore, nomo=nomore, lmalone=leave_me_alone, saqenme=saquenme,
    anymor=anymore, enuf=enough, nuff=enough,
    grax=gracias, tel=telefono
""")

# Signs that say a word.
SIGNS: dict[str, str] = dict.fromkeys(
    "\N{OCTAGONAL SIGN}\N{NO ENTRY}\N{NO ENTRY SIGN}\N{NO MOBILE PHONES}", " stop "
)

# Words a demand hangs on; one letter left out, doubled or changed places with its neighbour still says them.
# The first letter is kept: slips rarely touch it, and other words differ in it alone.
_KEY_WORDS = (
    "calling remove number please unsubscribe again delete anymore contact message "
    "llamen llamar llamando llamadas numero borren borrar borreme eliminen eliminar quiten moleste molesten"
)


def _slips(word: str) -> set[str]:
    at = range(1, len(word))
    return (
        {word[:i] + word[i + 1 :] for i in at}
        | {word[:i] + word[i] + word[i:] for i in at}
        | {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in at if i + 1 < len(word)}
    ) - {word}


SLIPS: dict[str, str] = {slip: word for word in _KEY_WORDS.split() for slip in _slips(word)}

# Two words that are read as one. A joined word may join again.
JOINED: dict[str, str] = _pairs("""
    ain_t=aint, all_ways=always, any_longer=anymore, any_more=anymore, are_not=arent, aren_t=arent,
    can_not=cant, can_t=cant, cell_number=number, cell_phone=phone, could_not=couldnt, couldn_t=couldnt,
    did_not=didnt, didn_t=didnt, do_knot=dont, do_not=dont, do_nt=dont, doe_not=dont, does_not=doesnt,
    doesn_t=doesnt, don_not=dont, don_t=dont, dont_not=dont, had_not=hadnt, has_not=hasnt, hasn_t=hasnt,
    have_not=havent, haven_t=havent, i_am=im, i_d=id, i_have=ive, i_ll=ill, i_m=im, i_ve=ive, i_will=ill,
    i_would=id, is_not=isnt, isn_t=isnt, it_is=its, may_number=my_number, mobile_number=number,
    must_not=mustnt, mustn_t=mustnt, need_not=neednt, no_more=nomore, no_one=noone, ph_number=number,
    phone_call=call, phone_calls=calls, phone_number=number, should_not=shouldnt, shouldn_t=shouldnt,
    telephone_calls=calls, telephone_number=number, that_is=thats, there_is=theres, they_are=theyre,
    u_r=youre, was_not=wasnt, wasn_t=wasnt, we_are=were, we_have=weve, we_will=well, will_not=wont,
    won_t=wont, would_not=wouldnt, wouldn_t=wouldnt, x_favor=por_favor, y_all=yall, ya_ll=yall,
    you_are=youre, you_have=youve, you_re=youre
""")

# Sounds of somebody who looks for words.
_FILLERS = "uh um uhm er erm hm hmm mm mmm eh ehm "
FILLERS: frozenset[str] = frozenset(_FILLERS.split())

_COURTESY = (
    "all-caps already and favor gracias hello hey hi hola immediately it just maam mismo n now ok okay please "
    "por right senor senora senorita sir thank thanks ya you "
)
COURTESY: frozenset[str] = frozenset(_COURTESY.split())

_STOP_KEYWORDS = (
    "stop stopall stopcalls stopcall stopit optout opt-out unsubscribe unsubscribeme unsubscribeall unsub "
    "unsubscribed unsubcribe unsuscribe unsubscrib unsubscibe unsubsribe unsubscrive unsubscribir quit "
    "end cancel cancelall revoke remove removeme delete deleteme stopplease nostop stoptexts stoptext "
    "stopmessages stopmessage stoptexting stopcalling stopend stop2end stop2quit stop2stop stop2cancel stop2optout "
    "stop2unsubscribe stoptoend stoptoquit stoptostop stop2all quit2end end2quit nomore nothanksstop td arret "
    "arrettez desabonner stoo dtop atop syop stip stiop sto stops stopped halt cease desist takemeoff "
    "spam reported endtexts canceltexts consentrevoked removenow endall quitall optmeout optoutall "
    "stopnow stopme stopsms stopmsg stopmsgs stopque stopk replystop textstop stoppen stopmensajes "
    "blockme nocalls nocall notexts dnc dontcall donotcall enough stoppp stpp stoop "
    "baja bajas baaja vaja darmedebaja damedebaja demedebaja debaja alto parar pare paren para cancelar cancela "
    "cancele nomas basta yabasta bastaya detener detente detenga detengan desuscribir desuscribirme "
    "desuscribirse desuscribe salir eliminar eliminarme borrar borrarme quitar quitarme parenya pareya "
    "altostop stopalto stopbaja bajastop dardebaja borrame borrenme quitenme desactivar finalizar nomolestar "
    "altoya noma yano yanomas nollamar nollame nollamen nomasllamadas nomasmensajes terminar fin "
    "suscripcionno "
)
STOP_KEYWORDS: frozenset[str] = frozenset(_STOP_KEYWORDS.split())
# These mean one thing even when spoken.
_PLAIN_STOP_KEYWORDS = (
    "basta paren pare baja damedebaja darmedebaja demedebaja dnc dontcall nocalls nollame nollamen nomas \
        nomasllamadas "
    "optmeout optout removeme stop stopall stopcalling stopcalls stoptexting takemeoff unsubscribe "
    "unsubscribeall unsubscribeme "
)
PLAIN_STOP_KEYWORDS: frozenset[str] = frozenset(_PLAIN_STOP_KEYWORDS.split())
_START_KEYWORDS = (
    "alta comenzar empezar iniciar inicio optin reactivar reanudar restart resume si start startall "
    "subscribe suscribir suscribirme unstop yes yesstart "
)
START_KEYWORDS: frozenset[str] = frozenset(_START_KEYWORDS.split())
