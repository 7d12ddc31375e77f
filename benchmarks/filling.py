"""A large installation, written by SQL: locations that may call now, and calls that wait.

Every contact has documented consent and a stored zone where it is about noon, so that the rules allow each call
whenever the benchmark runs.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytz
from django.db import connection
from django.utils.timezone import now

from accounts.models import KycStatus, Location, Organization
from compliance import list_numbers
from compliance.emergency_models import Emergency
from compliance.list_models import ExternalList, ListEdition, ListKind
from dialer.models import Pace
from phone_numbers.models import PhoneNumber
from telephony.models import Carrier, CarrierAccount
from voiceagents.models import Agent

LOCATIONS_PER_ACCOUNT = 10


def open_zone() -> str:
    """The zone where the clock is nearest to one in the afternoon."""

    def distance(name: str) -> float:
        local = datetime.now(ZoneInfo(name))
        return abs(local.hour + local.minute / 60 - 13)

    return min(pytz.common_timezones, key=distance)


def locations(count: int) -> list[int]:
    """Locations with an agent, a number and an open pace each, ten to an organization with its carrier account."""
    zone = open_zone()
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Bench {n}") for n in range(-(-count // LOCATIONS_PER_ACCOUNT))
    )
    accounts = CarrierAccount.objects.bulk_create(
        CarrierAccount(
            organization=organization,
            name="Bench",
            carrier=Carrier.SANDBOX,
            account_sid=f"AC{n:032x}",
            auth_token=f"{n:032x}",
            calls_per_second=999,
        )
        for n, organization in enumerate(organizations)
    )
    made = Location.objects.bulk_create(
        Location(
            organization=organizations[n // LOCATIONS_PER_ACCOUNT],
            name=f"Place {n}",
            country="US",
            timezone=zone,
            outbound_enabled=True,
            kyc_status=KycStatus.COMPLETED,
        )
        for n in range(count)
    )
    from tests.factories import with_valid_forms

    with_valid_forms(made)
    numbers = PhoneNumber.objects.bulk_create(
        PhoneNumber(
            location=location,
            account=accounts[n // LOCATIONS_PER_ACCOUNT],
            number=f"+1970{2000000 + n}",
            brand_name="Bright Smile Dental",
        )
        for n, location in enumerate(made)
    )
    Agent.objects.bulk_create(
        Agent(
            location=location,
            name="Ava",
            business_name="Bright Smile Dental",
            goals="Invite patients to book their six-month check-up.",
            business_details="Hours: Monday to Friday, nine to five.\nAddress: 12 Main Street.",
            greeting="Hello {{ contact.first_name }}, this is Ava.",
            abilities=["hang_up", "book", "message", "collect", "callback"],
            phone_number=number,
        )
        for location, number in zip(made, numbers, strict=True)
    )
    Pace.objects.bulk_create((Pace(location=location) for location in made), ignore_conflicts=True)
    return [location.pk for location in made]


def surroundings() -> None:
    """What a lived-in installation looks through before each dial: 100,000 numbers on the internal lists, a national
    register of 10,000 in every organization, 500,000 dials of the last fortnight, 5,000 emergencies that are over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO compliance_donotcallentry (code, organization_id, phone, risk, reason, source, added_at,
                removal_reason)
            SELECT substr(md5('d' || n), 1, 12), o.id, '+1970' || (3000000 + n), 'high', 'Asked by phone', 'staff',
                now() - n * interval '1 minute', ''
            FROM generate_series(1, 100000) n
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS every
                  FROM accounts_organization) o ON o.place = n % o.every
            """
        )
        cursor.execute(
            """
            INSERT INTO compliance_numberday (phone, local_date, dialled_at, location_id, attempt_token)
            SELECT '+1970' || (4000000 + n % 100000), current_date - (1 + n % 13)::int,
                now() - (1 + n % 13) * interval '1 day', l.id, md5('n' || n)
            FROM generate_series(1, 500000) n
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS every
                  FROM accounts_location) l ON l.place = n % l.every
            ON CONFLICT DO NOTHING
            """
        )
    organizations = list(Organization.objects.all())
    Emergency.objects.bulk_create(
        Emergency(
            organization=organizations[n % len(organizations)],
            state="FL",
            starts_at=now() - timedelta(days=30),
            ends_at=now() - timedelta(days=20),
            reason="A storm",
        )
        for n in range(5000)
    )
    for organization in organizations:
        register = ExternalList.objects.create(
            organization=organization, kind=ListKind.NATIONAL, country="US", name="National register"
        )
        register.edition = ListEdition.objects.create(
            list=register,
            as_of=now().date(),
            file_name="register.txt",
            count=10_000,
            loaded_at=now(),
            has_numbers=True,
        )
        register.save()
        for _ in list_numbers.store(register.edition_id, range(19_705_000_000, 19_705_010_000)):
            pass


def calls(count: int, *, state: str = "queued", ending: int | None = None) -> None:
    """Calls that are due, spread evenly over the locations, each to a contact of its own.

    ending: the last two digits of every number, by which the sandbox carrier chooses who answers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM contacts_contact")
        first = cursor.fetchone()[0]
        cursor.execute(
            """
            CREATE TEMP TABLE place AS
                SELECT row_number() OVER (ORDER BY l.id) - 1 AS place, l.id, l.organization_id, a.id AS agent_id
                FROM accounts_location l JOIN voiceagents_agent a ON a.location_id = l.id
            """
        )
        values = {"first": first, "count": count, "zone": open_zone(), "now": now(), "state": state}
        values |= {"base": 3_032_000_000 + (ending or 0), "step": 1 if ending is None else 100}
        cursor.execute(
            """
            INSERT INTO contacts_contact (code, location_id, phone, region, number_kind, zones, timezone, first_name,
                last_name, email, language, fields, is_test, dnd_voice, dnd_sms, notes, created_at, updated_at)
            SELECT substr(md5('t' || series.n), 1, 12), place.id, '+1' || (%(base)s::bigint + series.n * %(step)s),
                'US', 'geographic',
                %(zone)s, '', 'Noah', 'Brown', 'noah@example.com', 'en-US', '{}', false, false, false, '',
                %(now)s, %(now)s
            FROM generate_series(%(first)s::bigint + 1, %(first)s + %(count)s) series (n)
            JOIN place ON place.place = series.n %% (SELECT count(*) FROM place)
            """,
            values,
        )
        cursor.execute(
            """
            INSERT INTO compliance_consententry (code, organization_id, location_id, contact_id, phone, kind, source,
                channel, purpose, seller, evidence, text, text_hash, url, user_agent, captured_at, recorded_at)
            SELECT substr(md5('e' || c.id), 1, 12), l.organization_id, l.id, c.id, c.phone, 'granted', 'form', 'voice',
                'marketing', '', 'Website form', '', '', '', '', %(now)s - interval '30 days', %(now)s
            FROM contacts_contact c JOIN accounts_location l ON l.id = c.location_id WHERE c.id > %(first)s
            """,
            values,
        )
        cursor.execute(
            """
            INSERT INTO dialer_call (code, location_id, contact_id, agent_id, phone, from_number, direction, origin,
                is_test, state, held, disposition, outcome, reasons, failure_code, failure_detail, purpose, confidence,
                context, summary, answered_by, recording_sid, created_at, due_at, talk_seconds, started_at, answered_at,
                ended_at)
            SELECT substr(md5('c' || c.id), 1, 12), c.location_id, c.id, place.agent_id, c.phone, '', 'outbound',
                'api', false, %(state)s, false, CASE WHEN spoken THEN 'connected' ELSE '' END, '', '[]', '', '', '', '',
                '', CASE WHEN spoken THEN 'They will come.' ELSE '' END, '', '', %(now)s, due.at,
                CASE WHEN spoken THEN 60 ELSE 0 END, CASE WHEN spoken THEN due.at END, CASE WHEN spoken THEN due.at END,
                CASE WHEN spoken THEN due.at + interval '1 minute' END
            FROM contacts_contact c JOIN place ON place.id = c.location_id,
                LATERAL (SELECT %(now)s - interval '1 hour' + (c.id %% 3000) * interval '1 second') due (at),
                (SELECT %(state)s = 'completed') had (spoken)
            WHERE c.id > %(first)s
            """,
            values,
        )
        cursor.execute("DROP TABLE place")


def analyse() -> None:
    """Fresh statistics and no dead rows, as autovacuum leaves a database that is not being measured."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def open_pace() -> None:
    """Every location may start its next call now, as if the last one had been a minute ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dialer_pace SET next_slot_at = now() - interval '10 seconds'")
        cursor.execute("UPDATE telephony_carrieraccount SET next_slot_at = now() - interval '10 seconds'")
        cursor.execute(
            "UPDATE compliance_locationday SET dialled = 0, last_dialled_at = now() - interval '1 minute'"
        )
        cursor.execute("VACUUM dialer_pace, telephony_carrieraccount, compliance_locationday")
