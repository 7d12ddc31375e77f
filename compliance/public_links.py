"""The link by which a called person sees who called them, and objects: signed, so that it proves their number.

It names a number and an organization, nothing of a location or a contact, so it works as long as the secret key is
known (SECRET_KEY, or one of SECRET_KEY_FALLBACKS), also after the contact was deleted. The short form can be spoken: a
code of 59 random bits, which stands on no page, in no export and in no address of ours.
"""

import re
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Organization
from compliance.models import SpokenCode

_SIGNER = signing.Signer(salt="compliance.public_link", sep=".")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class Proof(NamedTuple):
    """What a link proves: a number, E.164, and the organization that may call it."""

    organization: Organization
    phone: str


def link(organization: Organization, phone: str) -> str:
    """The whole address, for texts and for staff to copy."""
    token = _SIGNER.sign(f"{organization.code}.{signing.b62_encode(int(phone[1:]))}")
    return settings.PUBLIC_URL + reverse("public:objection", args=[token])


def spoken_code(organization_id: int, phone: str) -> str:
    """The code of the number's page, made when the first call to it is answered."""
    spoken, _ = SpokenCode.objects.get_or_create(organization_id=organization_id, phone=phone)
    return spoken.code


def short_link(code: str) -> str:
    """The short address, to be spoken when somebody asks for it."""
    return f"{settings.PUBLIC_URL}/o/{code}"


def read(token: str) -> Proof | None:
    """What the last part of an address proves; None for one that we never gave."""
    if "." not in token:
        code = re.sub(r"[\s-]", "", token).lower()
        spoken = SpokenCode.objects.select_related("organization").filter(code=code).first()
        return Proof(spoken.organization, spoken.phone) if spoken else None
    try:
        code, number = _SIGNER.unsign(token).split(".")
        phone = f"+{signing.b62_decode(number)}"
    except (signing.BadSignature, ValueError):
        return None
    organization = Organization.objects.filter(code=code).first()
    return Proof(organization, phone) if organization and _E164.fullmatch(phone) else None
