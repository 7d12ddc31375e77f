"""Connecting an organization's account at the carrier, and letting it call again after it was halted."""

import ipaddress
from decimal import Decimal
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from accounts.models import Organization
from telephony.client import check_credentials
from telephony.models import Carrier, CarrierAccount
from telephony.signals import account_resumed


class AlreadyConnected(Exception):  # noqa: N818 (a refusal, not a fault)
    """The account SID belongs to a connected account; the message says what to do."""


def connect(
    organization: Organization, *, account_sid: str, auth_token: str, calls_per_second: Decimal
) -> CarrierAccount:
    """Keep a Twilio account whose SID and token Twilio accepts. Raises CarrierUnavailable or AlreadyConnected."""
    if CarrierAccount.objects.filter(account_sid=account_sid).exists():
        raise AlreadyConnected("This account is connected already. To change its token, rotate it.")
    name = check_credentials(account_sid, auth_token, Carrier.TWILIO)
    try:
        with transaction.atomic():
            return CarrierAccount.objects.create(
                organization=organization,
                name=name[:80],
                carrier=Carrier.TWILIO,
                account_sid=account_sid,
                auth_token=auth_token,
                calls_per_second=calls_per_second,
            )
    except IntegrityError:
        raise AlreadyConnected("Somebody connected this account just now. Reload the page.") from None


def rotate_token(account: CarrierAccount, auth_token: str) -> None:
    """Replace the auth token by one that the carrier accepts. Raises CarrierUnavailable, and keeps the old one then."""
    check_credentials(account.account_sid, auth_token, Carrier(account.carrier))
    account.auth_token = auth_token
    account.save(update_fields=["auth_token"])


def resume(account: CarrierAccount) -> bool:
    """Let a halted account place calls again. False when it was not halted."""
    with transaction.atomic():
        resumed = CarrierAccount.objects.filter(pk=account.pk, halted_at__isnull=False).update(
            halted_at=None, halt_reason=""
        )
        if resumed:
            account.refresh_from_db(fields=["halted_at", "halt_reason"])
            account_resumed.send(sender=CarrierAccount, account=account)
    return bool(resumed)


def public_address_problem(public_url: str) -> str:
    """Why Twilio cannot call back at this address, and what to do; empty when nothing speaks against it."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    remedy = (
        "Set PUBLIC_URL to the https address under which this machine is reached from outside, and restart."
    )
    if parts.scheme != "https":
        return f"The public address {public_url} is not https, so Twilio would open no conversation. {remedy}"
    try:
        inside = not ipaddress.ip_address(host).is_global
    except ValueError:
        inside = (
            host == "localhost" or "." not in host or host.endswith((".local", ".localhost", ".internal"))
        )
    if inside:
        return (
            f"The public address {public_url} is inside this network, where Twilio cannot reach it. {remedy}"
        )
    return ""
