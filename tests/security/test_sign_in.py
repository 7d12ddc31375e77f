"""Signing in: throttled, with a second factor, telling strangers nothing; roles that nobody can climb."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Member, Role, User
from tests.factories import LocationFactory, MemberFactory
from tests.security.worlds import Two

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def member() -> Member:
    return MemberFactory(location=LocationFactory())


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def prove_again(client: Client) -> None:
    """What is dangerous asks for the password once more, however fresh the session is."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302


def is_in(client: Client, member: Member) -> bool:
    return client.get(reverse("accounts:home", args=[member.location.code])).status_code == 200


# -- guessing


def test_guessing_one_persons_password_is_throttled_from_anywhere(member):
    """Five wrong ones in five minutes; after that not even the right one is looked at, wherever it comes from."""
    for number in range(5):
        assert sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), member.user.email, "wrong").status_code == 200
    client = Client(REMOTE_ADDR="10.0.1.1")
    sign_in(client, member.user.email)
    assert not is_in(client, member)


def test_guessing_many_peoples_passwords_from_one_place_is_throttled():
    for number in range(10):
        sign_in(Client(), f"nobody{number}@example.com", "wrong")
    member = MemberFactory()
    client = Client()
    sign_in(client, member.user.email)
    assert not is_in(client, member)


def test_asking_too_often_is_answered_with_429():
    answers = [sign_in(Client(), f"nobody{number}@example.com", "wrong").status_code for number in range(31)]
    assert answers[-1] == 429


def test_a_made_up_sender_address_does_not_renew_the_guesses(member):
    for number in range(5):
        client = Client(
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        )
        sign_in(client, member.user.email, "wrong")
    for number in range(6):
        sign_in(
            Client(headers={"X-Forwarded-For": f"198.51.100.{number}"}), f"n{number}@example.com", "wrong"
        )
    other = MemberFactory()
    client = Client(headers={"X-Forwarded-For": "192.0.2.1"})
    sign_in(client, other.user.email)
    assert not is_in(client, other)


# -- what a stranger learns


def without_names(answer) -> str:
    """The page without what differs from request to request: the address that was typed, the form's token."""
    return re.sub(r"[A-Za-z0-9]{64}|[\w.]+@example\.com", "", answer.content.decode())


def test_a_wrong_password_and_an_unknown_person_look_the_same(member):
    known = sign_in(Client(), member.user.email, "wrong")
    unknown = sign_in(Client(), "nobody@example.com", "wrong")
    for answer in (known, unknown):
        assert answer.status_code == 200
    assert without_names(known) == without_names(unknown)


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(member):
    answers = []
    for email in (member.user.email, "nobody@example.com"):
        client = Client()
        answer = client.post("/account/password/reset/", {"email": email}, follow=True)
        answers.append((answer.redirect_chain, answer.status_code, without_names(answer)))
    assert answers[0] == answers[1]
    assert "/account/password/reset/key/" not in next(
        m.body for m in mail.outbox if m.to == ["nobody@example.com"]
    )


def test_nobody_signs_up_by_themselves():
    answer = Client().post("/account/signup/", {"email": "new@example.com", "password1": "a-long-password-9"})
    assert answer.status_code == 200
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://thief.example/", "//thief.example/", "///thief.example", "/\\thief.example", "\\\\thief.example",
        "javascript:alert(1)", "https:thief.example", "http:///thief.example", "//thief.example\\@testserver/",
        "/%09/thief.example", "\thttps://thief.example", "https://testserver@thief.example/",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(member, elsewhere):
    answer = sign_in(Client(), member.user.email, next=elsewhere)
    assert answer.status_code == 302
    assert answer["Location"] == "/" or answer["Location"].startswith("/%09")


# -- sessions


def test_a_changed_password_ends_every_other_session(member):
    here, elsewhere = Client(), Client()
    sign_in(here, member.user.email)
    sign_in(elsewhere, member.user.email)
    assert is_in(here, member)
    assert is_in(elsewhere, member)
    changed = {
        "oldpassword": PASSWORD,
        "password1": "another-horse-battery",
        "password2": "another-horse-battery",
    }
    assert here.post("/account/password/change/", changed).status_code == 302
    assert is_in(here, member)
    assert not is_in(elsewhere, member)


def test_a_session_gets_a_new_name_when_somebody_signs_in(member):
    client = Client()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted
    sign_in(client, member.user.email)
    assert is_in(client, member)
    assert client.cookies["sessionid"].value != planted


def test_signing_out_needs_more_than_a_link_and_ends_the_session(member):
    client = Client()
    sign_in(client, member.user.email)
    stolen = client.cookies["sessionid"].value
    client.get("/account/logout/")
    assert is_in(client, member)
    client.post("/account/logout/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_in(thief, member)


def test_a_form_from_another_site_is_refused(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user)
    for path in (f"/l/{member.location.code}/settings/", "/account/password/change/", "/account/logout/"):
        assert client.post(path, {"name": "x"}).status_code == 403


# -- the second factor


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_second_factor_is_set_up_and_then_asked_for(member):
    client = Client()
    sign_in(client, member.user.email)
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    prove_again(client)
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/account/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    cache.clear()

    following = Client()
    answer = sign_in(following, member.user.email)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(following, member)
    following.post(answer["Location"], {"code": "000000"})
    assert not is_in(following, member)


def test_the_secret_of_the_second_factor_is_not_shown_again(member):
    client = Client()
    sign_in(client, member.user.email)
    prove_again(client)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert secret not in client.get("/account/2fa/").content.decode()


# -- being invited


def invited(two: Two) -> tuple[str, Client]:
    """The password link of somebody whom the owner just invited."""
    client = two.ours.client(Role.OWNER)
    address = reverse("accounts:members", args=[two.ours.location.code])
    client.post(address, {"email": "new@example.com", "role": "viewer"})
    link = re.search(r"https?://\S+", mail.outbox[-1].body)
    assert link
    return link[0].split("testserver", 1)[1], client


def test_an_invitation_opens_once(two):
    link, _ = invited(two)
    person = Client()
    form = person.get(link, follow=True)
    chosen = {"password1": "a-new-horse-battery", "password2": "a-new-horse-battery"}
    assert person.post(form.redirect_chain[-1][0], chosen).status_code == 302
    assert User.objects.get(email="new@example.com").check_password("a-new-horse-battery")
    again = Client()
    late = again.get(link, follow=True)
    other = {"password1": "x" * 12, "password2": "x" * 12}
    again.post(late.redirect_chain[-1][0] if late.redirect_chain else link, other)
    assert User.objects.get(email="new@example.com").check_password("a-new-horse-battery")


def test_an_altered_or_old_invitation_opens_nothing(two, settings):
    link, _ = invited(two)
    for broken in (link[:-2] + "x/", link.replace("key/", "key/1", 1)):
        assert "password1" not in Client().get(broken, follow=True).content.decode()
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_a_new_invitation_of_somebody_else_cannot_take_over_an_account(two):
    """Inviting a person who has an account mails no password link, so a mailbox is not a way around the password."""
    existing = User.objects.create_user("known@example.com", PASSWORD)
    address = reverse("accounts:members", args=[two.ours.location.code])
    two.ours.client(Role.OWNER).post(address, {"email": "KNOWN@example.com", "role": "viewer"})
    assert "/password/reset/" not in mail.outbox[-1].body
    existing.refresh_from_db()
    assert existing.check_password(PASSWORD)
    assert User.objects.filter(email__iexact="known@example.com").count() == 1


def test_an_address_that_somebody_merely_claims_does_not_bring_them_in(two):
    """A member of another business writes our future colleague's address on their own account, and waits."""
    squatter = two.stranger.people[Role.VIEWER].user
    squatter.set_password(PASSWORD)
    squatter.save()
    client = Client()
    sign_in(client, squatter.email)
    prove_again(client)
    page = "/account/email/"
    client.post(page, {"action_add": "", "email": "colleague@ours.example"})
    assert squatter.emailaddress_set.filter(email="colleague@ours.example", verified=False).exists()
    client.post(page, {"action_primary": "", "email": "colleague@ours.example"})
    address = reverse("accounts:members", args=[two.ours.location.code])
    two.ours.client(Role.OWNER).post(address, {"email": "colleague@ours.example", "role": "manager"})
    assert not Member.objects.filter(user=squatter, location=two.ours.location).exists()


# -- roles


@pytest.mark.parametrize("role", ["owner", "nobody", "", "OWNER"])
def test_a_manager_cannot_make_themselves_or_anybody_more(two, role):
    client, here = two.ours.client(Role.MANAGER), two.ours.location.code
    for who in (Role.MANAGER, Role.STAFF, Role.OWNER):
        client.post(reverse("accounts:change_role", args=[here, two.ours.people[who].pk]), {"role": role})
    client.post(reverse("accounts:members", args=[here]), {"email": "friend@example.com", "role": role})
    found = sorted(Member.objects.filter(location=two.ours.location).values_list("role", flat=True))
    assert found == sorted(Role.values)


def test_a_manager_cannot_remove_or_lower_an_owner(two):
    client, here = two.ours.client(Role.MANAGER), two.ours.location.code
    owner = two.ours.people[Role.OWNER]
    client.post(reverse("accounts:remove_member", args=[here, owner.pk]))
    client.post(reverse("accounts:change_role", args=[here, owner.pk]), {"role": "viewer"})
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_the_last_owner_stays(two):
    client, here = two.ours.client(Role.OWNER), two.ours.location.code
    owner = two.ours.people[Role.OWNER]
    client.post(reverse("accounts:remove_member", args=[here, owner.pk]))
    client.post(reverse("accounts:change_role", args=[here, owner.pk]), {"role": "viewer"})
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


# -- production


def production(*command: str, tmp_path: Path, **more: str) -> str:
    """What a management command says with the settings of an installation that the internet reaches."""
    env = {
        **os.environ, "PUBLIC_URL": "https://parley.example.com", "ALLOWED_HOSTS": "parley.example.com",
        "SECRET_KEY": "k" * 20 + "abcdefghijklmnopqrstuvwxyz0123456789", "PARLEY_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/parley.sqlite3", **more,
    }  # fmt: skip
    env.pop("DEBUG", None)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_deployment_check_finds_nothing_in_production(tmp_path):
    said = production("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path)
    assert "no issues" in said


def test_cookies_and_transport_are_bound_to_https_in_production(tmp_path):
    names = [
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_SAMESITE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
    ]
    code = f"from django.conf import settings as s; print([getattr(s, n) for n in {names}])"
    said = production("shell", "--no-imports", "-c", code, tmp_path=tmp_path)
    assert "[False, True, True, 'Lax', True, 'Lax', True, 31536000]" in said
