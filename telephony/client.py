"""Talking to the carrier through Twilio's own SDK; the sandbox carrier differs by its address only.

Every function blocks; call them from seats, workers or threads, never inside a transaction or an event loop.
Creating a call is not idempotent at Twilio, so `place` tells four endings apart and never repeats anything by itself.
"""

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from telephony.addresses import callback_url
from telephony.models import Carrier, CarrierAccount

TIMEOUT_SECONDS = 10
# Bad credentials, suspended, out of funds: every further call of the account would fail as well.
HALTING_CODES = {20003, 20005, 10001}
_RECORDING_SID = re.compile(r"RE[0-9a-f]{32}")
# Twilio's connection overrides: three retries, whatever failed. The fragment is neither sent nor signed.
RETRIED = "#rc=3&rp=all"


@dataclass(frozen=True, slots=True)
class Placed:
    """Accepted. queue_ms: how long the carrier thinks it will hold the call in its own queue."""

    sid: str
    queue_ms: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused before anything rang. halts: the account cannot place calls at all until a person mends it."""

    code: str
    message: str
    halts: bool = False


@dataclass(frozen=True, slots=True)
class NotNow:
    """Certainly not processed, and worth repeating: too many requests, or no connection could be made."""

    reason: str
    retry_after: float | None = None
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """The request may or may not have been carried out. Never repeated: reconciled."""

    reason: str


Placing = Placed | Refused | NotNow | Unclear


@dataclass(frozen=True, slots=True)
class Order:
    """One dial to be made. Numbers in E.164; token identifies the attempt in every address given to the carrier."""

    account: CarrierAccount
    location_id: int
    token: str
    to: str
    from_number: str
    ring_seconds: int = 25
    limit_seconds: int = 1800


class _CarrierHttpClient(TwilioHttpClient):
    """The SDK's HTTP client with a time limit, a pool for all seats, and the sandbox's address where that is meant."""

    def __init__(self, base_url: str | None) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._base_url = base_url
        self._local = threading.local()
        self.session.trust_env = False
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=128))

    @property
    def retry_after(self) -> float | None:
        """Seconds the last answer on this thread asked to wait."""
        return getattr(self._local, "retry_after", None)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base_url:
            parts = urlsplit(url)
            product = parts.netloc.split(".", 1)[0]
            url = f"{self._base_url}/{product}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        self._local.retry_after = None
        response = super().request(method, url, *args, **kwargs)
        with contextlib.suppress(ValueError):
            self._local.retry_after = float((response.headers or {}).get("Retry-After", ""))
        return response


@lru_cache(maxsize=1024)
def _client(account_sid: str, auth_token: str, carrier: str) -> Client:
    http_client = _CarrierHttpClient(settings.SANDBOX_URL if carrier == Carrier.SANDBOX else None)
    # A non-empty environment keeps TWILIO_EDGE and TWILIO_REGION of the machine from rerouting requests.
    return Client(account_sid, auth_token, http_client=http_client, environment={"_": ""})


def client_of(account: CarrierAccount) -> Client:
    """Twilio's own client, speaking to the account's carrier."""
    return _client(account.account_sid, account.auth_token, account.carrier)


def place(order: Order) -> Placing:
    """Ask the carrier to dial once."""
    client = client_of(order.account)
    try:
        call = client.calls.create(
            to=order.to,
            from_=order.from_number,
            url=callback_url("answer", order.token),
            status_callback=callback_url("status", order.token) + RETRIED,
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            machine_detection="Enable",
            async_amd="true",
            async_amd_status_callback=callback_url("amd", order.token) + RETRIED,
            timeout=order.ring_seconds,
            time_limit=order.limit_seconds,
        )
    except TwilioException as error:
        return _ending_of(error, client)
    except requests.exceptions.ConnectionError as error:
        if _never_connected(error):
            return NotNow("The carrier cannot be reached.")
        return Unclear("The connection broke before the carrier answered.")
    except requests.exceptions.RequestException as error:
        return Unclear(f"No answer from the carrier ({type(error).__name__}).")
    if not call.sid:
        return Unclear("The carrier's answer named no call.")
    return Placed(call.sid, int(call.queue_time or 0))


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Whether not a byte of the request left: then it is certain that nothing was dialled."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError")


def _ending_of(error: TwilioException, client: Client) -> Placing:
    status = getattr(error, "status", None) or getattr(error, "status_code", None)
    code = getattr(error, "code", None)
    message = getattr(error, "msg", None) or getattr(error, "detail", None) or "No reason given."
    if status == 429:
        return NotNow("The carrier asks for fewer requests.", client.http_client.retry_after, too_many=True)
    if not isinstance(status, int) or status >= 500 or status < 400:
        return Unclear(f"The carrier answered {status}: {message}")
    return Refused(str(code or status), str(message), halts=status == 401 or code in HALTING_CODES)


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call as the carrier's REST resource tells it."""

    sid: str
    status: str
    to: str
    from_number: str
    answered_by: str
    created_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    duration: int


class CarrierUnavailable(Exception):  # noqa: N818 (a state of the world, not a fault)
    """The carrier gave no usable answer to a question; asking again later is harmless."""


class CarrierRefused(CarrierUnavailable):
    """The carrier answered, and said no: the same question gets the same answer."""


def _call_of(call: Any) -> CarrierCall:
    return CarrierCall(
        sid=call.sid,
        status=str(call.status),
        to=call.to or "",
        from_number=call._from or "",
        answered_by=call.answered_by or "",
        created_at=call.date_created if isinstance(call.date_created, datetime) else None,
        started_at=call.start_time if isinstance(call.start_time, datetime) else None,
        ended_at=call.end_time if isinstance(call.end_time, datetime) else None,
        duration=int(call.duration or 0),
    )


def fetch_call(account: CarrierAccount, sid: str) -> CarrierCall | None:
    """The call with this SID; None when the carrier says that there is none. Raises CarrierUnavailable."""
    try:
        return _call_of(client_of(account).calls(sid).fetch())
    except TwilioRestException as error:
        if error.status == 404:
            return None
        raise CarrierUnavailable(error.msg) from error
    except (TwilioException, requests.exceptions.RequestException) as error:
        raise CarrierUnavailable(str(error)) from error


def find_calls(account: CarrierAccount, *, to: str, from_number: str, since: datetime) -> list[CarrierCall]:
    """The account's calls from one number to another that were made at or after `since`. Raises CarrierUnavailable."""
    try:
        found = client_of(account).calls.list(to=to, from_=from_number, limit=50)
    except (TwilioException, requests.exceptions.RequestException) as error:
        raise CarrierUnavailable(str(error)) from error
    calls = [_call_of(call) for call in found]
    return [call for call in calls if call.created_at is None or call.created_at >= since]


def end_call(account: CarrierAccount, sid: str) -> bool:
    """Hang up a call in any state. False when it was over already. Raises CarrierUnavailable."""
    return _end(account, sid, "completed")


def cancel_call(account: CarrierAccount, sid: str) -> bool:
    """Take back a call that was not answered yet. False when it was answered or over. Raises CarrierUnavailable."""
    return _end(account, sid, "canceled")


def _end(account: CarrierAccount, sid: str, status: str) -> bool:
    try:
        client_of(account).calls(sid).update(status=status)
    except TwilioRestException as error:
        if error.code == 21220 or error.status == 404:
            return False
        raise CarrierUnavailable(error.msg) from error
    except (TwilioException, requests.exceptions.RequestException) as error:
        raise CarrierUnavailable(str(error)) from error
    return True


def check_credentials(account_sid: str, auth_token: str, carrier: Carrier) -> str:
    """The account's name at the carrier. Raises CarrierUnavailable with words for the person who typed them."""
    try:
        account = _client(account_sid, auth_token, carrier).api.accounts(account_sid).fetch()
    except TwilioRestException as error:
        if error.status in (401, 403, 404):
            raise CarrierUnavailable(
                "The carrier refused this account SID and auth token. Copy both again from the account's page there."
            ) from error
        raise CarrierUnavailable(error.msg) from error
    except (TwilioException, requests.exceptions.RequestException) as error:
        raise CarrierUnavailable("The carrier cannot be reached from this machine.") from error
    return account.friendly_name or account_sid


def time_at(account: CarrierAccount) -> datetime:
    """The carrier's own time, to the second: every answer is headed by it, a refusal too. Raises CarrierUnavailable."""
    url = f"https://api.twilio.com/2010-04-01/Accounts/{account.account_sid}.json"
    try:
        answer = client_of(account).request("GET", url)
        return parsedate_to_datetime((answer.headers or {})["Date"]).replace(
            tzinfo=UTC
        )  # RFC 9110: always GMT.
    except (TwilioException, requests.exceptions.RequestException, KeyError, ValueError) as error:
        raise CarrierUnavailable(
            f"The carrier did not say what time it is ({type(error).__name__})."
        ) from error


def owned_numbers(account: CarrierAccount) -> list[tuple[str, str, str]]:
    """(E.164, carrier SID, name) of the numbers the account owns, at most 1,000. Raises CarrierUnavailable."""
    with asking():
        numbers = client_of(account).incoming_phone_numbers.list(limit=1000)
    return [(number.phone_number, number.sid, number.friendly_name or "") for number in numbers]


@dataclass(frozen=True, slots=True)
class AvailableNumber:
    """A number on sale: E.164, and where it is as far as the carrier says."""

    number: str
    locality: str
    region: str


KINDS = ("local", "mobile", "toll_free")


def available_numbers(
    account: CarrierAccount, country: str, *, kind: str = "local", area_code: str = "", contains: str = ""
) -> list[AvailableNumber]:
    """At most 20 voice numbers on sale in a country (ISO 3166), of one of KINDS. Raises CarrierUnavailable.

    area_code holds in North America only; contains is digits, with * for any.
    """
    filters: dict[str, Any] = {"voice_enabled": True, "limit": 20, "page_size": 20}
    if area_code:
        filters["area_code"] = int(area_code)
    if contains:
        filters["contains"] = contains
    with asking(f"The carrier sells no {kind.replace('_', '-')} numbers in this country."):
        found = getattr(client_of(account).available_phone_numbers(country), kind).list(**filters)
    return [
        AvailableNumber(number.phone_number, number.locality or "", number.region or "") for number in found
    ]


def buy_number(account: CarrierAccount, number: str, name: str) -> str:
    """Buy the number (E.164) and return its SID. Raises CarrierRefused, or CarrierUnavailable when it is not known
    whether it was bought: ask owned_numbers before buying again."""
    with asking():
        bought = client_of(account).incoming_phone_numbers.create(
            phone_number=number, friendly_name=name or number
        )
    return str(bought.sid)


def receive_texts(account: CarrierAccount, sid: str) -> str:
    """Have texts to the number with this SID sent to us, and return the address. Raises CarrierUnavailable.

    An application set on the number would keep them from it, so it is taken off.
    """
    url = callback_url("message")
    with asking("The account does not own this number any more."):
        client_of(account).incoming_phone_numbers(sid).update(
            sms_url=url + RETRIED, sms_method="POST", sms_application_sid=""
        )
    return url


def release_number(account: CarrierAccount, sid: str) -> bool:
    """Give the number back. False when the account does not own it any more. Raises CarrierUnavailable."""
    try:
        with asking():
            client_of(account).incoming_phone_numbers(sid).delete()
    except CarrierRefused as error:
        if getattr(error.__cause__, "status", None) == 404:
            return False
        raise
    return True


@contextlib.contextmanager
def asking(not_found: str = "The carrier knows no such thing.") -> Iterator[None]:
    """Turn what the SDK raises into CarrierRefused or CarrierUnavailable, in words for the person who asked."""
    try:
        yield
    except requests.exceptions.RequestException as error:
        raise CarrierUnavailable(
            "The carrier cannot be reached from this machine. Try again in a minute."
        ) from error
    except TwilioException as error:
        # A list that cannot be fetched is raised with the response, a record with its status.
        response = error.args[1] if len(error.args) > 1 else None
        status = getattr(error, "status", None) or getattr(response, "status_code", None) or 500
        code = getattr(error, "code", None)
        if status == 429 or status >= 500:
            raise CarrierUnavailable(
                f"The carrier is busy (HTTP {status}). Try again in a minute."
            ) from error
        if status in (401, 403):
            raise CarrierRefused(
                "The carrier refused the account's SID and auth token. Renew them under Settings, Carrier."
            ) from error
        words = not_found if status == 404 else str(getattr(error, "msg", "") or error)
        raise CarrierRefused(f"{words} (code {code})" if code and status != 404 else words) from error


def recording_audio(account: CarrierAccount, recording_sid: str) -> tuple[str, Iterator[bytes]]:
    """(content type, chunks) of a recording's sound; read the chunks to their end. Raises CarrierUnavailable."""
    # Whoever signs an account's events chooses the SID; it must not choose what is asked for here.
    if not _RECORDING_SID.fullmatch(recording_sid):
        raise CarrierUnavailable("The carrier named no recording of its own.")
    base = f"{settings.SANDBOX_URL}/api" if account.carrier == Carrier.SANDBOX else "https://api.twilio.com"
    try:
        response = requests.get(
            f"{base}/2010-04-01/Accounts/{account.account_sid}/Recordings/{recording_sid}.wav",
            auth=(account.account_sid, account.auth_token),
            timeout=TIMEOUT_SECONDS,
            stream=True,
        )
        response.raise_for_status()
    except requests.exceptions.RequestException as error:
        raise CarrierUnavailable(
            "The recording is not available at the carrier yet, or no longer."
        ) from error
    kind = response.headers.get("Content-Type", "")
    # Sent on under our own name, so it is never a page.
    return kind if kind.startswith("audio/") else "audio/x-wav", response.iter_content(64 * 1024)
