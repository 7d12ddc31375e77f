"""The sentences of the guided brain: key → language → ways to say it. Chosen by the conversation, not by chance."""

from hashlib import blake2b

LINES: dict[str, dict[str, list[str]]] = {
    "purpose": {
        "en": ["I'm calling to {goal}.", "The reason for my call is to {goal}."],
        "es": ["Le llamo para {goal}.", "El motivo de mi llamada es {goal}."],
    },
    "purpose_book": {
        "en": ["I'm calling for {business} to offer you an appointment."],
        "es": ["Le llamo de {business} para ofrecerle una cita."],
    },
    "purpose_plain": {
        "en": ["I'm calling for {business} to see whether we can help you."],
        "es": ["Le llamo de {business} para saber si podemos ayudarle."],
    },
    "screening": {
        "en": ["This is the AI assistant of {business}. {purpose}"],
        "es": ["Soy el asistente de inteligencia artificial de {business}. {purpose}"],
    },
    "who": {
        "en": ["This is {name}, the AI assistant of {business}. {purpose}"],
        "es": ["Soy {name}, el asistente de inteligencia artificial de {business}. {purpose}"],
    },
    "robot": {
        "en": [
            "Yes, I'm an AI assistant of {business}, not a person.",
            "I am an AI, yes. I speak for {business}.",
        ],
        "es": [
            "Sí, soy un asistente de inteligencia artificial de {business}, no una persona.",
            "Soy una inteligencia artificial, sí. Hablo de parte de {business}.",
        ],
    },
    "source": {
        "en": [
            "Your number is in the records of {business}, with your consent to be called. "
            'If you want no more calls, just say "stop calling".'
        ],
        "es": [
            "Su número está en los registros de {business}, con su consentimiento para llamarle. "
            'Si no quiere más llamadas, diga "no me llame más".'
        ],
    },
    "ask_time": {
        "en": ["What day and time would suit you?", "Which day and time would you prefer?"],
        "es": ["¿Qué día y a qué hora le conviene?", "¿Qué día y hora prefiere?"],
    },
    "ask_day": {
        "en": ["And on which day?", "Which day would suit you?"],
        "es": ["¿Y qué día?", "¿Qué día le conviene?"],
    },
    "ask_hour": {
        "en": ["And at what time on {day}?", "What time would suit you on {day}?"],
        "es": ["¿Y a qué hora el {day}?", "¿A qué hora le conviene el {day}?"],
    },
    "confirm_booking": {
        "en": ["So that is {when}. Is that right?", "I have you down for {when}. Is that correct?"],
        "es": ["Entonces sería {when}. ¿Es correcto?", "Le anoto para {when}. ¿Es correcto?"],
    },
    "booked": {
        "en": ["Wonderful, you are booked for {when}.", "Great, I have booked you in for {when}."],
        "es": ["Perfecto, su cita queda reservada para {when}.", "Muy bien, le reservo {when}."],
    },
    "rebook": {
        "en": ["No problem. Which day and time instead?"],
        "es": ["No hay problema. ¿Qué día y hora prefiere entonces?"],
    },
    "ask_message": {
        "en": ["Of course. What is your message?", "Certainly. What should I tell them?"],
        "es": ["Claro. ¿Cuál es su mensaje?", "Por supuesto. ¿Qué les digo?"],
    },
    "message_taken": {
        "en": ["Thank you, I will pass that on.", "Thank you, I have noted that for the team."],
        "es": ["Gracias, se lo haré saber.", "Gracias, lo he anotado para el equipo."],
    },
    "offer_message": {
        "en": [
            "I'm sorry, I am not following you well. Would you like to leave a message, or shall we call you back?"
        ],
        "es": [
            "Disculpe, no le entiendo bien. ¿Quiere dejar un mensaje, o prefiere que le llamemos después?"
        ],
    },
    "ask_callback": {
        "en": ["Of course. When may we call you back?", "No problem. When is a better time?"],
        "es": ["Claro. ¿Cuándo le podemos llamar?", "No hay problema. ¿Cuándo sería mejor?"],
    },
    "confirm_callback": {
        "en": [
            "So we call you back on {when}. Is that right?",
            "I'll note a call on {when}. Is that correct?",
        ],
        "es": ["Entonces le llamamos {when}. ¿Es correcto?", "Anoto una llamada {when}. ¿Es correcto?"],
    },
    "callback_noted": {
        "en": ["Thank you, we will call you on {when}.", "Noted, we will call you on {when}."],
        "es": ["Gracias, le llamaremos {when}.", "Anotado, le llamaremos {when}."],
    },
    "callback_vague": {
        "en": ["All right, we will try again another time."],
        "es": ["De acuerdo, intentaremos en otro momento."],
    },
    "colleague": {
        "en": [
            "Thank you, I have noted {number}. Thanks for your help.",
            "Thank you, I wrote down {number}.",
        ],
        "es": ["Gracias, he anotado el {number}. Gracias por su ayuda.", "Gracias, anoté el {number}."],
    },
    "ask_colleague": {
        "en": ["Thank you. What is the best number to reach them?"],
        "es": ["Gracias. ¿A qué número les podemos llamar?"],
    },
    "colleague_unknown": {
        "en": ["Thank you, I will pass that on to the team."],
        "es": ["Gracias, se lo haré saber al equipo."],
    },
    "transfer": {
        "en": ["Of course, I will connect you with a person. One moment."],
        "es": ["Claro, le comunico con una persona. Un momento."],
    },
    "no_transfer": {
        "en": ["I can't connect you right now. Would you like to leave a message for the team?"],
        "es": ["Ahora no puedo comunicarle. ¿Quiere dejar un mensaje para el equipo?"],
    },
    "unknown_answer": {
        "en": [
            "I don't have that information, but I can take a message for the team.",
            "I'm afraid I don't know that. I can pass your question on.",
        ],
        "es": [
            "No tengo esa información, pero puedo tomar un mensaje para el equipo.",
            "Eso no lo sé, pero puedo pasar su pregunta.",
        ],
    },
    "unclear": {
        "en": ["Sorry, I did not quite get that. {ask}", "I'm sorry, could you say that another way? {ask}"],
        "es": ["Disculpe, no le entendí bien. {ask}", "Perdón, ¿me lo puede decir de otra manera? {ask}"],
    },
    "silent": {
        "en": ["Are you still there?", "Hello, can you hear me?"],
        "es": ["¿Sigue ahí?", "¿Hola, me escucha?"],
    },
    "silent_end": {
        "en": ["I can't hear you, so I'll let you go."],
        "es": ["No le escucho, así que me despido."],
    },
    "not_interested": {
        "en": ["I understand, thank you for telling me.", "No problem at all, thank you for your time."],
        "es": ["Entiendo, gracias por decírmelo.", "No hay problema, gracias por su tiempo."],
    },
    "wrong_person": {
        "en": ["All right, I'm sorry to have disturbed you.", "I see, sorry to bother you."],
        "es": ["De acuerdo, disculpe la molestia.", "Entiendo, disculpe."],
    },
    "abuse": {
        "en": ["I'm sorry to have bothered you."],
        "es": ["Disculpe la molestia."],
    },
    "anything_else": {
        "en": ["Is there anything else I can help you with?", "Anything else I can do for you?"],
        "es": ["¿Hay algo más en que pueda ayudarle?", "¿Le puedo ayudar en algo más?"],
    },
    "offer": {
        "en": ["How can I help you?"],
        "es": ["¿En qué puedo ayudarle?"],
    },
    "thanks": {
        "en": ["Thank you.", "Thanks, got it.", "Great, thank you."],
        "es": ["Gracias.", "Gracias, anotado.", "Muy bien, gracias."],
    },
    "goodbye": {
        "en": ["Goodbye.", "Have a good day. Goodbye."],
        "es": ["Adiós.", "Que tenga buen día. Adiós."],
    },
    "invalid_email": {
        "en": ["Sorry, that did not sound like an e-mail address. Could you say it slowly, with at and dot?"],
        "es": ["Disculpe, no entendí el correo. ¿Me lo dice despacio, con arroba y punto?"],
    },
    "invalid_phone": {
        "en": ["Sorry, could you give me the number again, digit by digit?"],
        "es": ["Disculpe, ¿me repite el número, dígito por dígito?"],
    },
    "invalid": {
        "en": ["Sorry, could you say that once more?"],
        "es": ["Disculpe, ¿me lo repite?"],
    },
    "skip": {
        "en": ["No problem, we can leave that."],
        "es": ["No hay problema, lo dejamos así."],
    },
    "ask_field": {
        "en": ["What is your {field}, please?"],
        "es": ["¿Me da su {field}, por favor?"],
    },
    "recover": {
        "en": ["Sorry about that."],
        "es": ["Disculpe."],
    },
}
FIELD_NAMES = {
    "en": {
        "first_name": "first name",
        "last_name": "last name",
        "email": "e-mail address",
        "phone": "phone number",
    },
    "es": {
        "first_name": "nombre",
        "last_name": "apellido",
        "email": "correo electrónico",
        "phone": "número de teléfono",
    },
}


def choose(key: str, language: str, seed: str, **values: str) -> str:
    """A way to say it, the same for the same seed, with its places filled."""
    ways = LINES[key][language]
    pick = blake2b(f"{seed}:{key}".encode(), digest_size=2).digest()[0] % len(ways)
    text = ways[pick]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
