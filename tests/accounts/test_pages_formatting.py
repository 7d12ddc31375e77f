"""How instants, lengths, sums and numbers are written."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.safestring import mark_safe

from accounts import formatting
from accounts.statuses import JOB_STATUSES, STATUSES
from accounts.templatetags.parley import sentence_case

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
MADRID, NEW_YORK, DENVER = "Europe/Madrid", "America/New_York", "America/Denver"


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 11, 24, 13, 5, tzinfo=UTC), "Tue 14:05"),
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), "Mon 00:30"),
        (datetime(2026, 10, 13, 12, 5, tzinfo=UTC), "Tue 13 Oct 14:05"),
        (datetime(2025, 10, 14, 12, 5, tzinfo=UTC), "14 Oct 2025 14:05"),
    ],
)
def test_an_instant_is_written_on_the_clock_of_the_zone(at, shown):
    assert formatting.clock(at, MADRID, NOW) == shown


def test_their_time_names_the_day_when_it_is_another():
    assert formatting.their_clock(NOW, MADRID, NEW_YORK) == "10:00"
    assert formatting.their_clock(datetime(2026, 11, 21, 3, 0, tzinfo=UTC), MADRID, NEW_YORK) == "Fri 22:00"


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (0, "0:00"),
        (42.9, "0:42"),
        (725, "12:05"),
        (timedelta(hours=1, minutes=2, seconds=5), "1:02:05"),
        (None, "–"),
    ],
)
def test_a_length_is_written_as_a_clock_and_nothing_as_a_dash(length, shown):
    assert formatting.duration(length) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("1234.5"), "USD", "$1,234.50"),
        (Decimal("0.0085"), "USD", "$0.0085"),
        (Decimal("-3"), "EUR", "−€3.00"),
        (Decimal("0"), "CHF", "CHF 0.00"),
        (None, "USD", "–"),
    ],
)
def test_money_keeps_what_a_minute_costs(amount, currency, shown):
    assert formatting.money(amount, currency) == shown


@pytest.mark.parametrize(
    ("number", "country", "shown"),
    [
        ("+12085550100", "US", "(208) 555-0100"),
        ("+34910550000", "ES", "910 55 00 00"),
        ("+34910550000", "US", "+34 910 55 00 00"),
        ("not a number", "US", "not a number"),
    ],
)
def test_a_number_is_national_at_home_and_international_abroad(number, country, shown):
    assert formatting.national(number, country) == shown


def test_pace_says_nothing_before_it_can():
    assert formatting.pace(0, 100, timedelta(seconds=5)) == (0.0, None)
    assert formatting.pace(50, None, timedelta(seconds=5)) == (10.0, None)
    assert formatting.pace(50, 100, timedelta(seconds=5)) == (10.0, timedelta(seconds=5))


@pytest.mark.parametrize(
    "status", [*STATUSES.values(), *JOB_STATUSES.values()], ids=lambda status: status.key
)
def test_every_status_has_an_icon_a_colour_and_a_word(status):
    icons = (settings.BASE_DIR / "static/vendor/icons.txt").read_text().split()
    assert status.icon in icons
    assert f".status-badge-{status.colour}" in (settings.BASE_DIR / "static/css/parley.css").read_text()
    html = Template("{% load parley %}{% badge status %}").render(Context({"status": status}))
    assert status.label in html


def test_an_instant_shows_their_time_only_when_it_differs():
    template = Template("{% load parley %}{% instant at their_zone=theirs zone=ours %}")
    there = template.render(Context({"at": NOW, "ours": MADRID, "theirs": NEW_YORK}))
    here = template.render(Context({"at": NOW, "ours": MADRID, "theirs": "Europe/Paris"}))
    assert "their time 10:00" in there
    assert 'title="Europe/Madrid · theirs America/New_York"' in there
    assert "their time" not in here


def test_a_title_of_the_library_reads_like_a_sentence_and_keeps_its_markup_and_names():
    assert sentence_case(mark_safe("Two-Factor Authentication ")) == "Two-factor authentication"
    assert (
        sentence_case(mark_safe('<i title="Not This">x</i> Add TOTP Key'))
        == '<i title="Not This">x</i> add TOTP key'
    )
    assert sentence_case("<b>Bold</b>") == "&lt;b&gt;Bold&lt;/b&gt;"
