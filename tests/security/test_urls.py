"""Every address of the product against every kind of person: nothing leaks, nothing is changed, 404 before 403."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from tests.security.routes import MISSING_FOR_ALL, OF_A_LOCATION, OF_A_PERSON, OF_ANYBODY, OF_MACHINES, Route
from tests.security.worlds import OF_THE_BUSINESS, Two, World, everything

OF_THINGS = [route for route in OF_A_LOCATION if route.names]
WENT_THROUGH = {200, 204, 302, 405, 409, 422, 502}


def names_of(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from names_of(pattern.url_patterns, inner)
        else:
            yield ":".join([*spaces, pattern.name or "(without a name)"])


def test_every_address_of_the_product_is_listed_once_with_who_may_use_it():
    listed = [*(route.name for route in OF_A_LOCATION), *OF_A_PERSON, *OF_ANYBODY, *OF_MACHINES]
    assert sorted(listed) == sorted(names_of(get_resolver().url_patterns))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def address(route: Route, world: World, things: World | None = None) -> str:
    """The route's address in a location, naming that location's things or another's."""
    named = {parameter: (things or world).name_of(kind) for parameter, kind in route.names.items()}
    return reverse(route.name, kwargs={"location_code": world.location.code, **named, **route.plain})


def ask(client: Client, method: str, url: str, **headers: str) -> HttpResponseBase:
    with undone():
        response = client.generic(
            method, url, content_type="application/x-www-form-urlencoded", headers=headers
        )
        if response.streaming:
            b"".join(response)
    return response


def is_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response["Location"].startswith(
        reverse("account_login") + "?next="
    )


def went_through(route: Route, response: HttpResponseBase) -> bool:
    absent = route.name in MISSING_FOR_ALL and response.status_code == 404
    return (response.status_code in WENT_THROUGH and not is_sign_in(response)) or absent


@pytest.mark.parametrize("route", OF_A_LOCATION, ids=str)
def test_who_may_look_and_who_may_write(two: Two, route: Route):
    url = address(route, two.ours)
    for role in Role:
        client = two.ours.client(role)
        for method, least in (("GET", route.get), ("POST", route.post)):
            # A fragment is guarded by the same fetch; every other request asks for it.
            headers = {"HX-Request": "true"} if role in (Role.VIEWER, Role.MANAGER) else {}
            response = ask(client, method, url, **headers)
            if least is None:
                assert response.status_code == 405, (role, method)
            elif role.rank < least.rank:
                assert response.status_code == 403, (role, method, response)
            else:
                assert went_through(route, response), (role, method, response)


@pytest.mark.parametrize("route", OF_A_LOCATION, ids=str)
def test_nobody_else_learns_that_it_is_there(two: Two, route: Route):
    """Signed out: to the sign-in, with no trace of whether the place exists. Signed in elsewhere: not found."""
    before = everything()
    nowhere = address(route, two.ours).replace(two.ours.location.code, "nowhere")
    for method, least in (("GET", route.get), ("POST", route.post)):
        for url in (address(route, two.ours), nowhere):
            response = ask(Client(), method, url)
            assert response.status_code == 405 if least is None else is_sign_in(response), (method, url)
            for world in (two.sister, two.stranger):
                response = ask(world.client(Role.OWNER), method, url)
                assert response.status_code == (405 if least is None else 404), (method, url)
    assert everything() == before


@pytest.mark.parametrize("route", OF_THINGS, ids=str)
def test_a_thing_of_another_location_is_not_found_under_ours(two: Two, route: Route):
    before = everything()
    client = two.ours.client(Role.OWNER)
    foreign = [two.stranger]
    if not set(route.names.values()) & set(OF_THE_BUSINESS):
        foreign.append(two.sister)
    for world in foreign:
        for method, least in (("GET", route.get), ("POST", route.post)):
            response = ask(client, method, address(route, two.ours, world))
            assert response.status_code == (405 if least is None else 404), (method, world.location)
    assert everything() == before


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_who_may_open_the_pages_of_a_person(two: Two, name: str):
    keys = {
        "account_confirm_email": {"key": "MQ:abc:def"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "abc-def"},
    }
    url = reverse(name, kwargs=keys.get(name))
    signed_out, signed_in = OF_A_PERSON[name]
    response = ask(Client(), "GET", url)
    if signed_out is None:
        assert is_sign_in(response)
    else:
        assert response.status_code == signed_out
    assert ask(two.ours.client(Role.VIEWER), "GET", url).status_code == signed_in


def test_somebody_who_was_deactivated_is_signed_out_everywhere(two: Two):
    client = two.ours.client(Role.OWNER)
    get_user_model().objects.filter(memberships__location=two.ours.location).update(is_active=False)
    assert is_sign_in(client.get(reverse("accounts:home", args=[two.ours.location.code])))


def test_a_member_who_was_removed_finds_nothing_at_the_next_request(two: Two):
    client = two.ours.client(Role.OWNER)
    two.ours.people[Role.OWNER].delete()
    assert client.get(reverse("accounts:home", args=[two.ours.location.code])).status_code == 404
