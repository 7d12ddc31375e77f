"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Member


def frame(request: HttpRequest) -> dict[str, Any]:
    """The current member and location, and the user's other memberships for the switcher (read only if shown)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "location": getattr(request, "location", None),
        "member": getattr(request, "member", None),
        "memberships": Member.objects.filter(user_id=user.pk)
        .select_related("location__organization")
        .order_by("location__name"),
    }
