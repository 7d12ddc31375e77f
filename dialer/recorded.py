"""The recorded calls of a contact, in which it may have agreed to calls."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from compliance import clips
from contacts.models import Contact
from dialer.models import Call

OFFERED = 20


def of_contact(contact: Contact) -> list[clips.Clip]:
    """The newest recorded calls with the number that the contact has: consent given under another is not its own."""
    calls = Call.objects.filter(contact=contact, phone=contact.phone, recording_seconds__gt=0)
    return [
        clips.Clip(
            call.code,
            begins,
            timedelta(seconds=call.recording_seconds or 0),
            call.direction == "inbound",
            settings.PUBLIC_URL + reverse("dialer:call", args=[contact.location.code, call.code]),
        )
        for call in calls.exclude(recording_sid="").order_by("-pk")[:OFFERED]
        if (begins := call.answered_at or call.started_at)
    ]


clips.register(of_contact)
