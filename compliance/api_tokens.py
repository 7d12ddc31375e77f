"""Bearer tokens of the API: made, recognised, revoked; and the answers that were given under an idempotency key."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import log
from accounts.models import Location, User
from compliance.models import ApiAnswer, ApiToken

log.register("api_token.made", "made the API token {name}")
log.register("api_token.revoked", "revoked the API token {name}")

_PREFIX = "parley_"  # by it, those who look for leaked secrets know it for one
# "Last used" is for people: one write a minute is enough of it.
_USED_EVERY = timedelta(minutes=1)
ANSWERS_KEPT = timedelta(days=7)
_FORGOTTEN_AT_ONCE = 5_000


def make(location: Location, *, name: str, may_grant: bool, actor: User) -> tuple[ApiToken, str]:
    """A new token, and what it says, which is not kept."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            location=location,
            name=name,
            digest=_digest(secret),
            ending=secret[-4:],
            may_grant=may_grant,
            created_by=actor,
        )
        log.record(location, "api_token.made", actor=actor, subject=token, name=name)
    return token, secret


def revoke(token: ApiToken, *, actor: User) -> bool:
    """From now on nobody gets in with it. False when it was revoked before."""
    with transaction.atomic():
        revoked = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by=actor
        )
        if revoked:
            log.record(token.location, "api_token.revoked", actor=actor, subject=token, name=token.name)
    return bool(revoked)


def find(secret: str, now: datetime) -> ApiToken | None:
    """The token that says this and is not revoked; that it was used is noted."""
    token = (
        ApiToken.objects.select_related("location__organization")
        .filter(digest=_digest(secret), revoked_at=None)
        .first()
    )
    if token is not None and (token.last_used_at is None or token.last_used_at < now - _USED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def forget_answers() -> int:
    """Delete answers that nobody will ask for again; how many were."""
    old = ApiAnswer.objects.filter(at__lt=timezone.now() - ANSWERS_KEPT).order_by("at")
    return ApiAnswer.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
    ).delete()[0]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
