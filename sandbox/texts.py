"""Texts that people send to the sandbox's numbers: the carrier's own keywords, the webhook, the answer to it."""

from __future__ import annotations

from sandbox.calls import API_VERSION, Message, Number
from sandbox.carrier import Carrier
from sandbox.twiml import TwimlError, parse

STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})
STARTS = frozenset({"START", "UNSTOP"})
HELPS = frozenset({"HELP", "INFO"})
TYPES = ("", "STOP", "START", "HELP")
_OWN_ANSWERS = (
    (STOPS, "You have successfully been unsubscribed. You will not receive any more messages from this number."),
    (STARTS, "You have successfully been re-subscribed to messages from this number."),
    (HELPS, "Reply STOP to unsubscribe. Msg&Data Rates May Apply."),
)  # fmt: skip


def text_in(carrier: Carrier, number: Number, sender: str, body: str, opt_out_type: str = "") -> Message:
    """Somebody texts one of our numbers. The webhook follows on its own; the answer is in the list of messages.

    ``opt_out_type``: what Advanced Opt-Out would add to the webhook.
    """
    store, keyword = carrier.store, body.strip().upper()
    message = Message(
        sid=store.new_sid("SM"), account_sid=number.account_sid, to=number.number, from_=sender, body=body,
        status="received", direction="inbound",
    )  # fmt: skip
    store.add_message(message)
    if keyword in STOPS or opt_out_type == "STOP":
        store.stop(sender, number.number)
    elif keyword in STARTS or opt_out_type == "START":
        store.start(sender, number.number)
    for keywords, answer in _OWN_ANSWERS:
        if keyword in keywords:
            _answered(carrier, number, sender, answer)
    carrier.webhooks.later(_deliver(carrier, number, message, opt_out_type))
    return message


def _answered(carrier: Carrier, number: Number, to: str, body: str) -> None:
    carrier.store.add_message(
        Message(
            sid=carrier.store.new_sid("SM"), account_sid=number.account_sid, to=to, from_=number.number, body=body,
            status="delivered", direction="outbound-reply",
        )
    )  # fmt: skip


async def _deliver(carrier: Carrier, number: Number, message: Message, opt_out_type: str) -> None:
    url = number.settings.get("SmsUrl", "")
    if not url:
        carrier.witness.note(
            "alert", sid=message.sid, account=number.account_sid, code=0,
            message=f"{number.number} has no SmsUrl, so nobody learned of the text",
        )  # fmt: skip
        return
    form = [
        ("ToCountry", ""), ("ToState", ""), ("SmsMessageSid", message.sid), ("NumMedia", "0"), ("ToCity", ""),
        ("FromZip", ""), ("SmsSid", message.sid), ("FromState", ""), ("SmsStatus", "received"), ("FromCity", ""),
        ("Body", message.body), ("FromCountry", ""), ("To", message.to), ("ToZip", ""),
        ("NumSegments", message.json()["num_segments"]), ("MessageSid", message.sid),
        ("AccountSid", message.account_sid), ("From", message.from_), ("ApiVersion", API_VERSION),
    ]  # fmt: skip
    if opt_out_type:
        form.append(("OptOutType", opt_out_type))
    reply = await carrier.webhooks.callback(
        url, form, token=carrier.store.accounts[number.account_sid].token, what="message", event="received",
        sid=message.sid, account=message.account_sid, to=message.to,
        method=number.settings.get("SmsMethod") or "POST",
    )  # fmt: skip
    if reply is None or reply.status >= 300 or not reply.body:
        return
    try:
        verbs = parse(reply.body, frozenset({"Message"}))
    except TwimlError as exc:
        carrier.witness.note(
            "alert", sid=message.sid, account=number.account_sid, code=exc.code, message=str(exc)
        )
        return
    for verb in verbs:
        if carrier.store.stopped(message.from_, number.number):
            carrier.witness.note(
                "alert", sid=message.sid, account=number.account_sid, code=21610,
                message=f"{message.from_} is unsubscribed from {number.number}: the answer was not sent",
            )  # fmt: skip
        else:
            _answered(carrier, number, verb.get("to") or message.from_, verb.text)
