"""Tokens and keys: unreadable in the database, unseen on pages, absent from logs, reports, tasks and facts."""

import io
import json
import logging
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime

import pytest
import structlog
import time_machine
from cryptography.fernet import Fernet
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter
from django_q.models import OrmQ

from accounts.fields import EncryptedTextField
from accounts.models import Role
from compliance.models import Decision
from dialer.placing import tick
from telephony.models import CarrierAccount
from telephony.signatures import credentials_of, forget_accounts
from tests.factories import CallFactory, CarrierAccountFactory
from tests.security.routes import OF_A_LOCATION
from tests.security.test_urls import address
from tests.security.worlds import Two
from voiceagents.models import ModelEndpoint

pytestmark = pytest.mark.django_db
TOKEN = "tok-3f9a6b1c-secret"
KEY = "sk-live-77-secret-key"


@pytest.fixture
def kept(two: Two) -> Two:
    """Our location with a token and a key that no other test has."""
    account, endpoint = two.ours.things["account"], two.ours.things["endpoint"]
    account.auth_token, endpoint.api_key = TOKEN, KEY
    account.save()
    endpoint.save()
    forget_accounts()
    yield two
    forget_accounts()


def raw(model: type, field: str, key: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {field} FROM {model._meta.db_table} WHERE id = %s", [key])
        return cursor.fetchone()[0]


def test_the_columns_hold_nothing_that_can_be_read(kept):
    for thing, name, secret in (
        (kept.ours.things["account"], "auth_token", TOKEN),
        (kept.ours.things["endpoint"], "api_key", KEY),
    ):
        column = raw(type(thing), name, thing.pk)
        assert secret not in column
        assert column.startswith("gAAAA")
        assert getattr(type(thing).objects.get(pk=thing.pk), name) == secret


def test_every_column_named_like_a_secret_is_encrypted():
    # What an attempt or a session is found by is random and worthless later; a hash of a password is one.
    found_by = {"dialer.Attempt.token", "telephony.CarrierEvent.token", "voiceagents.Conversation.token",
                "compliance.NumberDay.attempt_token", "accounts.User.password"}  # fmt: skip
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ("django", "allauth", "django_q"):
            continue
        for field in model._meta.concrete_fields:
            if any(word in field.name for word in ("token", "secret", "password", "api_key")):
                name = f"{model._meta.label}.{field.name}"
                assert isinstance(field, EncryptedTextField) or name in found_by, name


def test_a_new_key_in_front_opens_the_old_and_closes_the_new(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    account = CarrierAccountFactory(auth_token=TOKEN)
    before = raw(CarrierAccount, "auth_token", account.pk)
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    CarrierAccount.objects.get(pk=account.pk).save()
    assert raw(CarrierAccount, "auth_token", account.pk) != before
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert CarrierAccount.objects.get(pk=account.pk).auth_token == TOKEN


def test_all_rows_are_closed_with_the_new_key_by_one_command(settings, kept):
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *settings.FIELD_ENCRYPTION_KEYS]
    out = io.StringIO()
    call_command("rotate_keys", stdout=out)
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert {account.auth_token for account in CarrierAccount.objects.all()} >= {TOKEN}
    assert {endpoint.api_key for endpoint in ModelEndpoint.objects.all()} >= {KEY}
    assert "CarrierAccount.auth_token" in out.getvalue()
    assert TOKEN not in out.getvalue()


def test_a_value_that_no_key_opens_names_the_setting_and_not_the_value(settings):
    account = CarrierAccountFactory(auth_token=TOKEN)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ValueError, match="FIELD_ENCRYPTION_KEYS") as caught:
        CarrierAccount.objects.get(pk=account.pk)
    assert TOKEN not in str(caught.value)


def test_no_page_shows_a_secret(kept):
    client = kept.ours.client(Role.OWNER)
    for route in OF_A_LOCATION:
        if route.get is not None:
            with_content = client.get(address(route, kept.ours), follow=True)
            if not with_content.streaming:
                text = with_content.content.decode(errors="replace")
                assert TOKEN not in text, route
                assert KEY not in text, route


def test_a_refused_form_does_not_give_the_typed_secret_back(kept):
    client, here = kept.ours.client(Role.OWNER), kept.ours.location.code
    posted = {
        reverse("phone_numbers:carrier", args=[here]): {
            "account_sid": "no",
            "auth_token": TOKEN,
            "calls_per_second": "1",
        },
        reverse("voiceagents:endpoint_new", args=[here]): {
            "name": "",
            "base_url": "x",
            "model": "",
            "api_key": KEY,
        },
    }
    for url, data in posted.items():
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert TOKEN not in answer.content.decode()
        assert KEY not in answer.content.decode()


def test_what_is_printed_of_a_secrets_holder_does_not_show_it(kept):
    credentials = credentials_of(kept.ours.things["account"].account_sid)
    for thing in (kept.ours.things["account"], kept.ours.things["endpoint"], credentials):
        for words in (repr(thing), str(thing), f"{thing}"):
            assert TOKEN not in words
            assert KEY not in words


def boom(request):
    """A view that fails while it holds secrets in its variables."""
    account = CarrierAccount.objects.get(pk=request.account)
    value = auth_token = account.auth_token
    data = {"api_key": [KEY], "post": getattr(request, "POST", None)}
    raise RuntimeError(f"The view failed with {len(auth_token + value)} characters and {len(data)}")


def test_an_error_says_nothing_to_the_visitor(kept, monkeypatch):
    from accounts import views
    from config.urls import urlpatterns  # noqa: F401

    monkeypatch.setattr(
        views.checklist, "standings", lambda location: (_ for _ in ()).throw(RuntimeError(TOKEN))
    )
    client = kept.ours.client(Role.OWNER)
    client.raise_request_exception = False
    answer = client.get(reverse("accounts:home", args=[kept.ours.location.code]))
    assert answer.status_code == 500
    assert TOKEN not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_report_of_an_error_holds_no_secret(kept, settings):
    """What is posted, what variables hold under whatever name, settings, headers, cookies: in words and as a page."""
    settings.SANDBOX_AUTH_TOKEN = settings.METRICS_TOKEN = TOKEN
    settings.CACHES = {**settings.CACHES, "default": {"LOCATION": f"redis://:{TOKEN}@cache:6379/0"}}
    request = RequestFactory(
        headers={"Authorization": f"Bearer {TOKEN}", "Cookie": f"sessionid={TOKEN}"}
    ).post(
        "/", {"auth_token": TOKEN, "api_key": KEY, "password": "p4ssword-typed", "other": f"my key is {KEY}"}
    )
    request.account = kept.ours.things["account"].pk
    try:
        boom(request)
    except RuntimeError:
        reporter = ExceptionReporter(request, *sys.exc_info(), is_email=True)
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "auth_token" in report
        assert "The view failed with" in report
        for secret in (TOKEN, KEY, "p4ssword-typed", *settings.FIELD_ENCRYPTION_KEYS, settings.SECRET_KEY):
            assert secret not in report


def test_a_form_that_fails_mails_no_secret(kept, settings, monkeypatch):
    settings.ADMINS = [("Operator", "operator@example.com")]
    # As when the key of an installation is damaged: the frames hold the token as `value`.
    settings.FIELD_ENCRYPTION_KEYS = ["damaged"]
    settings.MODEL_HOSTS_ALLOWED = ["127.0.0.1"]
    client, endpoint = kept.ours.client(Role.OWNER), kept.ours.name_of("endpoint")
    client.raise_request_exception = False
    monkeypatch.setattr(EncryptedTextField, "from_db_value", lambda *_: "")
    url = reverse("voiceagents:endpoint", args=[kept.ours.location.code, endpoint])
    answer = client.post(
        url, {"name": "Model", "base_url": "https://127.0.0.1/v1", "model": "m", "api_key": KEY}
    )
    assert answer.status_code == 500
    (mailed,) = mail.outbox
    assert "Fernet key must be" in mailed.body
    assert KEY not in mailed.message().as_string()


def test_logs_carry_no_secret_even_when_something_fails(kept, caplog):
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    with redirect_stderr(stream), redirect_stdout(stream):
        try:
            boom(type("Request", (), {"account": kept.ours.things["account"].pk}))
        except RuntimeError:
            structlog.get_logger("parley").exception("view_failed", account=kept.ours.things["account"])
            logging.getLogger("django.request").exception("failed", extra={"status_code": 500})
        Client().post(
            f"/voice/status/{'0' * 40}",
            data=f"AccountSid={kept.ours.things['account'].account_sid}",
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": "x"},
        )
    written = stream.getvalue() + caplog.text
    assert "view_failed" in written
    assert TOKEN not in written
    assert KEY not in written


def test_tasks_and_decisions_hold_no_secret(two):
    account = two.ours.things["account"]
    account.auth_token = TOKEN
    account.save()
    with time_machine.travel(datetime(2027, 3, 2, 19, 0, tzinfo=UTC), tick=False):
        CallFactory(location=two.ours.location, agent=two.ours.things["agent"])
        tick()
    assert Decision.objects.exists()
    facts = json.dumps([[d.facts, d.evidence] for d in Decision.objects.all()], default=str)
    assert TOKEN not in facts
    assert not [queued for queued in OrmQ.objects.all() if TOKEN in repr(queued.task)]


def test_a_brief_holds_no_secret(kept):
    from tests.voiceagents.conftest import make_conversation

    conversation = make_conversation()
    assert "api_key" not in json.dumps(conversation.brief)
    assert "auth_token" not in json.dumps(conversation.brief)
