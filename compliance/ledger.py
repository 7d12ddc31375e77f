"""The consent ledger: who agreed to be called, who took it back, and what follows from both.

Entries are only ever added. Whether a contact may be called is read from them: a grant counts from its captured_at
until it expires, unless it was given on a form whose wording was no valid consent then, or for another purpose than
marketing. A revocation counts for the number in the whole organization. It outweighs every grant but a later one on a
form whose wording is on record and was valid consent: a word that nobody can read again does not undo an objection.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull
from django.utils import timezone

from accounts import log
from accounts.database import among, asked, insert_rows, instant, is_postgresql, listed
from accounts.fields import new_code
from accounts.models import Location, Organization
from compliance import donotcall
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, FormScan, Purpose, Risk
from compliance.packs.applying import packs_of
from compliance.signals import number_blocked
from contacts.models import Contact, OptInVersion

# What an entry may be about: calls, or every channel. Consent to texts alone is no consent to calls.
VOICE = ("voice", "all")
# What says where the proof of consent is kept, when its wording is not on record; in characters.
SHORTEST_EVIDENCE = 10
# How the evidence of consent to test calls begins: one's own word for one's own number (dialer.calls.test_call).
TEST = "Test call: "

log.register("consent.granted", "recorded consent of {phone}: {evidence}")
log.register("consent.vouched", "vouched for the wording on which {phone} agreed to calls")
log.register("consent.revoked", "recorded that {phone} opted out: {evidence}")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says of a contact at an instant. opted_out_at: of an opt-out that nothing lifted since."""

    opt_in_documented: bool = False
    opt_in_source: str = ""
    opted_out_at: datetime | None = None


NOTHING = Standing()


class Grant(NamedTuple):
    """One consent of many: given by the contact's person at captured_at (aware), with its evidence.

    purpose: what the calls are for. seller: the business it names, where no form does.
    """

    contact_id: int
    phone: str
    captured_at: datetime
    evidence: str
    purpose: str = Purpose.MARKETING
    seller: str = ""


class Wording(NamedTuple):
    """What a form said when consent was recorded, and what the scanner said of it (opt_in.wordings_on)."""

    version: OptInVersion
    scan: FormScan


# kind, captured_at, source, whether on a form whose wording was valid consent, expires_at of an entry.
_Entry = tuple[str, datetime, str, bool, datetime | None]


def standing(contact_ids: Sequence[int], at: datetime) -> dict[int, Standing]:
    """The standing of each contact at `at`, in one query; contacts without entries are left out.

    Grants are the contact's own; revocations are those of its number anywhere in its organization.
    """
    return ask_standing(contact_ids, at)()


def ask_standing(contact_ids: Sequence[int], at: datetime) -> Callable[[], dict[int, Standing]]:
    """As `standing`, but what it answers is read when the answer is called (accounts.database.asked)."""
    entries = _ask_entries(contact_ids, at)
    return lambda: {pk: _standing_of(each, at) for pk, each in entries().items()}


def expiring(contact_ids: Sequence[int], at: datetime) -> dict[int, list[tuple[datetime, Standing]]]:
    """Of each contact whose consent runs out after `at`: what its standing becomes, and when. At most two queries."""
    ends = ConsentEntry.objects.filter(
        contact_id__in=contact_ids, kind=ConsentKind.GRANTED, channel__in=VOICE, expires_at__gt=at
    )
    found = _ask_entries(list(ends.values_list("contact_id", flat=True).distinct()), at)()
    return {
        pk: [
            (end, _standing_of(entries, end))
            for end in sorted({expires for *_, expires in entries if expires is not None})
        ]
        for pk, entries in found.items()
    }


def _ask_entries(contact_ids: Sequence[int], at: datetime) -> Callable[[], dict[int, list[_Entry]]]:
    """The entries that count at `at`, by contact."""
    if not contact_ids:
        return dict
    same_number = "e.organization_id = c.organization_id AND e.phone = c.phone"
    of_each = (
        # Fenced off by OFFSET: for each of them through the index, which a guess would pass by for the whole ledger.
        f"CROSS JOIN LATERAL (SELECT * FROM compliance_consententry e WHERE {same_number} OFFSET 0) e"
        if is_postgresql()
        else f"JOIN compliance_consententry e ON {same_number}"
    )
    rows = asked(
        f"WITH c AS {'MATERIALIZED' if is_postgresql() else ''} (SELECT contacts_contact.id, phone, l.organization_id "
        "FROM contacts_contact JOIN accounts_location l ON l.id = contacts_contact.location_id "
        f"WHERE {among('contacts_contact.id', 'bigint')}) "
        f"SELECT c.id, e.kind, e.captured_at, e.source, e.scan_valid, e.expires_at FROM c {of_each} "
        "WHERE e.captured_at <= %s AND e.channel IN (%s, %s) AND (e.kind = %s OR (e.contact_id = c.id "
        "AND e.purpose = %s AND (e.scan_valid IS NULL OR e.scan_valid) "
        "AND (e.expires_at IS NULL OR e.expires_at > %s)))",
        [listed(contact_ids), at, *VOICE, ConsentKind.REVOKED.value, Purpose.MARKETING.value, at],
    )

    def read() -> dict[int, list[_Entry]]:
        found: dict[int, list[_Entry]] = {}
        for contact_id, kind, captured_at, source, on_form, expires_at in rows():
            expires = instant(expires_at) if kind != ConsentKind.REVOKED else None
            entry = (kind, instant(captured_at), source, bool(on_form), expires)
            found.setdefault(contact_id, []).append(entry)
        return found

    return read


def _standing_of(entries: Iterable[_Entry], at: datetime) -> Standing:
    given: tuple[datetime, str] | None = None
    taken: datetime | None = None
    cleared: datetime | None = None
    for kind, captured_at, source, on_form, expires_at in entries:
        if kind == ConsentKind.REVOKED:
            if taken is None or captured_at > taken:
                taken = captured_at
        elif expires_at is None or expires_at > at:
            if given is None or captured_at > given[0]:
                given = captured_at, source
            if on_form and (cleared is None or captured_at > cleared):
                cleared = captured_at
    in_force = taken is not None and (cleared is None or taken >= cleared)
    return Standing(given is not None, given[1] if given else "", taken if in_force else None)


def with_consent(contacts: QuerySet[Contact], at: datetime) -> QuerySet[Contact]:
    """Those of `contacts` whose consent is documented and not taken back at `at`."""
    in_its_way = ConsentEntry.objects.filter(
        Q(captured_at__gte=OuterRef("captured_at")) | Q(IsNull(OuterRef("scan_valid"), True)),
        organization=OuterRef("organization"),
        phone=OuterRef("phone"),
        kind=ConsentKind.REVOKED,
        channel__in=VOICE,
        captured_at__lte=at,
    )
    grants = ConsentEntry.objects.filter(counting(at), ~Exists(in_its_way), contact=OuterRef("pk"))
    return contacts.filter(Exists(grants))


def for_tests_only(contacts: QuerySet[Contact], at: datetime) -> QuerySet[Contact]:
    """Those of `contacts` whose consent at `at` is to test calls and to nothing else: they must stay test contacts."""
    grants = ConsentEntry.objects.filter(counting(at), contact=OuterRef("pk"))
    test = Q(source=ConsentSource.STAFF, evidence__startswith=TEST, seller="", form_version=None)
    return contacts.filter(Exists(grants.filter(test)), ~Exists(grants.exclude(test)))


def counting(at: datetime) -> Q:
    """Grants that allow calls at `at`, as long as nothing takes them back: what ask_standing reads, as a filter."""
    return Q(
        Q(expires_at=None) | Q(expires_at__gt=at),
        Q(scan_valid=None) | Q(scan_valid=True),
        kind=ConsentKind.GRANTED,
        purpose=Purpose.MARKETING,
        channel__in=VOICE,
        captured_at__lte=at,
    )


def grant(
    *,
    contact: Contact,
    source: str,
    captured_at: datetime,
    evidence: str,
    channel: str = "voice",
    purpose: str = Purpose.MARKETING,
    seller: str = "",
    text: str = "",
    wording: Wording | None = None,
    url: str = "",
    ip: str | None = None,
    user_agent: str = "",
    expires_at: datetime | None = None,
    actor: Any = None,
) -> ConsentEntry:
    """Record that the contact's person agreed to be called; `wording` gives text, seller and address of an opt-in form.

    Under valid wording and later than every opt-out of the number, it also lifts the contact's "do not call"; an entry
    of the do-not-call list stays until a person removes it. Under wording that is not valid consent it is kept and
    counts for nothing. Without wording it rests on the word of `actor` and on evidence that can be followed. Raises
    ValueError without.
    """
    if wording is not None:
        text, seller, url = wording.version.text, wording.version.seller, url or address_of(wording.version)
    _can_be_followed(evidence, 1 if wording is not None or channel not in VOICE else SHORTEST_EVIDENCE)
    location = contact.location
    if channel in VOICE:
        expires_at = end_of(location.country, captured_at, expires_at)
    with transaction.atomic():
        # The same lock an opt-out takes: whichever is second sees the other.
        Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
        entry = ConsentEntry.objects.create(
            organization_id=location.organization_id,
            location=location,
            contact=contact,
            phone=contact.phone,
            kind=ConsentKind.GRANTED,
            source=source,
            channel=channel,
            purpose=purpose,
            seller=seller,
            evidence=evidence.strip(),
            text=text,
            text_hash=hash_of(text) if text else "",
            form_version=wording.version if wording else None,
            scan=wording.scan if wording else None,
            scan_valid=wording.scan.valid if wording else None,
            url=url,
            ip=ip,
            user_agent=user_agent,
            captured_at=captured_at,
            expires_at=expires_at,
            actor=actor,
        )
        now = timezone.now()
        counts = purpose == Purpose.MARKETING and (wording is None or wording.scan.valid)
        if counts and channel in VOICE and captured_at <= now and (expires_at is None or expires_at > now):
            revoked_at = _revoked(location.organization_id, [contact.phone]).get(contact.phone)
            if revoked_at is None or (wording is not None and captured_at > revoked_at):
                Contact.objects.filter(pk=contact.pk, dnd_voice=True).update(dnd_voice=False, updated_at=now)
                contact.dnd_voice = False
        log.record(
            location, "consent.granted", actor=actor, subject=contact, phone=contact.phone, evidence=evidence
        )
    return entry


def _can_be_followed(evidence: str, least: int) -> None:
    if len(evidence.strip()) < least:
        raise ValueError(
            f"Consent needs evidence: say in {SHORTEST_EVIDENCE} characters where the proof is kept."
        )


def end_of(country: str, captured_at: datetime, expires_at: datetime | None) -> datetime | None:
    """When consent to calls by a location of `country` ends: as it says itself, or sooner where the law has it."""
    ends = [captured_at + pack.consent_age for pack in packs_of(country) if pack.consent_age]
    return min([*ends, *([expires_at] if expires_at else [])], default=None)


def hash_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def address_of(version: OptInVersion) -> str:
    """The address of the page on which the form stands; empty for a form that is on no page."""
    return version.place if version.place.startswith(("https://", "http://")) else ""


def grant_many(
    *,
    location: Location,
    grants: Iterable[Grant],
    source: str = ConsentSource.IMPORT,
    wording: Wording | None = None,
    actor: Any = None,
) -> int:
    """Record the consents of a list, inside the caller's transaction; how many were new.

    One that is already there (same contact, instant, source, evidence and purpose) is passed by, so that a list
    imported again adds nothing. A new one under valid wording, later than every opt-out of its number, lifts the
    contact's "do not call". Raises ValueError for evidence that nobody could follow, where no wording is on record.
    """
    grants = list(grants)
    if wording is None:
        for each in grants:
            _can_be_followed(each.evidence, SHORTEST_EVIDENCE)
    wanted = {(g.contact_id, g.captured_at.astimezone(UTC), g.evidence, str(g.purpose)): g for g in grants}
    contact_ids = {contact_id for contact_id, *_ in wanted}
    present = ConsentEntry.objects.filter(
        contact_id__in=contact_ids, kind=ConsentKind.GRANTED, source=source
    ).values_list("contact_id", "captured_at", "evidence", "purpose")
    for contact_id, captured_at, evidence, purpose in present:
        wanted.pop((contact_id, captured_at.astimezone(UTC), evidence, purpose), None)
    if not wanted:
        return 0
    _append_grants(location, source, wanted.values(), actor, wording)
    if wording is None or not wording.scan.valid:
        return len(wanted)
    revoked, now = _revoked(location.organization_id, {g.phone for g in wanted.values()}), timezone.now()
    lifted = {
        g.contact_id
        for g in wanted.values()
        if g.purpose == Purpose.MARKETING
        and g.phone in revoked
        and revoked[g.phone] < g.captured_at <= now
        and ((ends := end_of(location.country, g.captured_at, None)) is None or ends > now)
    }
    if lifted:
        Contact.objects.filter(pk__in=lifted, dnd_voice=True).update(
            dnd_voice=False, updated_at=timezone.now()
        )
    return len(wanted)


class Wish(NamedTuple):
    """One opt-out of many: the person at `phone` (E.164) does not want to be called, as of `at` (aware).

    reason: for the do-not-call list; the evidence when empty.
    """

    phone: str
    at: datetime
    evidence: str
    risk: str = Risk.HIGH
    reason: str = ""


def opt_out(
    *,
    organization: Organization,
    phone: str,
    location: Location,
    source: str,
    evidence: str,
    risk: str = Risk.HIGH,
    reason: str = "",
    url: str = "",
    ip: str | None = None,
    user_agent: str = "",
    actor: Any = None,
) -> bool:
    """The person at `phone` does not want to be called: all of opt_out_many for one, in a transaction of its own.

    Again for a number that is blocked already, it adds nothing; False then.
    """
    with transaction.atomic():
        said = opt_out_many(
            organization=organization,
            location=location,
            wishes=[Wish(phone, timezone.now(), evidence, risk, reason)],
            source=source,
            url=url,
            ip=ip,
            user_agent=user_agent,
            actor=actor,
        )
        if said:
            log.record(
                location,
                "consent.revoked",
                actor=actor,
                subject=Contact.objects.for_location(location).filter(phone=phone).first(),
                phone=phone,
                evidence=evidence,
            )
    return bool(said)


def opt_out_many(
    *,
    organization: Organization,
    location: Location,
    wishes: Sequence[Wish],
    source: str,
    url: str = "",
    ip: str | None = None,
    user_agent: str = "",
    actor: Any = None,
) -> set[str]:
    """In force for the whole organization when the caller's transaction commits; the numbers of which it was news.

    1. Every contact with one of the numbers is locked, in the order of their keys.
    2. The numbers go on the do-not-call list with their risk and reason.
    3. The ledger gets a revocation for each contact that is not opted out yet, or whose number came on the list now;
       one without a contact for a number that nobody has. It is filed under the contact's location, else `location`.
    4. Contacts whose consent is not later than their wish are marked "do not call" and "do not text".
    5. number_blocked cancels every waiting call to the numbers.
    One wish a number, at most contacts.storing.BATCH at once. A dozen queries whatever their count.
    """
    by_phone = {wish.phone: wish for wish in wishes}
    now = max([timezone.now(), *(wish.at for wish in wishes)])
    contacts = list(
        Contact.objects.filter(location__organization=organization, phone__in=by_phone)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .only("pk", "phone", "location_id", "dnd_voice")
    )
    listed = donotcall.add_many(organization=organization, wishes=wishes, source=source, actor=actor)
    standings = standing([contact.pk for contact in contacts], now)
    revoked = _revoked(organization.pk, by_phone)

    def is_news(contact: Contact) -> bool:
        # A number that comes on the list now was said something new, even when a contact was opted out before.
        if contact.phone in listed:
            return True
        before = revoked.get(contact.phone)
        is_out = standings.get(contact.pk, NOTHING).opted_out_at is not None
        return not (contact.dnd_voice and is_out) and (before is None or before < by_phone[contact.phone].at)

    fresh = [contact for contact in contacts if is_news(contact)]
    nobodys = listed - {contact.phone for contact in contacts}
    about: list[tuple[int, int | None, str]] = [
        (contact.location_id, contact.pk, contact.phone) for contact in fresh
    ]
    about += [(location.pk, None, phone) for phone in sorted(nobodys)]
    insert_rows(
        ConsentEntry._meta.db_table,
        _COLUMNS,
        (
            _row(
                organization.pk, location_id, contact_id, phone, ConsentKind.REVOKED, source, "all",
                by_phone[phone].evidence, by_phone[phone].at, actor, url=url, ip=ip, user_agent=user_agent,
            )
            for location_id, contact_id, phone in about
        ),
    )  # fmt: skip
    news = listed | {contact.phone for contact in fresh}
    if not news:
        return news
    after = standing([contact.pk for contact in contacts], now)
    out = [pk for pk, found in after.items() if found.opted_out_at is not None]
    Contact.objects.filter(pk__in=out).filter(Q(dnd_voice=False) | Q(dnd_sms=False)).update(
        dnd_voice=True, dnd_sms=True, updated_at=now
    )
    number_blocked.send(
        sender=ConsentEntry,
        organization=organization,
        causes={phone: by_phone[phone].reason or by_phone[phone].evidence for phone in sorted(news)},
        actor=actor,
    )
    return news


def _revoked(organization_id: int, phones: Iterable[str]) -> dict[str, datetime]:
    """The newest revocation of each number that has one, in the organization."""
    return dict(
        ConsentEntry.objects.filter(
            organization_id=organization_id,
            phone__in=list(phones),
            kind=ConsentKind.REVOKED,
            channel__in=VOICE,
            captured_at__lte=timezone.now(),
        )
        .values_list("phone")
        .annotate(newest=Max("captured_at"))
    )


_COLUMNS = (
    "code", "organization_id", "location_id", "contact_id", "phone", "kind", "source", "channel", "purpose", "seller",
    "evidence", "text", "text_hash", "form_version_id", "scan_id", "scan_valid", "url", "ip", "user_agent",
    "captured_at", "recorded_at", "expires_at", "actor_id",
)  # fmt: skip


def _append_grants(
    location: Location, source: str, grants: Iterable[Grant], actor: Any, wording: Wording | None
) -> None:
    url = address_of(wording.version) if wording is not None else ""
    insert_rows(
        ConsentEntry._meta.db_table,
        _COLUMNS,
        (
            _row(
                location.organization_id, location.pk, entry.contact_id, entry.phone, ConsentKind.GRANTED, source,
                "voice", entry.evidence, entry.captured_at, actor, wording=wording, url=url,
                expires_at=end_of(location.country, entry.captured_at, None), purpose=entry.purpose,
                seller=entry.seller,
            )
            for entry in grants
        ),
    )  # fmt: skip


def _row(
    organization_id: int,
    location_id: int,
    contact_id: int | None,
    phone: str,
    kind: str,
    source: str,
    channel: str,
    evidence: str,
    captured_at: datetime,
    actor: Any,
    *,
    wording: Wording | None = None,
    url: str = "",
    ip: str | None = None,
    user_agent: str = "",
    expires_at: datetime | None = None,
    purpose: str = Purpose.MARKETING,
    seller: str = "",
) -> tuple[Any, ...]:
    """An entry's values, in the order of _COLUMNS. Under a wording the seller is the one it names."""
    text_hash = ""
    under: tuple[int | None, int | None, bool | None] = (None, None, None)
    if wording is not None:
        version, scan = wording
        seller, text_hash, under = version.seller, version.text_hash, (version.pk, scan.pk, scan.valid)
    return (
        new_code(), organization_id, location_id, contact_id, phone, str(kind), str(source), channel, str(purpose),
        seller, evidence, "", text_hash, *under, url, ip, user_agent, captured_at, timezone.now(),
        expires_at, actor.pk if actor is not None else None,
    )  # fmt: skip
