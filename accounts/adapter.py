"""Sign-in rules that differ from django-allauth's defaults."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.http import HttpRequest

from accounts.models import User


class InvitedOnly(DefaultAccountAdapter):
    """Accounts are made by an owner's invitation; nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count for the person, whichever host is asked: allauth adds its name and port, which an
        asker chooses, and several processes behind one address differ in."""
        return str(credentials.get("email", credentials.get("username", ""))).lower()

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and count the address that an owner invited as proved.

        From then on another address takes its place only after a mail to it was answered. Otherwise a person could
        claim a stranger's address and be let in where that stranger is invited later.
        """
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
        super().login(request, user)
