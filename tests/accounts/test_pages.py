"""Home, settings and long work: who sees what, who may change it, and what a mistake leaves behind."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import checklist, log
from accounts.forms import LocationForm
from accounts.models import Job, JobState, Location, Member, Role, User
from tests.factories import LocationFactory, MemberFactory, UserFactory

pytestmark = pytest.mark.django_db

READABLE = ["home", "settings", "members", "organization", "history", "jobs"]
HOURS = {"hours-mon-0-from": "09:00", "hours-mon-0-to": "17:00"}


@pytest.fixture
def location() -> Location:
    return LocationFactory.create(hours={"mon": [["09:00", "17:00"]]})


def signed_in(location: Location, role: Role) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def url(name: str, location: Location, *arguments: object) -> str:
    return reverse(f"accounts:{name}", args=[location.code, *arguments])


@pytest.mark.parametrize("name", READABLE)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_every_page_of_its_location(location, role, name):
    assert signed_in(location, role).get(url(name, location)).status_code == 200


@pytest.mark.parametrize("name", [*READABLE, "add_location"])
def test_a_stranger_finds_nothing_there(location, name):
    stranger = signed_in(LocationFactory.create(), Role.OWNER)
    response = stranger.get(url(name, location))
    assert response.status_code == 404
    assert location.name not in response.content.decode()


@pytest.mark.parametrize("name", [*READABLE, "add_location"])
def test_who_is_not_signed_in_is_asked_to(location, name):
    response = Client().get(url(name, location))
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize(
    ("name", "lowest"),
    [
        ("settings", Role.MANAGER),
        ("members", Role.MANAGER),
        ("organization", Role.OWNER),
        ("add_location", Role.OWNER),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_a_change_below_the_needed_role_is_refused(location, name, lowest, role):
    response = signed_in(location, role).post(url(name, location), {})
    assert response.status_code == (403 if role.rank < lowest.rank else 422)


@pytest.mark.parametrize("name", ["settings", "members", "organization", "history", "home"])
def test_a_viewer_is_shown_no_button_that_changes_the_location(location, name):
    page = signed_in(location, Role.VIEWER).get(url(name, location)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert 'method="post"' not in main or "disabled" in main


def test_the_first_page_is_the_persons_own_location(location):
    response = signed_in(location, Role.STAFF).get("/")
    assert response.url == url("home", location)


def test_who_belongs_nowhere_is_told_what_to_do():
    client = Client()
    client.force_login(UserFactory.create())
    response = client.get("/")
    assert response.status_code == 200
    assert "An owner has to invite you" in response.content.decode()


def test_it_saves_the_location_and_says_who_changed_it(location):
    client = signed_in(location, Role.MANAGER)
    data = {
        "name": "Madrid",
        "country": "ES",
        "timezone": "Europe/Madrid",
        **HOURS,
        "hours-mon-0-to": "00:00",
    }
    assert client.post(url("settings", location), data).status_code == 302
    location.refresh_from_db()
    assert (location.name, location.country, location.timezone) == ("Madrid", "ES", "Europe/Madrid")
    assert location.hours == {"mon": [["09:00", "24:00"]]}
    entry = location.log.get()
    assert log.sentence(entry) == "changed the location's name, country, time zone, business hours"


def test_a_zone_of_another_country_is_refused_and_what_was_typed_is_kept(location):
    data = {"name": "Somewhere new", "country": "ES", "timezone": "America/Denver", **HOURS}
    response = signed_in(location, Role.OWNER).post(url("settings", location), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose a time zone of the chosen country" in page
    assert 'value="Somewhere new"' in page
    location.refresh_from_db()
    assert location.country == "US"


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ({"hours-tue-0-from": "18:00", "hours-tue-0-to": "09:00"}, "ends before it begins"),
        ({"hours-tue-0-from": "09:00"}, "write both"),
        ({"hours-tue-0-from": "9 o'clock", "hours-tue-0-to": "17:00"}, "is not a time"),
        (
            {
                "hours-tue-0-from": "09:00",
                "hours-tue-0-to": "13:00",
                "hours-tue-1-from": "12:00",
                "hours-tue-1-to": "17:00",
            },
            "overlap",
        ),
        ({"hours-tue-0-from": "", "hours-tue-0-to": ""}, "No day has hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_words(location, hours, complaint):
    data = {"name": location.name, "country": "US", "timezone": "America/Denver", **hours}
    response = signed_in(location, Role.OWNER).post(url("settings", location), data)
    assert response.status_code == 422
    assert complaint in response.content.decode()


def test_open_around_the_clock_is_kept_as_no_hours_at_all(location):
    data = {"name": location.name, "country": "US", "timezone": "America/Denver", "hours-always": "on"}
    signed_in(location, Role.OWNER).post(url("settings", location), data)
    location.refresh_from_db()
    assert location.hours == {}


def test_choosing_a_country_brings_its_time_zones(location):
    page = signed_in(location, Role.OWNER).get("/time-zones/", {"country": "ES"}).content.decode()
    assert "Europe/Madrid" in page
    assert "America/Denver" not in page


def test_an_owner_adds_a_location_of_the_same_organization(location):
    client = signed_in(location, Role.OWNER)
    data = {"name": "Boise", "country": "US", "timezone": "America/Boise", **HOURS}
    response = client.post(url("add_location", location), data)
    place = Location.objects.get(name="Boise")
    assert response.url == url("home", place)
    assert place.organization == location.organization
    assert place.outbound_enabled is False
    assert place.members.get().role == Role.OWNER


def test_two_locations_of_an_organization_cannot_share_a_name(location):
    data = {"name": location.name.upper(), "country": "US", "timezone": "America/Boise", **HOURS}
    response = signed_in(location, Role.OWNER).post(url("add_location", location), data)
    assert response.status_code == 422
    assert "already has a location named" in response.content.decode()


def test_an_invited_person_chooses_a_password_through_the_mailed_link_and_signs_in(location):
    signed_in(location, Role.MANAGER).post(
        url("members", location), {"email": "New@Example.com", "role": "staff"}
    )
    member = location.members.get(user__email="new@example.com")
    assert member.role == Role.STAFF
    assert not member.user.has_usable_password()
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    client = Client()
    form_url = client.get(link).url
    client.post(form_url, {"password1": "a-long-enough-phrase", "password2": "a-long-enough-phrase"})
    client.logout()
    client.post("/account/login/", {"login": "new@example.com", "password": "a-long-enough-phrase"})
    assert client.get(url("home", location)).status_code == 200


def test_inviting_a_member_again_changes_nothing(location):
    there = MemberFactory.create(location=location, role=Role.VIEWER)
    client = signed_in(location, Role.OWNER)
    response = client.post(url("members", location), {"email": there.user.email, "role": "owner"})
    assert response.status_code == 422
    assert "already a member" in response.content.decode()
    there.refresh_from_db()
    assert there.role == Role.VIEWER
    assert not mail.outbox


def test_a_manager_cannot_make_an_owner_nor_demote_one(location):
    owner = MemberFactory.create(location=location, role=Role.OWNER)
    MemberFactory.create(location=location, role=Role.OWNER)
    client = signed_in(location, Role.MANAGER)
    client.post(url("members", location), {"email": "x@example.com", "role": "owner"})
    client.post(url("change_role", location, owner.pk), {"role": "viewer"})
    client.post(url("remove_member", location, owner.pk))
    owner.refresh_from_db()
    assert owner.role == Role.OWNER
    assert not User.objects.filter(email="x@example.com").exists()


@pytest.mark.parametrize("name", ["change_role", "remove_member"])
def test_the_last_owner_stays_an_owner(location, name):
    client = signed_in(location, Role.OWNER)
    owner = location.members.get()
    response = client.post(url(name, location, owner.pk), {"role": "viewer"}, follow=True)
    assert "is the last owner" in response.content.decode()
    assert Member.objects.get(pk=owner.pk).role == Role.OWNER


def test_a_member_of_another_location_cannot_be_reached_from_here(location):
    other = MemberFactory.create(role=Role.STAFF)
    response = signed_in(location, Role.OWNER).post(url("remove_member", location, other.pk))
    assert response.status_code == 404
    assert Member.objects.filter(pk=other.pk).exists()


def test_a_removed_member_is_out_at_once(location):
    person = MemberFactory.create(location=location, role=Role.STAFF)
    client = Client()
    client.force_login(person.user)
    signed_in(location, Role.OWNER).post(url("remove_member", location, person.pk))
    assert client.get(url("home", location)).status_code == 404


def test_the_history_pages_through_every_entry_once(location):
    client = signed_in(location, Role.VIEWER)
    at = timezone.now()
    for n in range(120):
        entry = log.record(location, "member.removed", email=f"<{n:03}>")
        type(entry).objects.filter(pk=entry.pk).update(at=at)
    seen, address = [], url("history", location)
    while address:
        page = client.get(address, headers={"hx-request": "true"}).content.decode()
        seen += re.findall(r"&lt;(\d{3})&gt;", page)
        older = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        address = older and url("history", location) + older.group(1)
    assert seen == [f"{n:03}" for n in reversed(range(120))]


def test_a_broken_cursor_shows_the_first_page(location):
    assert signed_in(location, Role.VIEWER).get(url("history", location), {"after": "%%%"}).status_code == 200


def test_a_job_row_shows_progress_and_stops_asking_when_it_is_over(location):
    job = Job.objects.create(
        location=location, kind="import", title="contacts.csv", state=JobState.RUNNING, done=1200, total=5000,
        started_at=timezone.now(),
    )  # fmt: skip
    client = signed_in(location, Role.VIEWER)
    with time_machine.travel(job.started_at + timedelta(seconds=12), tick=False):
        row = client.get(url("job", location, job.code), headers={"hx-request": "true"}).content.decode()
    assert "1,200 of 5,000 rows" in row
    assert "100 rows a second" in row
    assert "0:38 left" in row
    assert 'hx-trigger="every 1s"' in row
    assert "cancel/" not in row
    Job.objects.update(state=JobState.DONE, done=5000, ended_at=timezone.now())
    row = client.get(url("job", location, job.code), headers={"hx-request": "true"}).content.decode()
    assert "hx-trigger" not in row


@pytest.mark.parametrize("role", list(Role))
def test_staff_may_cancel_a_job_and_a_viewer_may_not(location, role):
    job = Job.objects.create(location=location, kind="import", title="contacts.csv")
    response = signed_in(location, role).post(url("cancel_job", location, job.code))
    job.refresh_from_db()
    assert response.status_code == (403 if role == Role.VIEWER else 302)
    assert (job.state == JobState.CANCELED) is (role != Role.VIEWER)


def test_a_job_of_another_location_is_not_there(location):
    job = Job.objects.create(location=LocationFactory.create(), kind="import", title="contacts.csv")
    client = signed_in(location, Role.OWNER)
    assert client.get(url("job", location, job.code)).status_code == 404
    assert client.get(url("job_file", location, job.code)).status_code == 404


def test_a_viewer_takes_the_file_a_job_made(location, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    job = Job.objects.create(location=location, kind="import", title="contacts.csv", state=JobState.DONE)
    job.result_file.save("refused.csv", ContentFile(b"row,reason\n"))
    response = signed_in(location, Role.VIEWER).get(url("job_file", location, job.code))
    assert b"".join(response.streaming_content) == b"row,reason\n"
    assert response["Content-Disposition"] == 'attachment; filename="refused.csv"'


def test_home_is_a_checklist_until_its_last_step_is_done(location, monkeypatch):
    called = []
    steps = {
        "agent": checklist.Step(
            "agent", 1, "Make an agent", "Its name.", lambda _: True, "accounts:members", "Make"
        ),
        "extra": checklist.Step(
            "extra", 2, "A form", "", lambda _: False, "accounts:members", "See", optional=True
        ),
        "launch": checklist.Step(
            "launch", 3, "Launch", "", lambda _: bool(called), "accounts:jobs", "Launch it"
        ),
    }
    monkeypatch.setattr(checklist, "_steps", steps)
    client = signed_in(location, Role.STAFF)
    page = client.get(url("home", location)).content.decode()
    assert "1 of 3 steps done" in page
    assert re.search(r'btn btn-primary"\s+href="[^"]+/jobs/">\s*Launch it', page)
    called.append(True)
    assert "steps done" not in client.get(url("home", location)).content.decode()


def test_a_page_is_read_in_a_few_queries_whatever_the_number_of_members(
    location, django_assert_max_num_queries
):
    MemberFactory.create_batch(20, location=location, role=Role.STAFF)
    client = signed_in(location, Role.OWNER)
    with django_assert_max_num_queries(9):
        client.get(url("members", location))


@pytest.mark.parametrize("path", ["/account/login/", "/account/password/reset/", "/account/signup/"])
def test_who_has_no_account_sees_the_entrance(path):
    response = Client().get(path)
    assert response.status_code == 200
    assert "entrance" in response.content.decode()


def test_too_many_sign_ins_are_stopped_with_words():
    client = Client()
    for _ in range(12):
        response = client.post("/account/login/", {"login": "a@example.com", "password": "wrong"})
    assert "Too many" in response.content.decode()


def test_pages_that_fail_say_what_happened(location):
    client = signed_in(location, Role.VIEWER)
    assert "There is nothing at this address" in client.get("/nowhere/").content.decode()
    assert "Your role does not allow this" in client.post(url("settings", location)).content.decode()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(UserFactory.create())
    assert "open for too long" in strict.post("/account/logout/").content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_a_template_has_no_inline_style_or_script_and_no_foreign_address(path: Path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text)
    assert not re.search(r"(src|href)=[\"']https?://", text)
    assert "<style" not in text


def test_a_location_that_moves_to_another_country_is_checked_again_before_it_calls(location):
    Location.objects.update(kyc_status="completed", outbound_enabled=True)
    manager = signed_in(location, Role.MANAGER)
    form = {"name": location.name, "country": "US", "timezone": "America/New_York", **HOURS}

    manager.post(url("settings", location), {**form, "name": "Another name"})
    location.refresh_from_db()
    assert (location.name, location.kyc_status) == ("Another name", "completed")

    manager.post(url("settings", location), {**form, "country": "CA", "timezone": "America/Toronto"})
    location.refresh_from_db()
    assert (location.country, location.kyc_status) == ("CA", "revalidation_required")


def test_settings_write_nothing_that_somebody_else_changed_meanwhile(location):
    form = LocationForm(
        {"name": "Another name", "country": "US", "timezone": "America/New_York", **HOURS}, instance=location
    )
    assert form.is_valid(), form.errors
    Location.objects.update(outbound_enabled=True, kyc_status="completed")
    form.save()
    Location.objects.update(outbound_enabled=False, kyc_status="rejected")
    form.save()

    location.refresh_from_db()
    assert (location.name, location.outbound_enabled, location.kyc_status) == (
        "Another name",
        False,
        "rejected",
    )
