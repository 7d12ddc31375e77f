"""Who may do what: every page of a location goes through `scoped`.

The fetch is the check: a stranger gets 404, a member whose role is too low gets 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, parse_cookie
from django.utils.timezone import now
from django_htmx.middleware import HtmxDetails

from accounts.models import Location, Member, Role, User

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class LocationRequest(HttpRequest):
    """A request inside a location: `location` and the user's `member` row are set."""

    location: Location
    member: Member
    user: User  # type: ignore[assignment]
    htmx: HtmxDetails


def member_of(user: Any, location_code: str) -> Member:
    """The user's membership in the location with that code; Http404 for strangers and unknown codes."""
    member = (
        Member.objects.select_related("location__organization")
        .filter(user_id=user.pk, location__code=location_code)
        .first()
    )
    if member is None:
        raise Http404("No such location")
    return member


def writer_of(cookies: str, location_code: str) -> Member | None:
    """The member whose session a Cookie header names, if they may change things in the location; three queries.

    For what has to be known before Django has read a request.
    """
    request = HttpRequest()
    request.COOKIES = parse_cookie(cookies)
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    try:
        member = member_of(get_user(request), location_code)
    except Http404:
        return None
    return member if member.may(Role.STAFF) else None


def still_stands(request: LocationRequest) -> bool:
    """Whether what let the request in holds at this moment, for an answer that goes on: the session, the password that
    it was opened with, the person, the membership and its role. One query by primary keys."""
    session = Session.objects.filter(session_key=request.session.session_key, expire_date__gt=now())
    return Member.objects.filter(
        Exists(session),
        pk=request.member.pk,
        role=request.member.role,
        user__is_active=True,
        user__password=request.user.password,
    ).exists()


def scoped(
    role: Role = Role.VIEWER, *, write: Role = Role.STAFF
) -> Callable[
    [Callable[Concatenate[Any, ...], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, ...], HttpResponseBase],
]:
    """A view of one location, named by the URL's `location_code`, for members with at least `role`.

    Unsafe methods need at least `write` (and `role`). Sets request.location and request.member.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def wrapper(request: Any, location_code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            member = member_of(request.user, location_code)
            if not member.may(role) or (request.method not in SAFE_METHODS and not member.may(write)):
                raise PermissionDenied(
                    f"This needs the role {role if request.method in SAFE_METHODS else write}."
                )
            request.member = member
            request.location = member.location
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
