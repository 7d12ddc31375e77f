"""What a text message to one of our numbers says, and how it is answered. Pure.

The carrier answers the usual English keywords itself and blocks its own texts to the sender; with Advanced Opt-Out it
says which (OptOutType). A second answer of ours would be one too many, and is not delivered after a STOP.
"""

from collections.abc import Mapping
from typing import NamedTuple

from twilio.twiml.messaging_response import MessagingResponse

_STOPS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"}
_STARTS = {"START", "UNSTOP"}
_HELPS = {"HELP", "INFO"}
# WhatsApp's addresses are numbers with this before them.
_WHATSAPP = "whatsapp:"


class Text(NamedTuple):
    """sender, to: numbers as the carrier wrote them. opt_out_type: STOP, START, HELP, or "" where it named none.

    starts: the sender wants texts again. answered: the carrier answers this text itself.
    """

    sender: str
    to: str
    words: str
    opt_out_type: str
    starts: bool
    answered: bool


def read(body: Mapping[str, str]) -> Text:
    """The text that a message webhook with these fields brings."""
    words, named = body.get("Body", "").strip(), body.get("OptOutType", "").upper()
    keyword, sender = words.upper(), body.get("From", "")
    on_whatsapp = sender.startswith(_WHATSAPP)
    return Text(
        sender=sender.removeprefix(_WHATSAPP),
        to=body.get("To", "").removeprefix(_WHATSAPP),
        words=words,
        opt_out_type=named,
        starts=named == "START" or keyword in _STARTS,
        answered=bool(named) or (not on_whatsapp and keyword in _STOPS | _STARTS | _HELPS),
    )


def answer(words: str = "") -> str:
    """TwiML that answers a text with these words; with none, that nothing is to be answered."""
    response = MessagingResponse()
    if words:
        response.message(words)
    return str(response)
