"""What the frame of every page says about the phone network."""

from typing import Any

from django.http import HttpRequest

from telephony.models import Carrier, CarrierAccount


def carrier(request: HttpRequest) -> dict[str, Any]:
    """`sandbox`: true while the organization of the page's location has no account at a real phone network."""
    location = getattr(request, "location", None)
    if location is None:
        return {}

    def only_sandbox() -> bool:
        accounts = CarrierAccount.objects.filter(organization_id=location.organization_id)
        return not accounts.exclude(carrier=Carrier.SANDBOX).exists()

    # Templates call it, so a page that shows no frame asks nothing.
    return {"sandbox": only_sandbox}
