"""The public page behind a signed link: it shows a called person their calls and consent, and stops the calls."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Location
from compliance import ledger, public_links
from compliance.models import ConsentEntry, ConsentKind, DoNotCallEntry
from contacts.models import Contact
from dialer.models import Call
from tests.factories import AgentFactory, CallFactory, ContactFactory, LocationFactory

pytestmark = pytest.mark.django_db
PHONE = "+13035550142"


@pytest.fixture(autouse=True)
def nobody_asked_before():
    cache.clear()


@pytest.fixture
def location() -> Location:
    return LocationFactory(organization__name="Bright Smile Dental")


@pytest.fixture
def contact(location) -> Contact:
    return ContactFactory(
        location=location, phone=PHONE, first_name="Noah", last_name="Brown", email="n@example.com"
    )


def path(link: str) -> str:
    return "/o/" + link.rsplit("/", 1)[1]


def link(contact: Contact) -> str:
    return path(public_links.link(contact.location.organization, contact.phone))


def shown(url: str, **headers: str) -> str:
    answer = Client().get(url, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_tells_who_called_when_and_on_what_consent_and_not_who_was_called(location):
    contact = ContactFactory(
        location=location,
        phone=PHONE,
        first_name="Noah",
        last_name="Brown",
        email="n@example.com",
        consent=False,
    )
    ConsentEntry.objects.create(
        organization=contact.location.organization, location=contact.location, contact=contact, phone=PHONE,
        kind="granted", source="form", evidence="Cabinet 2", text="I agree to AI calls.", captured_at=timezone.now(),
        url="https://smile.example/form",
    )  # fmt: skip
    agent = AgentFactory(location=contact.location, business_name="Bright Smile of Denver")
    CallFactory(
        contact=contact, location=contact.location, agent=agent, state="completed", from_number="+13035550100",
        started_at=timezone.now().replace(year=2026, month=3, day=2, hour=17, minute=5),
    )  # fmt: skip
    page = shown(link(contact))
    for words in (
        "Bright Smile of Denver", "+13035550100", "2 Mar 2026, 10:05", "America/Denver", "0142", "N… B…",
        "I agree to AI calls.", "given on a form", "https://smile.example/form",
    ):  # fmt: skip
        assert words in page
    for secret in (
        "Noah",
        "Brown",
        "n@example.com",
        "3035550142",
        "Cabinet 2",
        contact.code,
        contact.location.code,
    ):
        assert secret not in page.replace(link(contact), "")


def test_another_organizations_calls_and_consent_are_not_shown(contact):
    other = LocationFactory(organization__name="Somebody Else")
    theirs = ContactFactory(location=other, phone=PHONE)
    CallFactory(
        contact=theirs,
        location=other,
        state="completed",
        started_at=timezone.now(),
        from_number="+17205550100",
    )
    page = shown(link(contact))
    assert "+17205550100" not in page
    assert "Somebody Else" not in page


def test_one_post_revokes_everything_and_a_second_changes_nothing(contact, location):
    sister = LocationFactory(organization=location.organization)
    same_number = ContactFactory(location=sister, phone=PHONE)
    waiting = CallFactory(contact=contact, location=location)
    planned = CallFactory(
        contact=same_number, location=sister, state="scheduled", due_at=timezone.now() + timedelta(9)
    )
    url = link(contact)
    answer = Client(headers={"User-Agent": "Phone"}).post(url, REMOTE_ADDR="203.0.113.7")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{url}?lang=en")
    for one in (contact, same_number):
        one.refresh_from_db()
        assert (one.dnd_voice, one.dnd_sms) == (True, True)
    entries = ConsentEntry.objects.filter(kind=ConsentKind.REVOKED)
    assert {(e.source, e.channel, e.ip, e.user_agent) for e in entries} == {
        ("web", "all", "203.0.113.7", "Phone")
    }
    assert entries.count() == 2
    listed = DoNotCallEntry.objects.get()
    assert (listed.phone, listed.risk, listed.source) == (PHONE, "high", "web")
    assert {Call.objects.get(pk=call.pk).state for call in (waiting, planned)} == {"canceled"}
    assert Client().post(url).status_code == 302
    assert (entries.count(), DoNotCallEntry.objects.count()) == (2, 1)
    assert "You will not be called again" in shown(url)
    assert 'method="post"' not in shown(url)


def test_it_works_after_the_contact_was_deleted(contact, location):
    url = link(contact)
    contact.delete()
    assert "No call to this number" in shown(url)
    Client().post(url)
    assert DoNotCallEntry.objects.get().phone == PHONE


def test_the_spoken_address_is_the_same_page(contact, location):
    code = public_links.spoken_code(location.organization_id, PHONE)
    short = path(public_links.short_link(code))
    assert len(short) <= len("/o/") + 12
    for typed in (short, short.upper().replace("/O/", "/o/"), f"/o/{code[:4]}-{code[4:8]} {code[8:]}"):
        assert "0142" in shown(typed)
    assert Client().post(short).status_code == 302
    assert DoNotCallEntry.objects.get().phone == PHONE


def test_the_code_is_typed_where_the_dictated_address_leads(contact, location):
    code = public_links.spoken_code(location.organization_id, PHONE)
    assert Client().get("/o").headers["Location"] == "/o/"
    assert "The code you were told" in shown("/o/")
    assert "El código que le dijeron" in shown("/o/?lang=es")
    spelled = " ".join(code.upper())
    for typed in (code, spelled, f"{code[:4]}, {code[4:8]}, {code[8:]}", public_links.short_link(code)):
        assert "0142" in Client().get("/o/", {"code": typed}, follow=True).content.decode(), typed
    for typed in ("", " ", "/", "//evil.example/", "é"):
        assert "The code you were told" in Client().get("/o/", {"code": typed}, follow=True).content.decode()
    assert Client().get("/o/", {"code": "//evil.example/x"}).headers["Location"] == "/o/x"


def test_consent_to_texts_is_not_shown_as_consent_to_calls(location):
    contact = ContactFactory(location=location, phone=PHONE, consent=False)
    ledger.grant(
        contact=contact,
        source="sms_keyword",
        captured_at=timezone.now(),
        evidence="Texted “START”",
        channel="sms",
    )
    assert "No consent to calls is on record" in shown(link(contact))


def test_the_spoken_code_is_of_the_number_alone_and_made_once(contact, location):
    code = public_links.spoken_code(location.organization_id, PHONE)
    assert public_links.spoken_code(location.organization_id, PHONE) == code
    others = {
        public_links.spoken_code(location.organization_id, "+13035550143"),
        public_links.spoken_code(LocationFactory().organization_id, PHONE),
    }
    assert len({code, *others}) == 3
    contact.delete()
    assert "0142" in shown(f"/o/{code}")


def test_the_code_in_the_addresses_of_the_staff_opens_nothing(contact, location):
    """Whoever saw /contacts/<code>/ in a browser, an export or a log learns nothing, and stops nothing."""
    call = CallFactory(contact=contact, location=location)
    for code in (contact.code, call.code, location.code, location.organization.code):
        assert Client().get(f"/o/{code}").status_code == 404
        assert Client().post(f"/o/{code}").status_code == 404
    assert not DoNotCallEntry.objects.exists()


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_speaks_the_language_asked_for_then_the_contacts_then_the_browsers(contact, language):
    words = {"es": "Detener todas las llamadas", "en": "Stop all calls"}[language]
    other = "en" if language == "es" else "es"
    assert words in shown(f"{link(contact)}?lang={language}", **{"Accept-Language": other})
    assert words in shown(link(contact), **{"Accept-Language": f"{language}-US"})
    Contact.objects.update(language=language)
    assert words in shown(link(contact), **{"Accept-Language": other})
    assert f'<html lang="{language}"' in shown(link(contact))


def test_a_forged_or_cut_link_shows_nothing_and_changes_nothing(contact, location):
    good = public_links.link(location.organization, PHONE).rsplit("/", 1)[1]
    code, number, signature = good.split(".")
    other = LocationFactory().organization
    forged = public_links.link(other, PHONE).rsplit("/", 1)[1].split(".")
    for token in (
        good[:-1], f"{code}.{number}", f"{code}.2.{signature}", f"{other.code}.{number}.{signature}",
        f"{code}.{number}.{forged[2]}", "a" * 12, "x.y.z", "...", "é" * 20, "a" * 3000, location.code,
    ):  # fmt: skip
        for answer in (Client().get(f"/o/{token}"), Client().post(f"/o/{token}")):
            assert answer.status_code == 404, token
            assert "not one of ours" in answer.content.decode()
            cache.clear()
    assert not DoNotCallEntry.objects.exists()


def test_links_outlive_a_change_of_the_secret_key(contact, settings):
    url = link(contact)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    assert public_links._SIGNER.__class__(salt="compliance.public_link", sep=".").unsign(
        url.removeprefix("/o/")
    )


def test_it_is_kept_from_search_engines_caches_frames_and_forgers(contact):
    url = link(contact)
    for answer in (Client().get(url), Client().get("/o/nonsense")):
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert Client(enforce_csrf_checks=True).post(url).status_code == 403
    assert not DoNotCallEntry.objects.exists()


def test_one_address_may_try_thirty_links_a_minute(contact):
    for _ in range(30):
        assert Client().get("/o/nonsense").status_code == 404
    answer = Client().get(link(contact))
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert Client().get(link(contact), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_the_agents_own_disclosure_survives_markup_in_names(contact, location):
    type(location.organization).objects.update(name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in shown(link(contact))
