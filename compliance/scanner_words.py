"""What a finding of the consent scanner means, why the law wants it, and wording to add, in English and Spanish.

Source of the elements: 47 CFR 64.1200(f)(9), prior express written consent, and FCC 24-17:
AI voices are artificial voices.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Element:
    """why: one sentence. wording: language to text that can be pasted, with [Business] where the name belongs."""

    why: str
    wording: dict[str, str]


REQUIRED: dict[str, Element] = {
    "agreement": Element(
        "Consent is an agreement of the person; saying that you may call is only an announcement.",
        {"en": "I agree to receive", "es": "Acepto recibir"},
    ),
    "signature_action": Element(
        "The agreement must be signed; electronically that is an act such as ticking an empty box or typing a name.",
        {"en": "By checking this box, I agree", "es": "Al marcar esta casilla, acepto"},
    ),
    "seller_name": Element(
        "The person authorizes one seller, so it must be named; “we” and “our partners” name nobody.",
        {"en": "calls from [Business]", "es": "llamadas de [Empresa]"},
    ),
    "phone_calls": Element(
        "Consent covers what it mentions; consent to texts or to “contact” is no consent to calls.",
        {"en": "phone calls", "es": "llamadas telefónicas"},
    ),
    "artificial_voice": Element(
        "Calls with an artificial voice need consent to exactly that, and an AI voice is one (FCC 24-17).",
        {
            "en": "made with an artificial or prerecorded voice, including AI-generated voices",
            "es": "realizadas con voz artificial o pregrabada, incluidas voces generadas por IA",
        },
    ),
    "marketing_purpose": Element(
        "Written consent must say that the calls are marketing; consent to reminders does not cover offers.",
        {"en": "marketing calls", "es": "llamadas comerciales"},
    ),
    "phone_number": Element(
        "The agreement must say which number may be called.",
        {"en": "at the phone number I provided", "es": "en el número de teléfono que he indicado"},
    ),
    "not_condition": Element(
        "The text must say that a purchase does not depend on consent (47 CFR 64.1200(f)(9)(i)(B)).",
        {
            "en": "Consent is not a condition of purchase.",
            "es": "El consentimiento no es condición de compra.",
        },
    ),
}

RECOMMENDED: dict[str, Element] = {
    "autodialer": Element(
        "Where an autodialer is used, federal and several state laws want it named.",
        {"en": "including calls placed with an autodialer", "es": "incluso mediante un marcador automático"},
    ),
    "ai_named": Element(
        "The FCC proposes that consent to AI calls says so in these words; naming AI now avoids asking again.",
        {
            "en": "including AI-generated voices",
            "es": "incluidas voces generadas por inteligencia artificial",
        },
    ),
    "opt_out_how": Element(
        "People who know how to stop calls do not complain about them.",
        {
            "en": "To opt out, say “stop calling” on any call.",
            "es": "Para darse de baja, diga «no me llamen más» en cualquier llamada.",
        },
    ),
    "terms_privacy": Element(
        "Many state privacy laws want the policy linked where data are collected.",
        {
            "en": "See our Terms and Privacy Policy.",
            "es": "Consulte los Términos y la Política de privacidad.",
        },
    ),
    "recording_notice": Element(
        "Several states allow recording only when everybody on the call knows of it.",
        {"en": "Calls may be recorded.", "es": "Las llamadas pueden ser grabadas."},
    ),
}

_UNTICKED = {"en": "☐ By checking this box, I agree", "es": "☐ Al marcar esta casilla, acepto"}
_NOT_CONDITION = REQUIRED["not_condition"].wording

# A text with one of these is invalid whatever else it says.
CONTRADICTIONS: dict[str, Element] = {
    "empty_text": Element(
        "There is no wording at all, so nobody can have agreed to anything.",
        {
            "en": "By checking this box, I agree to receive marketing calls from [Business] at the phone number I "
            "provided, made with an artificial or prerecorded voice, including AI-generated voices. Consent is not a "
            "condition of purchase.",
            "es": "Al marcar esta casilla, acepto recibir llamadas comerciales de [Empresa] en el número de teléfono "
            "que he indicado, realizadas con voz artificial o pregrabada, incluidas voces generadas por IA. El "
            "consentimiento no es condición de compra.",
        },
    ),
    "refusal": Element(
        "The wording refuses, or asks for a tick from those who do not want calls; silence is no consent.",
        {"en": "I agree to receive", "es": "Acepto recibir"},
    ),
    "prechecked": Element(
        "A box that is ticked already, or an agreement that holds until somebody objects, shows no act of the person. "
        "Leave the box empty and ask for the tick.",
        _UNTICKED,
    ),
    "condition_of_purchase": Element(
        "The wording demands consent in exchange for buying, which the law forbids. Remove that sentence.",
        _NOT_CONDITION,
    ),
    "required_control": Element(
        "The form cannot be sent without consenting. Make the field optional, or say how to buy without it.",
        {
            "en": "This box is optional. Consent is not a condition of purchase.",
            "es": "Esta casilla es opcional. El consentimiento no es condición de compra.",
        },
    ),
}

WARNINGS: dict[str, Element] = {
    "text_messages_only": Element(
        "The wording covers text messages; calls need consent of their own.",
        {"en": "phone calls and text messages", "es": "llamadas telefónicas y mensajes de texto"},
    ),
    "vague_contact": Element(
        "“Contact” does not say that an artificial voice will call.",
        REQUIRED["artificial_voice"].wording,
    ),
    "unnamed_partners": Element(
        "Partners without a name are not covered; name each seller that calls, or remove them.",
        REQUIRED["seller_name"].wording,
    ),
    "placeholder": Element(
        "A placeholder stands where the name belongs. Put the name of the business there.",
        REQUIRED["seller_name"].wording,
    ),
    "buried_in_terms": Element(
        "The disclosure must be clear and conspicuous, 47 CFR 64.1200(f)(3). Show it apart from the long terms.",
        CONTRADICTIONS["empty_text"].wording,
    ),
}

OTHER = CONTRADICTIONS | WARNINGS
