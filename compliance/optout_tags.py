"""What words are about, for `compliance.optout_listener`: one tag a word, English and Spanish under the same tags.

Words are folded (`compliance.optout_folding`); a word that ends in `-` is every word that begins so. A word that
stands under two tags has the first.
"""

TAGS: dict[str, str] = {
    "GO": "scram vanish shoo disappear hike largo larguense larguese largate vete vayase vayanse pierdase "
    "pierdanse desaparezca desaparezcan esfumese esfumense porra esparragos",
    "REGRET": "regret sorry arrepent- consecuencias consequences",
    "SEEK": "looking seeking searching search busca buscan buscas buscaba buscando whoever",
    "PLACE": "house home household residence shop store church school hospital hotel office clinic casa "
    "oficina escuela "
    "colegio panaderia consultorio taller hogar tienda negocio",
    "BEFORE": "previous former prior anterior antes since desde antiguo",
    "REFUSE": "refuse refuses refused refusing refusal decline declines declined rechazo rechaza rechazamos niego "
    "niega oppose",
    "NEG": "not no dont never nver neither nor doesnt didnt wouldnt couldnt shouldnt mustnt neednt wont cant "
    "havent hasnt isnt arent wasnt aint without nunca jamas ni tampoco sin ningun ninguna nope nah",
    "NOBODY": "nobody noone none nadie",
    "NOMORE": "nomore zero cero basta enough suficiente",
    "STOP": "stop stops stopped stopping quit quits quitting cease halt discontinue refrain desist abstain deje "
    "dejen deja dejes dejar dejad dejara dejaran dejarian dejarme dejen pare paren para parar pares parad "
    "parale parenle parele cese cesen cesar detenga detengan detener detente termine terminen terminar "
    "acabe acaben acabar absteng- absten- abste- suspend- corten corta cortala cortenla bajenle bajele "
    "end ends ending terminate cut knock evite eviten evitar",
    "CALL": "call calls calling callin called caller callers phone phoning phoned ring ringing rings rang dial "
    "dialing dialling dialed telephone telephoning contact contacting contacted text texting texts texted "
    "message messaging messages messaged email emails emailing reach reaching buzz hmu ping write "
    "voicemail voicemails robocall robocalls robocalling llam- llame- marc- marqu- contact- telefon- "
    "timbr- escrib- mensaj- comuniqu- comunic- localic- hablar- hablen- hableme- correos correo mails "
    "mail",
    "BOTHER": "bother bothering bothered disturb disturbing harass harassing harassed harassment pester pestering "
    "bug bugging annoy annoying hassle hound hounding stalk stalking spam spamming torment tormenting nag "
    "nagging badger blowing blowin hitting invade invading solicit soliciting molest- fastidi- acos- "
    "hostig- insist- jod- friegu- fregar fregando hinch- agobi- atosig- incord- lata chinguen chingar "
    "chingando mamen spamear importun- incomod- perturb-",
    "HEAR": "hear hearing heard speak talk talking oir escuchar saber noticias hablar",
    "REMOVE": "remove removed removing removal erase erased delete deleted deleting scrub wipe strike purge "
    "eliminate unlist scratch cross expunge delist exclude yank lose loose forget forgot shred toss burn "
    "destroy trash discard borr- elimin- quit- quite- retir- tach- exclu- suprim- saqu- sacar sacarme "
    "sacarnos saca sacame sacad saquen remov- remuev- olvid- pierd- desech- descart- destruy- botar boten",
    "OPTOUT": "unsubscribe unsub unsubscribed opt optout opted desuscrib- dessuscrib- desafili- desinscrib- "
    "desapunt- desregistr- baja dnc",
    "TAKE": "take taking taken took get getting pull drop put add keep pong- ponga- meta- anad- agreg- incluy- "
    "apunt- anot- inscrib-",
    "OFF": "off out from outta away fuera",
    "LIST": "list lists database databases system systems record records file files book books directory registry "
    "roster dialer campaign rolodex crm spreadsheet contacts leads lista listas listado base bases "
    "sistema sistemas registro registros archivo archivos agenda directorio fichero ficheros robinson "
    "padron",
    "DATA": "number numbers name info information details data digits numero numeros telefono celular movil linea "
    "datos nombre cell line cellphone landline",
    "ME": "me us my our myself ours mine mi mis nos nuestro nuestra nuestros conmigo mio",
    "I": "i im ive id ill we weve yo nosotros",
    "YOU": "you youre youve yall your yours guys people folks company usted ustedes uds vosotros tu ti vos su "
    "sus os te empresa compania",
    "THIRD": "he she him her his they them their hes shes theyre el ella ellos ellas le les lo la los las se",
    "PERSON": "wife husband mother mom mum father dad son daughter brother sister boss doctor manager teacher "
    "neighbor friend ex colleague landlord kids grandma grandmother grandfather grandpa uncle aunt "
    "roommate kid baby esposa esposo marido mujer madre mama padre papa hijo hija hermano hermana jefe "
    "jefa medico doctora vecino vecina amigo amiga abuela abuelo suegra primo tio tia novia novio ninos "
    "nino",
    "OTHERS": "other another someone somebody else otra otro otros otras alguien telemarketers scammers collectors "
    "banco bank",
    "EVER": "again anymore ever further more anytime mas vuelva vuelvan vuelvas volver volvais vuelve nuevamente",
    "TIME": "today tonight tomorrow now morning mornings afternoon evening night monday tuesday wednesday "
    "thursday friday saturday sunday weekend weekends later before after until until late early noon "
    "lunch hour hours minute minutes week weeks month hoy ahora ahorita manana mananas tarde tardes noche "
    "noches lunes martes miercoles jueves viernes sabado sabados domingo domingos luego despues antes "
    "temprano mediodia hora horas semana mes rato momento ocupado ocupada busy driving meeting manejando "
    "conduciendo reunion",
    "WANT": "want wants wanted wish like need prefer rather desire care appreciate expect hope quiero queremos "
    "quiere quisiera deseo deseamos desea necesito gustaria prefiero preferiria agradeceria agradezco "
    "querer ganas",
    "PLEASE": "please kindly favor por porfa gracias thanks thank",
    "TELL": "tell told telling ask asked asking asks say said says request requested requesting demand insist "
    "warn warning dije dijo dicho dijeron decir digo pido pedi pedido pidio pedimos solicito solicitamos "
    "exijo exigimos ruego avise repito advierto ordeno",
    "LEGAL": "sue suing lawsuit lawyer lawyers attorney attorneys court police cops fcc ftc tcpa ofcom ico bbb "
    "complaint complaints complain report reporting illegal unlawful law laws violation violating rights "
    "legal legally fine fined abogad- denunci- demand- policia juzgado tribunal tribunales juicio consumo "
    "profeco facua aepd queja quejas reclamacion ilegal ley leyes multa multas derechos reusan arco rgpd "
    "gdpr",
    "CONSENT": "consent permission authorization authorize authorized authorise consented consentimiento permiso "
    "autoriz- autorizacion consiento consentido",
    "REVOKE": "revoke revoking withdraw withdrawing rescind object objection revoco revocar revocamos opongo "
    "oposicion anulo",
    "LEAVE": "leave leaving let alone peace paz tranquil- solo sola vivir",
    "WRONG": "wrong incorrect mistaken mistake misdialed equivoc- ekivoc- confund- confus- errado erroneo error",
    "LIVE": "live lives lived living work works here there vive viven vivia trabaja trabajan aqui aca alli moved "
    "gone died dead deceased passed fallec- murio muerto mudo mudaron difunto",
    "KNOW": "know knows conozco conocemos conoce who whom quien quienes belongs belong belonged owner dueno "
    "pertenece",
    "IF": "if unless next si otra once como proxima vez",
    "BUT": "but however though pero sino aunque",
    "CAUSE": "because cause since so porque pues",
    "ASKQ": "what why how when where which que cual cuando como cuanto donde",
    "MODAL": "can could would will may might should must puede podria podrian pueden puedes podrias debe deben",
    "INTEREST": "interested interest interesa interesado interesada interes buy buying purchase comprar compro "
    "contratar sell selling",
    "KEEP": "keep keeps kept still always constantly every sigue siguen sigan siga sigas seguir siempre cada "
    "diario",
    "TIRED": "tired sick fed harto harta hartos cansado cansada hasta aburrido",
    "THING": "appointment appointments order orders subscription card account bill bills payment payments car "
    "house insurance policy service delivery cita citas pedido pedidos reserva tarjeta cuenta factura "
    "facturas recibo pago pagos coche carro casa seguro poliza servicio envio",
    "INSULT": "fuck fucking damn hell ass bitch screw shit mierda carajo puta chinga joder pendejo",
    "BLOCK": "block blocked blocking blacklist bloque-",
    "NOTMIND": "mind problem hesitate worry problema molestia inconveniente dude duden importa afraid",
}
