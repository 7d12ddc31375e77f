"""The demo organization: made once, and callable somewhere at any hour."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Location, Organization, User
from compliance.packs.applying import packs_for
from compliance.windows import CALLING_HOURS, open_at
from compliance.zones import place_of
from contacts.models import Contact
from dialer import campaigns, demo
from dialer.models import Call, Campaign

WEEKS = (
    datetime(2026, 1, 5, tzinfo=UTC),
    datetime(2026, 3, 28, tzinfo=UTC),
    datetime(2026, 7, 6, tzinfo=UTC),
    datetime(2026, 12, 21, tzinfo=UTC),
)


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.mark.django_db
def test_it_is_made_once_and_its_campaigns_can_be_launched(folder, capsys) -> None:
    call_command("demo")
    first = capsys.readouterr().out
    made = (Organization, Location, User, Contact, Campaign)
    counts = [model.objects.count() for model in made]
    call_command("demo")
    assert capsys.readouterr().out == first, "it goes on saying how to sign in"
    assert [model.objects.count() for model in made] == counts
    assert counts[:2] == [1, len(demo.PLACES)]
    for campaign in Campaign.objects.all():
        # Its number is confirmed by a worker once the carrier is up; nothing else is missing.
        problems = [code for code, _ in campaigns.problems(campaign, timezone.now())]
        assert problems == ["number_not_confirmed"], campaign.location.name
    assert {campaign.location.timezone for campaign in Campaign.objects.all()} == {
        place.zone for place in demo.PLACES
    }
    assert not Call.objects.exists(), "nobody is called before a person launches"


@pytest.mark.django_db
def test_its_password_opens_its_door_and_no_other(folder) -> None:
    demo.create()
    owner = User.objects.get(email="owner@example.com")
    assert owner.check_password(demo.password())
    assert (folder / "demo_password").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("monday", WEEKS, ids=["winter", "clock change", "summer", "Christmas"])
def test_one_of_its_places_may_call_at_every_hour_of_a_week(monday: datetime) -> None:
    people = {path.stem: path for path in demo.LISTS.glob("*.csv")}
    hours = []
    for place in demo.PLACES:
        phone = next(csv.DictReader(people[place.name.lower()].open(encoding="utf-8")))["Phone"]
        called = place_of(phone, place.country, place.zone)
        packs = packs_for(place.country, called)
        assert packs, "its country's pack is on"
        hours.append((called.zones, (CALLING_HOURS, *(pack.hours for pack in packs))))
    quarters = [monday + timedelta(minutes=15) * n for n in range(7 * 24 * 4)]
    assert [
        at
        for at in quarters
        if not any(all(open_at(zones, at, each) for each in together) for zones, together in hours)
    ] == []
