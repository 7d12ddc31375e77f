"""Wordings in which the person does nothing, or has no choice: both contradict a consent that is an act of their own.

In the notation of compliance.scanner_patterns.
"""

from compliance.scanner_patterns import compiled

# The box is ticked before the person comes.
PRETICKED = compiled(
    r"pre ?(?:checked|ticked|selected|marked)",
    r"<TICKED> (?:\S+ ){0,3}(?:(?:by|as (?:a|the)) default|in advance|beforehand|on (?:my|your) behalf|for you)",
    r"(?:on|yes) by default",
    r"(?:toggle|switch|slider|box|checkbox|option) (?:is|comes|starts) (?:\S+ )?set to (?:yes|on|agree\w*)",
    r"(?:consent|agreement|permission|acceptance) is (?:given |granted )?(?:automatic(?:ally)?|presumed|assumed|"
    r"implied)",
    r"by default (?:(?!<NOT> )\S+ ){0,5}(?:<TICKED>|agree\w*|consent\w*|yes)",
    r"defaults? to (?:yes|on|agree\w*|consent\w*|<TICKED>)",
    r"already (?:been )?(?:checked|ticked|selected|marked|filled in) (?:for you|box|when the)",
    r"(?:box|boxes|checkbox|option|it|this) (?:is|are|has|have|comes|come|was|s|will be) already (?:been )?<TICKED>",
    r"(?:we|weve) (?:\S+ ){0,2}(?:checked|ticked|selected|marked) (?:\S+ ){0,4}(?:for you|on your behalf)",
    r"<LEAV> (?:it|(?:\S+ ){1,3}(?:box|checkbox|option|field|tick)) (?:\S+ ){0,2}(?:checked|ticked|selected|marked|"
    r"as it is|as is)",
    r"(?:automatically|by default) (?:\S+ ){0,2}(?:opt\w* (?:you )?in|enrol\w*|subscrib\w*|agree\w*|consent\w*)",
    r"(?:opted|opt you) in (?:automatically|by default)",
    r"<MARCADA> (?:\S+ ){0,3}(?:por defecto|por omision|de antemano|previamente|de serie)",
    r"casillas? (?:\S+ ){0,6}<MARCADA> automaticamente",
    r"por defecto (?:(?!no )\S+ ){0,3}<MARCADA>",
    r"(?:por defecto|por omision|automaticamente) (?:(?!no )\S+ ){0,3}(?:acept\w+|autoriz\w+|consient\w+|"
    r"inscri\w+|suscri\w+|dad[oa] de alta)",
    r"(?:inscrit[oa]s?|suscrit[oa]s?|apuntad[oa]s?|de alta) (?:automaticamente|por defecto)",
    r"se (?:presume|presumira|presupone|da por (?:hecho|otorgado|prestado|dado)) (?:\S+ ){0,4}(?:consentimiento|"
    r"acept\w+|"
    r"autoriz\w+)",
    r"pre ?(?:marcad|seleccionad|activad|tildad)[oa]s?|predeterminad[oa]mente <MARCADA>|<MARCADA> predeterminad\w+",
    r"(?:viene|vienen|vendra|aparece|aparecera|sale|figura) (?:ya )?<MARCADA>",
    r"ya (?:esta |estara |viene |aparece |le hemos |hemos )?(?:<MARCADA>|marcado|seleccionado)",
    r"(?:esta|estara) ya <MARCADA>",
    r"hemos (?:marcado|seleccionado) (?:\S+ ){0,4}(?:casilla|por usted|por ti)",
    r"<DEJAR> (?:\S+ ){0,4}(?:marcad|seleccionad|activad|tildad)[oa]s?",
)
# Whoever does nothing counts as agreeing ("negative option").
NEGATIVE_OPTION = compiled(
    r"(?:do nothing|no action is (?:needed|required|necessary)|not? (?:need|have) to do anything) (?:\S+ "
    r"){0,3}(?:agree|"
    r"consent|accept|give)",
    r"(?:hacer nada|haga nada|ninguna accion) (?:\S+ ){0,3}(?:acept|consent|consient|autoriz)\w*",
    r"(?:unless|until|except if|if (?:i|you) (?:do not|dont|fail to|did not)|(?:by|for|without) (?:not )?|"
    r"fail\w* to|before) (?:(?!, )\S+ ){0,5}<UNTICK>",
    r"(?<!\bto )<UNTICK> (?:this|the|that|it|these) ?(?:(?:check ?)?box(?:es)?)?(?! \S+ (?:your|my) )(?! (?:\S+ ){0,3}"
    r"(?:account|profile|settings|preferences|dashboard))",
    r"(?:agree\w*|consent\w*|authori[sz]e\w*|accept\w*|call\w*) (?:(?!remains?|valid|effect|force|continue|lasts?|"
    r"stays?|until)\S+ ){0,40}unless (?:i|you|they|we hear) <OBJECT>",
    r"otherwise (?:i|you) (?:\S+ )?(?:agree|consent|accept|authori[sz]e)",
    r"unless (?:told|instructed|notified|advised) otherwise",
    r"^(?:yes , )?unless (?:i|you|we hear) <OBJECT> (?:\S+ ){0,12}, (?:\S+ ){0,6}(?:agree\w*|consent\w*|"
    r"authori[sz]e\w*|"
    r"accept\w*|call\w*|phone)",
    r"if (?:i|you|we) (?:do not|dont|never|fail to) (?:<OBJECT>|reply|respond|answer|say|hear|do anything|act) "
    r"(?:\S+ ){0,14}(?:agree\w*|consent\w*|authori[sz]e\w*|accept\w*)",
    r"if (?:i|you|we) (?:do not|dont|never|fail to) (?:<OBJECT>|hear|do anything|act) (?:\S+ ){0,14}(?:will|may|can) "
    r"(?:call|phone)",
    r"(?:agree\w*|consent\w*) (?:\S+ ){0,6}by (?:not (?:opting out|objecting|responding|replying)|saying nothing|"
    r"doing nothing|staying silent)",
    r"by (?:not (?:opting out|objecting|responding|replying)|saying nothing|doing nothing|staying silent)",
    r"(?:silence|inaction|no (?:reply|response|answer|objection)|failure to (?:object|respond|reply|opt out)|"
    r"not (?:opting out|objecting|responding)) (?:(?!<NOT> )\S+ ){0,6}(?:<CONSENT>|agreement|acceptance|yes)",
    r"(?:deemed|assumed|presumed|considered|treated|taken) (?:to )?(?:(?!<NOT> )\S+ ){0,3}(?:have )?(?:agree\w*|"
    r"consent\w*|accept\w*) (?:\S+ ){0,20}(?:unless|until)",
    r"(?:unless|until) (?:\S+ ){0,14}(?:deemed|assumed|presumed|considered|treated|taken) (?:\S+ ){0,3}(?:agree\w*|"
    r"consent\w*|accept\w*)",
    r"we (?:\S+ ){0,2}(?:assume|presume|take it|understand) (?:\S+ ){0,4}(?:agree\w*|consent\w*|accept\w*) "
    r"(?:\S+ ){0,30}(?:unless|until|otherwise)",
    r"negative option|(?:implied|implicit|passive|opt out) consent|consentimiento (?:tacito|implicito)",
    r"(?:desmarqu\w+|desmarc(?:a|o|ar|an|as|ando|amos|arla|arlo)|deseleccion(?!ad)\w+|destild(?!ad)\w+)"
    r"(?! (?:\S+ ){0,6}(?:cuenta|perfil|ajustes|preferencias))",
    r"(?:salvo|excepto|a menos|a no ser) que (?:\S+ ){0,3}(?:opon\w+|contrario|rechac\w+|renunci\w+|baja|"
    r"quite\w*|objet\w+|diga\w* (?:que )?no)",
    r"salvo (?:\S+ ){0,3}(?:oposicion|en contra(?:rio)?|contraria)",
    r"(?:(?:si|mientras) (?:usted |yo |tu )?no|de no) (?:\S+ ){0,3}(?:opon\w+|opong\w+|respond\w+|contest\w+|"
    r"nada|contrario) "
    r"(?:\S+ ){0,10}(?:acept\w+|consient\w+|consent\w+|autoriz\w+)",
    r"(?:(?:si|mientras) (?:usted |yo |tu )?no|de no) (?:\S+ ){0,3}(?:opon\w+|opong\w+|nada|contrario) (?:\S+ "
    r"){0,10}llamar\w*",
    r"(?:acept\w+|consient\w+|autoriz\w+|llamar\w*) (?:\S+ ){0,30}(?:si no|mientras no) (?:\S+ ){0,2}(?:opon\w+|"
    r"opong\w+|"
    r"dice nada|digo nada|contrario)",
    r"(?:el |su |mi )silencio (?:(?!no )\S+ ){0,6}(?:<CONSENT>|aceptacion|consentimiento|autorizacion)",
    r"(?:al|por) no (?:opon\w+|rechaz\w+|responder|contestar|decir nada)",
)
# What says the opposite: "no box is ticked by default", "this box is never pre-ticked".
NOT_TICKED = compiled(
    r"(?:<NOT>|un) (?:\S+ ){0,2}$",
    r"(?:none|neither|never|nunca|ningun|ninguna|no (?:box\w*|checkbox\w*|option\w*|casillas?)) (?:(?!, )\S+ ){0,6}$",
    r"(?:rather than|instead of|en vez de|en lugar de) (?:\S+ ){0,3}$",
)
# The form cannot be sent without agreeing, said in words.
DEMANDED = compiled(
    r"(?:must|have to|has to|need to|needs to|required to) (?:check|tick|select|mark|agree|accept|consent)\w* "
    r"(?:\S+ ){0,14}(?:to|before|in order to) (?:you )?(?:can )?(?:continue|proceed|submit|send|finish|move on)\w*",
    r"(?:to|before) (?:you )?(?:can )?(?:continue|proceed|submit|send|finish)\w* (?:\S+ ){0,5}(?:must|have to|need to|"
    r"required to) (?:check|tick|select|mark|agree|accept|consent)\w*",
    r"(?:cannot|cant|can not|unable to|will not be able to) (?:continue|proceed|submit|send|finish) (?:\S+ ){0,6}"
    r"(?:without|unless) (?:\S+ ){0,5}(?:check|tick|select|mark|agree|accept|consent)\w*",
    r"(?:this|the) (?:check ?)?box (?:is (?:a )?(?:required|mandatory|compulsory)|(?:must|has to) be (?:ticked|"
    r"checked))"
    r"(?! (?:\S+ ){0,4}(?:if|only|by|box|for (?:us|me|calls)))",
    r"(?:debe|debes|tiene que|tienes que|hay que|es necesario|es obligatorio|hace falta) (?:marcar|aceptar|consentir|"
    r"autorizar|seleccionar) (?:\S+ ){0,14}(?:para|antes de) (?:poder )?(?:continuar|seguir|enviar|finalizar|proceder)",
    r"(?:para|antes de) (?:poder )?(?:continuar|seguir|enviar|finalizar) (?:\S+ ){0,5}(?:debe|debes|tiene que|"
    r"tienes que|"
    r"hay que|es necesario|es obligatorio) (?:marcar|aceptar|consentir|autorizar)",
    r"no (?:se )?(?:puede|puedes|podra|podras|es posible) (?:continuar|seguir|enviar|finalizar) (?:\S+ ){0,5}(?:sin|"
    r"si no) (?:\S+ ){0,4}(?:marc|acept|consent|consient|autoriz)\w*",
    r"(?:esta|la) casilla es (?:obligatoria|de marcado obligatorio)",
)
