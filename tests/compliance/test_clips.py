"""Consent that is heard in a recorded call: staff point to the call and to the moment in it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance import clips, ledger, public_links
from compliance.models import ConsentEntry
from dialer.models import Call
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db
ANSWERED = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def recorded(contact, **more) -> Call:
    said = {"answered_at": ANSWERED, "started_at": ANSWERED - timedelta(seconds=9), "phone": contact.phone}
    said |= {"recording_sid": "RE" + "1" * 32, "recording_seconds": 95, "state": "completed"}
    return CallFactory(location=contact.location, contact=contact, **said | more)


@pytest.fixture
def contact():
    return ContactFactory(consent=False)


def staff_of(location) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role="staff").user)
    return client


def post(contact, call: str, **more):
    said = {
        "evidence": "“Yes, please call me about offers”", "call": call, "point": "1:02", "purpose": "marketing",
        "seller": contact.location.name, "vouched": "on", **more,
    }  # fmt: skip
    url = reverse("compliance:contact_grant", args=[contact.location.code, contact.code])
    return staff_of(contact.location).post(url, {f"consent-{name}": value for name, value in said.items()})


@pytest.mark.parametrize(("direction", "source"), [("outbound", "verbal_clip"), ("inbound", "inbound_call")])
def test_a_recorded_call_is_the_proof_and_its_moment_the_time(contact, direction, source):
    call = recorded(contact, direction=direction)
    assert post(contact, call.code).status_code == 302
    entry = ConsentEntry.objects.get()
    assert (entry.source, entry.captured_at) == (source, ANSWERED + timedelta(seconds=62))
    assert entry.evidence == "Recorded call, at 1:02: “Yes, please call me about offers”"
    page = reverse("dialer:call", args=[contact.location.code, call.code])
    assert entry.url.endswith(page)
    assert ledger.standing([contact.pk], timezone.now())[contact.pk].opt_in_source == source
    shown = staff_of(contact.location).get(
        reverse("compliance:consent_entry", args=[contact.location.code, entry.code])
    )
    assert f'href="{entry.url}"' in shown.content.decode()
    assert entry.get_source_display() in shown.content.decode()
    link = public_links.link(contact.location.organization, contact.phone)
    public = Client().get("/" + link.split("/", 3)[3]).content.decode()
    assert {"verbal_clip": "said on a recorded call", "inbound_call": "given on a call"}[source] in public
    assert page not in public, "called people have no use for the staff's page"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"point": ""}, "Say where in the recording they agree"),
        ({"point": "1:36"}, "It is 1:35 long"),
        ({"point": "soon"}, "Say where in the recording they agree"),
        ({"vouched": ""}, "vouch for the wording"),
        ({"evidence": "Yes"}, "nothing was recorded"),
    ],
)
def test_what_a_recorded_call_does_not_prove_is_not_recorded(contact, more, said):
    answer = post(contact, recorded(contact).code, **more)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ConsentEntry.objects.exists()


def test_a_form_is_a_proof_of_its_own(contact):
    form = contact.location.opt_in_forms.get()
    answer = post(contact, recorded(contact).code, form=form.code)
    assert answer.status_code == 422
    assert "Choose the form or the recorded call" in answer.content.decode()


def test_only_recorded_calls_with_the_contacts_own_number_are_offered(contact):
    recorded(contact, recording_sid="")
    recorded(contact, phone="+13035550199")
    theirs = recorded(ContactFactory(location=contact.location, consent=False))
    elsewhere = recorded(ContactFactory(location=LocationFactory(), consent=False))
    assert clips.recorded(contact) == []
    mine = recorded(contact)
    assert [clip.code for clip in clips.recorded(contact)] == [mine.code]
    for other in (theirs, elsewhere):
        assert post(contact, other.code).status_code == 422
    assert not ConsentEntry.objects.exists()


def test_without_a_call_the_day_is_asked_for_as_before(contact):
    recorded(contact)
    assert "Say when they agreed" in post(contact, "", point="").content.decode()
    assert post(contact, "", point="", given_on="2026-03-01").status_code == 302
    assert ConsentEntry.objects.get().source == "staff"


def test_words_of_a_recorded_call_lift_no_opt_out(contact):
    call = recorded(contact)
    ledger.opt_out(
        organization=contact.location.organization, phone=contact.phone, location=contact.location, source="staff",
        evidence="Said no",
    )  # fmt: skip
    post(contact, call.code)
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert ledger.standing([contact.pk], timezone.now())[contact.pk].opted_out_at is not None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("42", 42), ("0:42", 42), ("1:23", 83), (" 1:02:03 ", 3723), ("1:", None), ("-4", None)],
)
def test_a_point_is_written_as_players_show_it(text, seconds):
    point = clips.point_in(text)
    assert point == (None if seconds is None else timedelta(seconds=seconds))
    assert point is None or clips.point_in(clips.written(point)) == point
