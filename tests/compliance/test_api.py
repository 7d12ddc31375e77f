"""The API: what another system says of opt-outs and consent, taken once, from those who may say it."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import LogEntry, Role
from compliance import api, api_tokens, ledger, opt_in
from compliance.models import ApiAnswer, ApiToken, ConsentEntry, ConsentKind, ConsentSource, DoNotCallEntry
from contacts.models import Contact
from dialer.models import Call
from tests.factories import (
    VALID_WORDING,
    CallFactory,
    ContactFactory,
    LocationFactory,
    MemberFactory,
    UserFactory,
)
from tests.security.worlds import everything

pytestmark = pytest.mark.django_db
PHONE = "+13032345678"


@pytest.fixture(autouse=True)
def no_throttle():
    cache.clear()


@pytest.fixture
def location():
    return LocationFactory.create()


@pytest.fixture
def secret(location) -> str:
    return api_tokens.make(location, name="Website", may_grant=True, actor=UserFactory.create())[1]


def post(path: str, data: object, secret: str = "", **headers: str):
    body = data if isinstance(data, str | bytes) else json.dumps(data)
    given = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client().post(
        f"/api/v1/{path}", body, content_type="application/json", headers={**given, **headers}
    )


def consent(**more: object) -> dict:
    return {
        "phone": PHONE, "captured_at": (timezone.now() - timedelta(hours=1)).isoformat(), "text": VALID_WORDING,
        "url": "https://brightsmile.example/book", "ip": "203.0.113.9", "user_agent": "Firefox", **more,
    }  # fmt: skip


def test_an_opt_out_is_in_force_in_the_whole_organization(location, secret):
    sister = LocationFactory.create(organization=location.organization)
    contacts = [ContactFactory.create(location=each, phone=PHONE) for each in (location, sister)]
    call = CallFactory.create(location=sister, contact=contacts[1])
    answer = post("opt-outs", {"phone": PHONE, "evidence": "Unsubscribed on the website"}, secret)
    assert (answer.status_code, answer.json()) == (201, {"phone": PHONE, "opted_out": True, "news": True})
    entries = ConsentEntry.objects.filter(kind=ConsentKind.REVOKED, source=ConsentSource.API)
    assert {entry.contact_id for entry in entries} == {contact.pk for contact in contacts}
    assert DoNotCallEntry.objects.active().get().phone == PHONE
    assert Call.objects.get(pk=call.pk).state == "canceled"
    again = post("opt-outs", {"phone": PHONE}, secret)
    assert (again.status_code, again.json()["news"]) == (200, False)


def test_consent_rests_on_the_wording_that_was_shown(location, secret):
    answer = post("consents", consent(first_name="Noah", evidence="Lead 17"), secret)
    assert answer.status_code == 201, answer.json()
    said = answer.json()
    assert (said["valid"], said["missing"], said["opted_out"], said["news"]) == (True, [], False, True)
    entry = ConsentEntry.objects.get(code=said["id"])
    assert entry.source == ConsentSource.API
    assert entry.shown == VALID_WORDING
    assert entry.text_hash == ledger.hash_of(VALID_WORDING)
    assert (entry.url, entry.ip, entry.user_agent) == (consent()["url"], "203.0.113.9", "Firefox")
    assert "Lead 17" in entry.evidence
    assert "Website" in entry.evidence
    contact = Contact.objects.get(location=location, phone=PHONE)
    assert (contact.first_name, contact.zones) == ("Noah", "America/Denver")
    assert ledger.standing([contact.pk], timezone.now())[contact.pk].opt_in_documented


def test_the_same_consent_again_is_one_entry(location, secret):
    given = consent()
    first, again = (post("consents", given, secret) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert ConsentEntry.objects.count() == 1


def test_consent_under_a_wording_that_is_none_is_kept_and_counts_for_nothing(location, secret):
    form = location.opt_in_forms.get()
    opt_in.publish(form, text="We may call you.", seller="Us", place="Desk", language="en", control="none")
    said = post(
        "consents", consent(text="We may call you.", captured_at=timezone.now().isoformat()), secret
    ).json()
    assert not said["valid"]
    assert "artificial_voice" in said["missing"]
    contact = Contact.objects.get(phone=PHONE)
    assert not ledger.standing([contact.pk], timezone.now()).get(contact.pk, ledger.NOTHING).opt_in_documented


def test_consent_by_the_forms_code_is_under_the_version_of_that_day(location, secret):
    form = location.opt_in_forms.get()
    first = form.current.created_at
    opt_in.publish(form, text="We may call you.", seller="Us", place="Desk", language="en", control="none")
    early = consent(form=form.code, captured_at=first.isoformat())
    del early["text"]
    never = post("consents", {**early, "captured_at": (first - timedelta(days=2)).isoformat()}, secret)
    assert never.status_code == 422
    assert "first written here after this" in never.content.decode()
    said = post("consents", early, secret).json()
    assert (said["form"], said["version"], said["valid"]) == (form.code, 1, True)
    late = post("consents", {**early, "captured_at": timezone.now().isoformat()}, secret).json()
    assert (late["version"], late["valid"]) == (2, False)
    named = post("consents", {**early, "version": 2}, secret).json()
    assert (named["version"], named["valid"]) == (2, False)


def test_consent_does_not_take_a_number_off_the_do_not_call_list(location, secret):
    post("opt-outs", {"phone": PHONE}, secret)
    said = post("consents", consent(), secret).json()
    assert said["opted_out"], "it was given before the opt-out"
    assert DoNotCallEntry.objects.active().filter(phone=PHONE).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "303-234-5678"}, "phone"),
        ({"phone": "+1303"}, "phone"),
        ({"phone": "+19995550142"}, "phone"),
        ({"phone": None}, "phone"),
        ({"phone": 13032345678}, "phone"),
        ({"phone": [PHONE]}, "phone"),
        ({"captured_at": ""}, "captured_at"),
        ({"captured_at": "2026-03-02"}, "captured_at"),
        ({"captured_at": "2026-03-02T15:30:00"}, "captured_at"),
        ({"captured_at": "yesterday"}, "captured_at"),
        ({"captured_at": "2999-01-01T00:00:00Z"}, "captured_at"),
        ({"captured_at": "0001-01-01T00:00:00+14:00"}, "captured_at"),
        ({"expires_at": "9999-12-31T23:59:59-12:00"}, "expires_at"),
        ({"expires_at": "2001-01-01T00:00:00Z"}, "expires_at"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"ip": "somewhere"}, "ip"),
        ({"text": ""}, "text"),
        ({"text": VALID_WORDING + " And more."}, "text"),
        ({"text": "x\x00"}, "text"),
        ({"text": "half \ud800"}, "text"),
        ({"form": "nothing"}, "form"),
        ({"version": 1}, "form"),
        ({"version": "one"}, "version"),
        ({"consent": True}, "consent"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_nothing_is_recorded(location, secret, change, field):
    answer = post("consents", consent(**change), secret)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {field}
    assert answer.json()["fields"][field]
    assert not ConsentEntry.objects.exists()
    assert not Contact.objects.exists()


def test_another_locations_form_is_none(location, secret):
    other = LocationFactory.create(organization=location.organization)
    answer = post("consents", consent(form=other.opt_in_forms.get().code), secret)
    assert set(answer.json()["fields"]) == {"form"}
    opt_in.publish(
        other.opt_in_forms.get(), text="Only there.", seller="Us", place="Desk", language="en", control="none"
    )
    assert set(post("consents", consent(text="Only there."), secret).json()["fields"]) == {"text"}


@pytest.mark.parametrize("how", ["none", "wrong", "revoked", "basic", "cut"])
def test_nobody_gets_in_without_a_token(location, secret, how):
    token = ApiToken.objects.get()
    given = {"wrong": "parley_x", "cut": secret[:-1], "basic": "", "none": "", "revoked": secret}[how]
    if how == "revoked":
        api_tokens.revoke(token, actor=UserFactory.create())
    headers = {"Authorization": f"Basic {secret}"} if how == "basic" else {}
    before = everything()
    for path, data in (("opt-outs", {"phone": PHONE}), ("consents", consent())):
        answer = post(path, data, given, **headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert everything() == before


def test_a_token_for_opt_outs_records_no_consent(location):
    _, secret = api_tokens.make(
        location, name="Unsubscribe page", may_grant=False, actor=UserFactory.create()
    )
    assert post("consents", consent(), secret).status_code == 403
    assert not ConsentEntry.objects.exists()
    assert post("opt-outs", {"phone": PHONE}, secret).status_code == 201


def test_a_key_makes_a_repeat_harmless_and_guards_against_mistakes(location, secret):
    key = {"Idempotency-Key": "lead-17"}
    given = consent()
    first = post("consents", given, secret, **key)
    again = post("consents", given, secret, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert post("consents", consent(first_name="Ana"), secret, **key).status_code == 422
    assert post("opt-outs", {"phone": PHONE}, secret, **key).status_code == 422
    assert post("opt-outs", {"phone": PHONE}, secret, **{"Idempotency-Key": "x" * 65}).status_code == 400
    assert ConsentEntry.objects.count() == 1
    assert not DoNotCallEntry.objects.exists()


def test_a_key_of_a_request_that_failed_is_free_again(location, secret):
    key = {"Idempotency-Key": "lead-18"}
    assert post("opt-outs", {"phone": "?"}, secret, **key).status_code == 422
    assert post("opt-outs", {"phone": PHONE}, secret, **key).status_code == 201


def test_old_answers_are_forgotten(location, secret):
    post("opt-outs", {"phone": PHONE}, secret, **{"Idempotency-Key": "a"})
    assert api_tokens.forget_answers() == 0
    ApiAnswer.objects.update(at=timezone.now() - api_tokens.ANSWERS_KEPT - timedelta(seconds=1))
    assert api_tokens.forget_answers() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b"1" * 5000, 400),
     (b'{"phone": "' + b"1" * api.MAX_BODY + b'"}', 413)],
)  # fmt: skip
def test_bodies_that_are_none_are_refused_before_anything_is_asked(
    secret, body, status, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert post("opt-outs", body, secret).status_code == status


def test_other_methods_and_types_are_refused(secret):
    assert Client().get("/api/v1/opt-outs").status_code == 405
    form = Client().post("/api/v1/opt-outs", {"phone": PHONE}, headers={"Authorization": f"Bearer {secret}"})
    assert form.status_code == 415


def test_too_many_are_asked_to_wait(location, secret, monkeypatch):
    monkeypatch.setattr(api, "THROTTLE", {"wrong": "2/m/ip", "token": "3/m/key"})
    assert [post("opt-outs", {"phone": PHONE}, "wrong").status_code for _ in range(3)] == [401, 401, 429]
    answers = [post("opt-outs", {"phone": PHONE}, secret) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


# -- the page


def manager(location, role=Role.MANAGER) -> Client:
    client = Client()
    client.force_login(MemberFactory.create(location=location, role=role).user)
    return client


def test_a_token_is_shown_once_kept_as_a_hash_and_revoked(location):
    client, url = manager(location), reverse("compliance:api_tokens", args=[location.code])
    page = client.post(url, {"name": "Website", "may_grant": "on"})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert secret not in client.get(url).content.decode()
    assert not any(secret in str(rows) for rows in everything().values())
    assert "Never used" in client.get(url).content.decode()
    assert post("opt-outs", {"phone": PHONE}, secret).status_code == 201
    assert "Last used" in client.get(url).content.decode()
    token = ApiToken.objects.get()
    revoke = reverse("compliance:api_token_revoke", args=[location.code, token.code])
    client.post(revoke)
    assert post("opt-outs", {"phone": PHONE}, secret).status_code == 401
    client.post(revoke)
    assert list(LogEntry.objects.filter(action__startswith="api_token").values_list("action", flat=True)).count(
        "api_token.revoked"
    ) == 1  # fmt: skip


def test_a_token_needs_a_name(location):
    url = reverse("compliance:api_tokens", args=[location.code])
    assert manager(location).post(url, {"name": " "}).status_code == 422
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("tab", ["compliance:api_tokens", "phone_numbers:carrier", "accounts:settings"])
def test_every_tab_of_settings_is_in_settings(location, tab):
    page = manager(location).get(reverse(tab, args=[location.code])).content.decode()
    entry = page[: page.index("</span></a>", page.index('class="nav-item active"'))]
    assert entry.endswith("Settings")
