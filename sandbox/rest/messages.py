"""Messages: create, fetch, list. Everything is delivered, with status callbacks, unless a magic number says not."""

from __future__ import annotations

import time
from typing import Any

from sandbox.calls import API_VERSION, Message
from sandbox.carrier import Carrier
from sandbox.errors import ApiError
from sandbox.numbering import looks_valid, normalise
from sandbox.rest.front import Ask, newest_first, page
from sandbox.webhooks import check_url

BODY_LIMIT = 1600
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_FROM_GOOD = "+15005550006"
MAGIC_TO = {
    "+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610, "+15005550009": 21614,
}  # fmt: skip


def create(ask: Ask) -> tuple[int, dict[str, Any]]:
    to, from_, service = (
        normalise(ask.value("To")),
        normalise(ask.value("From")),
        ask.value("MessagingServiceSid"),
    )
    body, media = ask.value("Body"), len(ask.values("MediaUrl"))
    if not to:
        raise ApiError(21604)
    if code := MAGIC_FROM.get(from_) or MAGIC_TO.get(to):
        raise ApiError(code)
    if not looks_valid(to):
        raise ApiError(21211, f"Invalid 'To' phone number: {to}")
    if not service and from_ != MAGIC_FROM_GOOD and not ask.carrier.store.owned(from_, ask.account.sid):
        raise ApiError(21606)
    if ask.carrier.store.stopped(to, from_):
        raise ApiError(21610)
    if not body and not media:
        raise ApiError(21602)
    if len(body) > BODY_LIMIT:
        raise ApiError(21617)
    callback = ask.value("StatusCallback")
    if callback and (wrong := check_url(callback.partition("#")[0])):
        raise ApiError(21205, f"StatusCallback is not a valid URL: it {wrong}")
    message = Message(
        sid=ask.carrier.store.new_sid("MM" if media else "SM"), account_sid=ask.account.sid, to=to, from_=from_,
        body=body, media=media, callback=callback, messaging_service_sid=service or None,
        status="accepted" if service else "queued",
    )  # fmt: skip
    ask.carrier.store.add_message(message)
    answer = message.json()
    ask.carrier.webhooks.later(_deliver(ask.carrier, message, ask.account.token))
    return 201, answer


async def _deliver(carrier: Carrier, message: Message, token: str) -> None:
    for status, seconds in (("queued", 0.1), ("sent", 0.5), ("delivered", 1.5)):
        await carrier.clock.sleep(seconds)
        changes: dict[str, Any] = {"status": status}
        if status == "sent":
            changes["sent"] = time.time()
        carrier.store.change_message(message, **changes)
        form = [
            ("MessageSid", message.sid),
            ("SmsSid", message.sid),
            ("MessageStatus", status),
            ("SmsStatus", status),
            ("To", message.to),
            ("From", message.from_),
            ("AccountSid", message.account_sid),
            ("ApiVersion", API_VERSION),
        ]
        if message.messaging_service_sid:
            form.append(("MessagingServiceSid", message.messaging_service_sid))
        carrier.webhooks.later(
            carrier.webhooks.callback(
                message.callback, form, token=token, what="message", event=status, sid=message.sid,
                account=message.account_sid, to=message.to,
            )
        )  # fmt: skip


def fetch(ask: Ask) -> tuple[int, dict[str, Any]]:
    message = ask.carrier.store.messages.get(ask.path["sid"])
    if message is None or message.account_sid != ask.account.sid:
        raise ApiError(20404)
    return 200, message.json()


def listing(ask: Ask) -> tuple[int, dict[str, Any]]:
    to, from_ = normalise(ask.asked("To")), normalise(ask.asked("From"))
    rows = newest_first(ask.carrier.store.messages.values(), ask.account)
    return page(
        ask,
        "messages",
        "Messages",
        (m for m in rows if (not to or m.to == to) and (not from_ or m.from_ == from_)),
    )
