import pytest
from django.core.management import CommandError, call_command

from accounts.models import Member, Organization, Role

pytestmark = pytest.mark.django_db
PLACE = {"organization": "Bright Smile", "location": "Denver", "country": "us", "timezone": "America/Denver"}


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setattr(
        "accounts.management.commands.first_owner.getpass", lambda prompt: "correct-horse-battery"
    )


def test_it_makes_an_owner_who_can_sign_in(typed, client):
    call_command("first_owner", "Ana@Example.com", **PLACE)

    member = Member.objects.get()
    assert (member.user.email, member.role, member.location.country) == ("ana@example.com", Role.OWNER, "US")
    assert member.user.check_password("correct-horse-battery")
    assert hasattr(member.location, "pace")


@pytest.mark.parametrize(
    ("email", "change"),
    [("nobody", {}), ("a@example.com", {"timezone": "Mars/Olympus"}), ("a@example.com", {"country": "USA"})],
)
def test_bad_input_makes_nothing(typed, email, change):
    with pytest.raises(CommandError, match="Nothing was made"):
        call_command("first_owner", email, **{**PLACE, **change})

    assert not Organization.objects.exists()


def test_a_weak_password_makes_nothing(monkeypatch):
    monkeypatch.setattr("accounts.management.commands.first_owner.getpass", lambda prompt: "12345")

    with pytest.raises(CommandError, match="Nothing was made"):
        call_command("first_owner", "a@example.com", **PLACE)

    assert not Organization.objects.exists()
