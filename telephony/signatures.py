"""Whether a request really comes from the carrier: X-Twilio-Signature, an HMAC-SHA1 over the URL as it was given.

The auth tokens of all accounts are kept in memory for a short time, so that a forged request costs no query.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import OperationalError
from prometheus_client import Counter
from twilio.request_validator import RequestValidator

from telephony.models import CarrierAccount

REFUSED = Counter("parley_webhooks_refused", "Webhook and socket requests refused", ["reason"])
_KEEP_SECONDS = 20.0
# A read that failed stands for those that come so soon after it.
_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Credentials:
    account_id: int
    auth_token: str = field(repr=False)


class _Accounts:
    """AccountSid → credentials, read whole at most once in _KEEP_SECONDS per process.

    One thread reads and the others wait for it. Without a database that takes its whole time limit: were each to try in
    its turn, no callback would get its error before the carrier has given it up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._by_sid: dict[str, Credentials] = {}

    def get(self, account_sid: str) -> Credentials | None:
        with self._lock:
            if time.monotonic() - self._read_at > _KEEP_SECONDS:
                self._read()
            return self._by_sid.get(account_sid)

    def _read(self) -> None:
        if time.monotonic() - self._failed_at < _AGAIN_SECONDS:
            raise OperationalError("The database did not answer a moment ago.")
        try:
            self._by_sid = {
                account.account_sid: Credentials(account.pk, account.auth_token)
                for account in CarrierAccount.objects.only("account_sid", "auth_token")
            }
        except OperationalError:
            self._failed_at = time.monotonic()
            raise
        self._read_at = time.monotonic()

    def forget(self) -> None:
        with self._lock:
            self._read_at = self._failed_at = float("-inf")


_accounts = _Accounts()
forget_accounts = _accounts.forget


def credentials_of(account_sid: str) -> Credentials | None:
    """The account's id and auth token; None for an account that is not ours. Raises OperationalError."""
    return _accounts.get(account_sid)


def verify(url: str, params: Mapping[str, object], signature: str, auth_token: str) -> bool:
    """Whether `signature` is the account's over exactly this URL and these form fields (a QueryDict keeps repeats).

    Compared in constant time. An empty signature is never valid.
    """
    return bool(signature) and RequestValidator(auth_token).validate(url, params, signature)
