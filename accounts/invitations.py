"""The mail that brings an invited person in: a link to choose a password, or to the location when they have one."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Member


def send(member: Member, request: HttpRequest) -> None:
    """Mail the invitation. The password link works once, for settings.PASSWORD_RESET_TIMEOUT seconds."""
    if member.user.has_usable_password():
        path = reverse("accounts:home", args=[member.location.code])
    else:
        key = default_token_generator.make_token(member.user)
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(member.user), "key": key}
        )
    words = {
        "member": member,
        "inviter": request.user,
        "url": request.build_absolute_uri(path),
        "choose_password": not member.user.has_usable_password(),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    send_mail(
        f"{request.user} invited you to {member.location}",
        render_to_string("accounts/invitation.txt", words),
        None,
        [member.user.email],
    )
