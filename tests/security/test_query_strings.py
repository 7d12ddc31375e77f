"""What an address asks for after its question mark: whatever it is, a page, a form with its error, or not found."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.functional import cached_property
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from tests.security.routes import OF_A_LOCATION
from tests.security.test_urls import address, ask
from tests.security.worlds import Two

pytestmark = pytest.mark.django_db


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


DAYS = ["0001-01-01", "9999-12-31", "1899-12-31", "2026-02-30", "2026-03-03", "20260303", "31.12.9999"]
CURSORS = [
    cursor(f"{instant} {key}")
    for instant in (
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2026-03-03T00:00:00+00:00",
        "x",
    )
    for key in ("1", "-1", "9" * 30, "9" * 5000, "²")
]
# What a database refuses to compare with, what Python does, and what splits an address.
EDGES = [
    "",
    "\x00",
    "a\x00",
    "²",
    "-1",
    "0",
    "9" * 19,
    "9" * 30,
    "'\"%_\\",
    "[]",
    "\ufffd",
    "custom",
    "all",
    "1",
]
VALUES = st.sampled_from([*DAYS, *CURSORS, *EDGES]) | st.text(max_size=30)
HEADERS = st.sampled_from([{}, {"HX-Request": "true"}])


@contextmanager
def recorded() -> Iterator[set[str]]:
    """The names of the parameters that are read of request.GET meanwhile, by a form or by a view itself."""
    read: set[str] = set()

    class Recording(QueryDict):
        def get(self, key, default=None):
            read.add(key)
            return super().get(key, default)

        def getlist(self, key, default=None):
            read.add(key)
            return super().getlist(key, default)

        def __getitem__(self, key):
            read.add(key)
            return super().__getitem__(key)

        def __contains__(self, key):
            read.add(key)
            return super().__contains__(key)

    usual = WSGIRequest.__dict__["GET"]
    recording = cached_property(lambda request: Recording(request.META.get("QUERY_STRING", "")))
    recording.__set_name__(WSGIRequest, "GET")
    WSGIRequest.GET = recording
    try:
        yield read
    finally:
        WSGIRequest.GET = usual


def parameters(two: Two, client: Client) -> dict[str, list[str]]:
    """The addresses that read parameters, and which."""
    found = {}
    for route in OF_A_LOCATION:
        if route.get is not None:
            url = address(route, two.ours)
            with recorded() as read:
                # The search for numbers reads the rest of its form once it has this.
                ask(client, "GET", f"{url}?kind=local")
            if read := read - {"x"}:
                found[url] = sorted(read)
    return found


def test_days_at_the_edge_of_the_calendar_are_refused_in_words(two: Two):
    client, here = two.ours.client(Role.VIEWER), two.ours.location.code
    two.ours.location.timezone = "Pacific/Kiritimati"
    two.ours.location.save()
    words = "between the years 1900 and 2200"
    for day in ("0001-01-01", "9999-12-31"):
        for name in ("since", "until"):
            log = client.get(reverse("dialer:calls", args=[here]), {name: day})
            assert (log.status_code, words in log.content.decode()) == (200, True), (name, day)
            assert client.get(reverse("dialer:calls_export", args=[here]), {name: day}).status_code == 404
        chosen = {"range": "custom", "since": day, "until": day}
        figures = client.get(reverse("dashboards:outbound", args=[here]), chosen)
        assert (figures.status_code, words in figures.content.decode()) == (200, True), day
        assert client.get(reverse("dashboards:calls_by_day", args=[here]), chosen).status_code == 200
        for name, thing, posted in (
            ("compliance:contact_grant", "contact", {"consent-given_on": day, "consent-expires_on": day}),
            ("dialer:call_move", "call", {"due_at": f"{day}T00:00"}),
        ):
            url = reverse(name, args=[here, two.ours.name_of(thing)])
            refused = two.ours.client(Role.STAFF).post(url, posted)
            assert (refused.status_code, words in refused.content.decode()) == (422, True), (name, day)


@pytest.mark.parametrize("key", ["after", "before"])
def test_a_cursor_at_the_edge_of_the_calendar_shows_the_first_page(two: Two, key: str):
    client, here = two.ours.client(Role.VIEWER), two.ours.location.code
    for name in ("contacts:list", "contacts:imports", "compliance:home", "compliance:forms", "compliance:ledger",
                 "accounts:history", "accounts:jobs", "compliance:do_not_call_imports"):  # fmt: skip
        url = reverse(name, args=[here])
        first = client.get(url).context["page"].rows
        for instant in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
            page = client.get(url, {key: cursor(f"{instant} 1")})
            assert (page.status_code, page.context["page"].rows) == (200, first), (name, instant)


def test_a_nul_is_taken_by_nothing(two: Two):
    """PostgreSQL compares no text with it and stores none that has it."""
    client, here = two.ours.client(Role.OWNER), two.ours.location.code
    client.raise_request_exception = False
    assert client.get(f"/l/{here}/compliance/?q=a%00").status_code == 400
    for posted in ({"contact": "a\0", "action": "delete"}, {"contact\0": "a"}):
        assert client.post(reverse("contacts:bulk", args=[here]), posted).status_code == 400
    assert Client(raise_request_exception=False).get("/o/%00").status_code == 400
    stranger = Client(raise_request_exception=False, headers={"Cookie": r'sessionid="abcdefgh\000"'})
    assert stranger.get(f"/l/{here}/").status_code == 400


def test_any_query_at_any_page_is_answered(two: Two):
    client = two.ours.client(Role.OWNER)
    client.raise_request_exception = False
    read = parameters(two, client)
    assert len(read) > 20

    @given(data=st.data())
    @settings(
        max_examples=80, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate]
    )
    def each(data):
        url = data.draw(st.sampled_from(sorted(read)))
        query = QueryDict(mutable=True)
        for name in read[url]:
            query.setlist(name, data.draw(st.lists(VALUES, max_size=2)))
        response = ask(client, "GET", f"{url}?{query.urlencode()}", **data.draw(HEADERS))
        assert response.status_code in (200, 204, 302, 400, 404, 422, 502), query

    each()
