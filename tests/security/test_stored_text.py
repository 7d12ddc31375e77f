"""Text that somebody else wrote is shown as text: in a real browser, with the policy on; in JSON, headers and files."""

import csv
import io
import json
import re
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Role
from compliance import public_links
from contacts.cells import unguard
from tests.security.hostile import OURS, PRODUCT, clean, name_of, poison
from tests.security.routes import OF_A_LOCATION, OF_ANYBODY
from tests.security.test_urls import address
from tests.security.worlds import World, two_businesses

# Answers that are no page of their own: files, streams, addresses that lead on, and what asks the carrier.
NO_PAGES = {
    "accounts:job_file", "contacts:import_refused", "compliance:do_not_call_export", "dialer:calls_export",
    "dialer:recording", "dialer:call_events", "dialer:campaign_events", "phone_numbers:qr", "dashboards:home",
    "dashboards:calls_by_day", "phone_numbers:import", "dialer:forecast_chart", "dialer:forecast_calendar",
    "dialer:forecast_contacts_csv", "compliance:do_not_call_refused", "compliance:consent_export",
}  # fmt: skip
PAGES = [route for route in OF_A_LOCATION if route.get is not None and route.name not in NO_PAGES]


@pytest.fixture
def hostile(db) -> World:
    world = two_businesses().ours
    poison(world)
    return world


def public_pages(world: World) -> list[str]:
    """The pages of OF_ANYBODY."""
    contact = world.things["contact"]
    objection = public_links.link(world.location.organization, contact.phone)
    agree = reverse("agree", args=[world.things["form"].public_code])
    return [agree, reverse("public:enter"), urlsplit(objection).path]


def test_every_column_of_words_is_poisoned_or_known_to_be_ours(hostile):
    assert clean() == []
    columns = {
        name_of(field) for app in PRODUCT for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
    }  # fmt: skip
    assert set().union(*OURS.values()) <= columns
    assert {"agree", "public:enter", "public:objection"} == OF_ANYBODY


@pytest.mark.django_db(transaction=True)
def test_no_page_runs_what_was_stored(live_server, page: Page):
    """Every page, with the fragments that it loads; a breach of the policy fails the page fixture."""
    world = two_businesses().ours
    poison(world)
    cookie = world.client(Role.OWNER).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    outside: list[str] = []
    own = (live_server.url, "data:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else outside.append(asked.url))
    page.on("dialog", lambda dialog: outside.append(dialog.message))
    for path in [address(route, world) for route in PAGES] + public_pages(world):
        answer = page.goto(live_server.url + path, wait_until="load")
        assert answer is not None
        assert answer.status in (200, 204, 422), (path, answer.status)
        expect(page.locator(".htmx-request")).to_have_count(0)
        assert page.evaluate("window.ran") is None, path
        assert (
            page.evaluate("document.querySelectorAll('base, iframe, main form[action^=\"//\"]').length") == 0
        ), path
    assert outside == []


def test_every_page_has_the_headers_that_bind_it(hostile):
    client = hostile.client(Role.OWNER)
    urls = [address(route, hostile) for route in PAGES] + public_pages(hostile)
    urls += ["/account/login/", "/account/password/reset/", "/account/2fa/", "/nowhere/", "/healthz"]
    for url in urls:
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy, url
        assert "frame-ancestors 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "object-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_needs_what_the_policy_forbids(hostile):
    """No handler, no style and no script stands in the HTML itself."""
    client = hostile.client(Role.OWNER)
    for path in [address(route, hostile) for route in PAGES] + public_pages(hostile):
        html = client.get(path).content.decode()
        for tag in re.findall(r"<[a-zA-Z][^<>]*>", html):
            bare = re.sub(r"""=\s*("[^"]*"|'[^']*')""", "=", tag)
            names = re.findall(r"\s([a-zA-Z:@-]+)=", bare)
            assert not [name for name in names if name.startswith(("on", "hx-on", "style"))], (path, tag)
        assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html), path


def test_the_charts_numbers_are_json_and_nothing_else(hostile):
    answer = hostile.client(Role.OWNER).get(reverse("dashboards:calls_by_day", args=[hostile.location.code]))
    assert answer["Content-Type"].startswith("application/json")
    assert "<script" not in answer.content.decode()
    assert set(json.loads(answer.content)) == {"labels", "datasets"}


FILE_NAMES = [
    'a";x=".csv', "a\r\nSet-Cookie: x=1.csv", "../../etc/passwd.csv", "a\u202evsc.exe", "é日本.csv", "\x00.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", FILE_NAMES, ids=repr)
def test_a_file_name_stays_inside_its_header(hostile, name):
    report = hostile.things["report"]
    report.file_name = name.replace("\x00", "")  # PostgreSQL cannot store it; the header must not need that.
    report.save()
    answer = hostile.client(Role.OWNER).get(
        reverse("contacts:import_refused", args=[hostile.location.code, report.code])
    )
    header = answer["Content-Disposition"]
    assert answer.status_code == 200
    assert not re.search(r"[\r\n\x00]", header)
    assert "Set-Cookie" not in answer.headers
    assert header.startswith("attachment")
    assert header.count('"') in (0, 2) or '\\"' in header


# -- spreadsheets

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\x0b=1", " =1+1", "＝1+1", "＋1", "－1", "＠x",
    '=HYPERLINK("//thief.example","x")', "=cmd|'/C calc'!A0", 'a",=1+1', "a\n=1+1", "a;=1+1", "a\t=1+1", '"=1+1',
    "'=1+1", "%0A=1", "-2+3+cmd|' /C calc'!D2",
]  # fmt: skip


def rows_of(answer) -> list[list[str]]:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def starts_a_formula(cell: str) -> bool:
    """Whether a spreadsheet takes the cell, or what stands behind a separator or line end in it, for a formula."""
    if re.fullmatch(r"\+[1-9]\d{6,14}", cell):
        return False
    return any(
        re.match(r"[ \t\r\x00]*[=+\-@＝＋－＠]", part)
        for part in [cell, *re.split(r"[,;|\t\r\n\"]", cell)[1:]]
    )


def test_no_export_hands_a_formula_to_a_spreadsheet(db):
    from contacts.models import Contact
    from dialer.models import Call, Campaign
    from voiceagents.models import Agent, Turn

    world = two_businesses().ours
    here, entry = world.location, world.things["entry"]
    client = world.client(Role.VIEWER)
    log = reverse("dialer:calls_export", args=[here.code]) + "?transcripts=1"
    listed = reverse("compliance:do_not_call_export", args=[here.code]) + f"?q={entry.phone}"
    for formula in FORMULAS:
        Contact.objects.filter(location=here).update(first_name=formula, last_name=formula)
        Agent.objects.filter(location=here).update(name=formula)
        Campaign.objects.filter(location=here).update(name=formula)
        Call.objects.filter(location=here).update(
            summary=formula, failure_code=formula[:40], from_number=formula[:16]
        )
        Turn.objects.filter(conversation__location=here).update(text=formula)
        entry.reason = entry.removal_reason = formula
        entry.save()
        for url in (log, listed):
            rows = rows_of(client.get(url))
            assert len(rows) == 2, url
            for cell in rows[1]:
                assert not starts_a_formula(cell), (url, cell)
            assert formula in [unguard(cell) for cell in rows[1]], (url, formula)


def test_a_report_of_refused_rows_hands_no_formula_to_a_spreadsheet(db):
    from tests.contacts.lists import run, upload
    from tests.factories import LocationFactory

    out = io.StringIO(newline="")
    csv.writer(out).writerows(
        [["Phone", "Name"], *[["not a number " + f, f] for f in FORMULAS if "\x00" not in f]]
    )
    loaded = upload(LocationFactory(), out.getvalue().encode())
    run(loaded)
    with loaded.refused_file.open("rb") as file:
        rows = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    assert len(rows) > len(FORMULAS) / 2
    for row in rows[1:]:
        for cell in row:
            assert not starts_a_formula(cell), cell


def test_a_stored_template_is_text(hostile):
    """What contacts said and wrote reaches the prompt as words."""
    from voiceagents import briefs

    brief = briefs.build(
        agent=hostile.things["agent"], contact=hostile.things["contact"], contact_type="new", zone="UTC", seller="S",
        callback_number="", page_code="", context="{{ contact.phone }}{% for i in (1..9) %}x{% endfor %}",
    )  # fmt: skip
    assert brief["context"] == "{{ contact.phone }}{% for i in (1..9) %}x{% endfor %}"
