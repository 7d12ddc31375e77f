"""Buying numbers at the carrier, taking over those it owns already, giving them back.

Buying costs money every month, so it is never repeated blindly: what the account owns is asked first.
"""

import contextlib
import time

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import log, uses
from accounts.models import Location
from phone_numbers.models import PhoneNumber
from telephony import client
from telephony.addresses import callback_url
from telephony.client import CarrierRefused, CarrierUnavailable
from telephony.models import CarrierAccount

log.register("number.bought", "bought the phone number {number}")
log.register("number.ordered", "ordered the phone number {number}; the carrier's answer was lost")
log.register("number.imported", "took over the phone number {number} from the carrier account")
log.register("number.released", "released the phone number {number}")

PATIENCE = 60.0  # seconds that `provision` waits for a carrier that is still starting
PAUSE = 2.0
AT_ONCE = 30  # numbers of which the carrier is told in one run


class NotPossible(Exception):  # noqa: N818 (a refusal, not a fault)
    """Nothing was changed; the message says why and what to do."""


def provision(number_id: int, *, patience: float = PATIENCE, pause: float = PAUSE) -> str:
    """Make sure that the number is owned at its carrier account, and return its SID there.

    1. A row that has its SID is done.  2. What the account owns is listed: a number bought by a run that died is found
    there.  3. Else it is bought.  A carrier that cannot be reached is asked again for `patience` seconds; one that
    refuses is not. Raises CarrierUnavailable; the row then stays without a SID and the number's page says so.
    """
    number = PhoneNumber.objects.select_related("account").get(pk=number_id, released_at=None)
    deadline = time.monotonic() + patience
    while not number.carrier_sid:
        try:
            sid = _owned_or_bought(number)
        except CarrierRefused:
            raise
        except CarrierUnavailable:
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
        else:
            PhoneNumber.objects.filter(pk=number.pk, carrier_sid="").update(carrier_sid=sid)
            number.refresh_from_db(fields=["carrier_sid"])
    return number.carrier_sid


def _owned_or_bought(number: PhoneNumber) -> str:
    if sid := _owned(number):
        return sid
    try:
        return client.buy_number(number.account, number.number, number.name)
    except CarrierRefused:
        # Two at once: the other one bought it between our question and our order.
        if sid := _owned(number):
            return sid
        raise


def _owned(number: PhoneNumber) -> str:
    return next((sid for e164, sid, _ in client.owned_numbers(number.account) if e164 == number.number), "")


def hear_texts(number: PhoneNumber) -> None:
    """Have what people text to the number sent to us: a STOP there is an opt-out. Raises CarrierUnavailable."""
    number.texts_to = client.receive_texts(number.account, number.carrier_sid)
    number.save(update_fields=["texts_to"])


def hear_texts_of_all() -> int:
    """Do so for the numbers of which the carrier was not told, or another address; how many were mended.

    One that fails is looked at again with the next run, and its page says so meanwhile.
    """
    waiting = (
        PhoneNumber.objects.filter(released_at=None)
        .exclude(carrier_sid="")
        .exclude(texts_to=callback_url("message"))
        .select_related("account")
        # By chance, so that those that fail do not keep the others waiting.
        .order_by("?")[:AT_ONCE]
    )
    mended = 0
    for number in waiting:
        with contextlib.suppress(CarrierUnavailable):
            hear_texts(number)
            mended += 1
    return mended


def buy(location: Location, account: CarrierAccount, e164: str, *, name: str, actor: object) -> PhoneNumber:
    """Buy a number for the location. The row is written first, so that a number paid for is never unknown to us.

    Raises NotPossible. When the carrier's answer was lost, the row stays and its page offers to ask again.
    """
    number = _add(location, account, e164, name)
    try:
        number.carrier_sid = provision(number.pk, patience=0)
    except CarrierRefused as error:
        number.delete()
        raise NotPossible(f"{error} Nothing was bought. Choose another number.") from error
    except CarrierUnavailable as error:
        log.record(location, "number.ordered", actor=actor, subject=number, number=e164)
        raise NotPossible(
            f"{error} Nobody knows yet whether {e164} was bought: it is listed here, and its page asks again."
        ) from error
    log.record(location, "number.bought", actor=actor, subject=number, number=e164)
    with contextlib.suppress(CarrierUnavailable):
        hear_texts(number)
    return number


def importable(location: Location, account: CarrierAccount) -> list[tuple[str, str]]:
    """(E.164, name) of the numbers that the account owns and no location uses. Raises CarrierUnavailable."""
    owned = client.owned_numbers(account)
    known = set(
        PhoneNumber.objects.filter(number__in=[e164 for e164, _, _ in owned], released_at=None).values_list(
            "number", flat=True
        )
    )
    return [(e164, name) for e164, _, name in owned if e164 not in known]


def take_over(location: Location, account: CarrierAccount, e164: str, *, actor: object) -> PhoneNumber:
    """Use a number that the account owns already. Raises NotPossible or CarrierUnavailable."""
    found = next(((sid, name) for owned, sid, name in client.owned_numbers(account) if owned == e164), None)
    if found is None:
        raise NotPossible(f"The carrier account does not own {e164}. Load the list again.")
    sid, name = found
    number = _add(location, account, e164, "" if name == e164 else name, sid)
    log.record(location, "number.imported", actor=actor, subject=number, number=e164)
    with contextlib.suppress(CarrierUnavailable):
        hear_texts(number)
    return number


def _add(location: Location, account: CarrierAccount, e164: str, name: str, sid: str = "") -> PhoneNumber:
    try:
        with transaction.atomic():
            return PhoneNumber.objects.create(
                location=location,
                account=account,
                number=e164,
                name=name[:80],
                brand_name=location.organization.name,
                carrier_sid=sid,
            )
    except IntegrityError:
        raise NotPossible(f"{e164} is in use by a location already.") from None


def release(number: PhoneNumber, *, actor: object) -> None:
    """Give the number back to the carrier; its history stays. Raises NotPossible or CarrierUnavailable."""
    if users := uses.of(number):
        raise NotPossible(
            f"{number} is used by {', '.join(users)}. Give them another number first; nothing was released."
        )
    if number.carrier_sid:
        client.release_number(number.account, number.carrier_sid)
    with transaction.atomic():
        if PhoneNumber.objects.filter(pk=number.pk, released_at=None).update(released_at=timezone.now()):
            log.record(number.location, "number.released", actor=actor, subject=number, number=number.number)
