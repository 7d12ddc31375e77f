"""Whoever declines an offer in a call is left in peace for as long as the law of the country asks (France: 60 days)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from accounts.database import among, fetched, instant, listed
from accounts.models import Location
from compliance.models import Refusal
from compliance.packs import RulePack
from compliance.packs.applying import packs_of


def matter(packs: Iterable[RulePack]) -> bool:
    """Whether any of the packs asks for a pause after a refusal."""
    return any(pack.refusal_pause for pack in packs)


def note(location: Location, phone: str, at: datetime) -> None:
    """The person at `phone` declined in a call of `location`; kept where a pack of its country asks for a pause."""
    if not matter(packs_of(location.country)):
        return
    refusal, is_new = Refusal.objects.get_or_create(
        organization_id=location.organization_id, phone=phone, defaults={"refused_at": at}
    )
    if not is_new:
        Refusal.objects.filter(pk=refusal.pk, refused_at__lt=at).update(refused_at=at)


def newest(numbers: Collection[tuple[int, str]]) -> dict[tuple[int, str], datetime]:
    """When the person of each (organization id, phone) last declined, in one query; without a number, none."""
    if not numbers:
        return {}
    rows = fetched(
        "SELECT organization_id, phone, refused_at FROM compliance_refusal "
        f"WHERE {among('organization_id', 'bigint')} AND {among('phone', 'text')}",
        [
            listed({organization_id for organization_id, _ in numbers}),
            listed({phone for _, phone in numbers}),
        ],
    )
    return {(organization_id, phone): instant(at) for organization_id, phone, at in rows}
