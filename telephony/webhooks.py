"""The front door for the carrier's callbacks: size, signature, store, hand on. Nothing else happens here.

1. A body over 64 kB is refused unread (413).
2. A form that is none, or of more fields than any of the carrier's, is refused (415, 400).
3. The signature is checked over the address we gave, with the auth token of the account the request names (403).
4. The event is stored and handled in one transaction. If that fails the carrier gets a 5xx and sends it again, and
   reconciliation asks the carrier in any case: there is no 2xx for an event that is not stored.
"""

import structlog
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

from accounts import transactions
from telephony import events, hooks, signatures
from telephony.addresses import Callback, callback_url
from telephony.models import EventKind

log = structlog.get_logger(__name__)
RECEIVED = Counter("parley_webhooks_received", "Verified callbacks", ["kind", "repeat"])
MAX_BODY = 64 * 1024
# These are answered with what to do in the call, so a repeat is answered again; a text is answered once.
_ANSWERED = (EventKind.ANSWER, EventKind.ACTION)
_KINDS: dict[Callback, EventKind] = {
    "answer": EventKind.ANSWER,
    "status": EventKind.STATUS,
    "amd": EventKind.AMD,
    "recording": EventKind.RECORDING,
    "action": EventKind.ACTION,
    "transfer": EventKind.ACTION,
    "review": EventKind.REVIEW,
    "message": EventKind.MESSAGE,
}


def _refuse(reason: str, status: int) -> HttpResponse:
    signatures.REFUSED.labels(reason).inc()
    return HttpResponse(status=status)


@csrf_exempt
@require_POST
def callback(request: HttpRequest, kind: Callback, token: str) -> HttpResponse:
    try:
        length = int(request.headers.get("Content-Length") or -1)
    except ValueError:
        length = -1
    if not 0 <= length <= MAX_BODY:
        return _refuse("size", 413)
    if request.content_type != "application/x-www-form-urlencoded":
        return _refuse("content_type", 415)
    try:
        account_sid = request.POST.get("AccountSid", "")
    except SuspiciousOperation:
        return _refuse("fields", 400)
    credentials = signatures.credentials_of(account_sid)
    if credentials is None:
        return _refuse("unknown_account", 403)
    signature = request.headers.get("X-Twilio-Signature", "")
    if request.META.get("QUERY_STRING") or not signatures.verify(
        callback_url(kind, token), request.POST, signature, credentials.auth_token
    ):
        return _refuse("signature", 403)
    # PostgreSQL stores no NUL, neither in a field's text nor in its name.
    body = {key.replace("\x00", ""): request.POST.get(key, "").replace("\x00", "") for key in request.POST}

    def keep_and_handle() -> tuple[bool, str | None]:
        event, is_new = events.keep(_KINDS[kind], credentials.account_id, token, body)
        return is_new, hooks.handle(event) if is_new or event.kind in _ANSWERED else None

    try:
        is_new, twiml = transactions.whole(keep_and_handle)
    except hooks.NotYours:
        return _refuse("other_account", 403)
    RECEIVED.labels(kind, "no" if is_new else "yes").inc()
    if twiml is None:
        return HttpResponse(status=204)
    return HttpResponse(twiml, content_type="text/xml")
