import random
import tomllib
import zoneinfo
from datetime import UTC, datetime

import phonenumbers
import pytest
import pytz
from phonenumbers import PhoneNumberType
from phonenumbers.tzdata import TIMEZONE_DATA

from compliance import zones
from compliance.packs.applying import AREA_CODES
from compliance.places import domestic, zone_named
from compliance.windows import open_at
from compliance.zones import area_code_zones, overlays, place_of

CENTRAL, EASTERN, MOUNTAIN = "America/Chicago", "America/New_York", "America/Denver"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+13035550142", {MOUNTAIN}),
        ("+18505551234", {CENTRAL, EASTERN}),
        ("+18504561234", {CENTRAL, EASTERN}),
        ("+14485550123", {CENTRAL, EASTERN}),
        ("+14235551234", {CENTRAL, EASTERN}),
        ("+12194632345", {CENTRAL, EASTERN}),
        ("+12702342345", {CENTRAL, EASTERN}),
        ("+13642342345", {CENTRAL, EASTERN}),
        ("+13085551234", {CENTRAL, MOUNTAIN}),
        ("+17855551234", {CENTRAL, MOUNTAIN}),
        ("+18125551234", {CENTRAL, EASTERN}),
        ("+19305551234", {CENTRAL, EASTERN}),
        ("+15415551234", {MOUNTAIN, "America/Los_Angeles"}),
        ("+14585551234", {MOUNTAIN, "America/Los_Angeles"}),
        ("+12085551234", {"America/Boise", MOUNTAIN, "America/Los_Angeles"}),
        ("+19865551234", {"America/Boise", MOUNTAIN, "America/Los_Angeles"}),
        ("+16052242345", {CENTRAL, MOUNTAIN, "America/North_Dakota/Center"}),
        ("+14745551234", {"America/Regina", "America/Winnipeg"}),
        ("+14185551234", {"America/Halifax", "America/Toronto"}),
        ("+15815551234", {"America/Halifax", "America/Toronto"}),
        ("+17785551234", {"America/Edmonton", "America/Vancouver"}),
        ("+17875550123", {"America/Puerto_Rico"}),
        ("+18763221234", {"America/Jamaica"}),
        ("+16842581234", {"Pacific/Pago_Pago"}),
        ("+34675412661", {"Atlantic/Canary", "Europe/Madrid"}),
        ("+447400123456", {"Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", "Europe/London"}),
    ],
)
def test_it_names_every_zone_the_owner_may_be_in(number, expected):
    place = place_of(number)
    assert set(place.zones) == expected
    assert list(place.zones) == sorted(place.zones)
    assert place.callable


def test_it_gives_the_north_of_canada_all_its_clocks():
    assert len(place_of("+18676682345").zones) == 5


def test_it_keeps_the_many_zones_of_australian_and_russian_mobiles():
    assert len(place_of("+61412345678").zones) == 8
    assert len(place_of("+79161234567").zones) == 16


def test_it_never_gives_the_42_zones_of_plus_one_to_a_number_that_may_be_called():
    every_zone = set(TIMEZONE_DATA["1"])
    assert len(every_zone) == 42
    for number in ("+16005551234", "+14413701234", "+18763221234", "+16842581234"):
        place = place_of(number)
        assert place.callable
        assert set(place.zones) == set(pytz.country_timezones[place.region])


def test_it_gives_an_area_code_the_data_do_not_know_all_zones_of_its_country(monkeypatch):
    monkeypatch.setattr(zones, "area_code_zones", dict)
    assert set(place_of("+13035550142").zones) == set(pytz.country_timezones["US"])


def test_it_says_of_a_country_without_zones_that_it_cannot_be_called(monkeypatch):
    monkeypatch.setattr(zones, "area_code_zones", dict)
    monkeypatch.setattr(zones, "_country_zones", lambda region: ())
    assert place_of("+13035550142").problem == "number_type_not_callable"


@pytest.mark.parametrize(
    ("number", "kind", "region"),
    [
        ("+18005550123", "toll_free", "US"),
        ("+19002345678", "premium_rate", "US"),
        ("+15005550006", "personal_number", "US"),
        ("+33810123456", "shared_cost", "FR"),
        ("+447012345678", "personal_number", "GB"),
        ("+447640123456", "pager", "GB"),
        ("+445512345678", "uan", "GB"),
        ("+80012345678", "toll_free", "001"),
    ],
)
def test_it_refuses_kinds_of_number_that_tell_nothing_of_a_place(number, kind, region):
    place = place_of(number, known_zone=MOUNTAIN)
    assert (place.kind, place.region, place.problem) == (kind, region, "number_type_not_callable")
    assert place.zones == ()
    assert not place.callable


@pytest.mark.parametrize("number", ["", "abc", "+15551234567", "+12345", "303555", "+", "\ud800", "1" * 300])
def test_it_calls_what_is_no_number_invalid(number):
    place = place_of(number, "US")
    assert (place.e164, place.region, place.zones, place.problem) == (number, None, (), "invalid_number")


def test_it_reads_a_national_number_with_the_country_of_the_location():
    assert place_of("(303) 555-0142", "US").e164 == "+13035550142"
    assert place_of("(303) 555-0142").problem == "invalid_number"


def test_it_adds_the_zone_a_person_is_known_to_be_in():
    assert set(place_of("+13035550142", known_zone="Pacific/Guam").zones) == {MOUNTAIN, "Pacific/Guam"}
    with pytest.raises(ValueError, match="Etc/Unknown"):
        place_of("+13035550142", known_zone="Etc/Unknown")


def test_it_agrees_with_the_library_on_which_numbers_are_valid():
    chance = random.Random(6)
    for _ in range(3000):
        number = f"+{chance.choice(['1', '1', '44', '34', '61', '7', '590', '800'])}{chance.randrange(10**7, 10**10)}"
        parsed = phonenumbers.parse(number)
        assert (place_of(number).problem == "invalid_number") == (not phonenumbers.is_valid_number(parsed)), (
            number
        )


def test_a_north_american_number_needs_no_parsing():
    chance = random.Random(7)
    for _ in range(2000):
        number = f"+1{chance.randrange(2 * 10**9, 10**10)}"
        assert zones._parsed(number, "US") == phonenumbers.parse(number, "US")


def test_it_never_has_fewer_zones_than_the_library_where_that_one_knows_the_area():
    for prefix, names in TIMEZONE_DATA.items():
        if prefix.startswith("1") and len(prefix) >= 4:
            assert set(names) <= set(zones.area_code_zones()[prefix[1:4]])


@pytest.mark.parametrize(
    ("region", "country", "expected"),
    [
        ("US", "US", True),
        ("PR", "US", True),
        ("US", "GU", True),
        ("AS", "MP", True),
        ("CA", "US", False),
        ("JM", "US", False),
        ("IM", "GB", True),
        ("GB", "JE", True),
        ("RE", "FR", True),
        ("FR", "ES", False),
        ("001", "US", False),
        (None, "US", False),
    ],
)
def test_territories_are_domestic_and_a_shared_country_code_alone_is_not(region, country, expected):
    assert domestic(region, country) is expected


def test_the_pinned_data_know_every_zone_that_a_number_can_have():
    known = zoneinfo.available_timezones()
    assert {zone for names in TIMEZONE_DATA.values() for zone in names} <= known
    assert {zone for names in pytz.country_timezones.values() for zone in names} <= known


@pytest.mark.parametrize(
    "name", ["", "Etc/Unknown", "Mars/Olympus", "../etc/passwd", "America", "/etc/localtime", "a\0b"]
)
def test_it_says_in_words_that_a_zone_does_not_exist(name):
    with pytest.raises(ValueError, match="IANA name"):
        zone_named(name)


def test_it_starts_on_the_pinned_clocks():
    zones.check_tzdata()


def test_it_refuses_to_start_on_old_data(monkeypatch):
    monkeypatch.setattr(zones.tzdata, "IANA_VERSION", "2025b")
    with pytest.raises(zones.WrongTimeZoneDataError, match="2025b"):
        zones.check_tzdata()


def test_it_refuses_to_start_on_clocks_that_are_not_the_pinned_ones(monkeypatch):
    monkeypatch.setattr(zones, "ZoneInfo", lambda name: zoneinfo.ZoneInfo("America/Los_Angeles"))
    with pytest.raises(zones.WrongTimeZoneDataError, match="-0800"):
        zones.check_tzdata()


def test_the_kinds_are_all_the_library_has():
    assert set(zones.KINDS) == set(PhoneNumberType.values())


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        # Each of them laid over codes whose clocks the library knows better.
        ("+16895551234", ("America/Chicago", "America/New_York")),  # Orlando, with 407 and 321
        ("+14075551234", ("America/Chicago", "America/New_York")),
        ("+16395551234", ("America/Regina", "America/Winnipeg")),  # Saskatchewan, with 306
        ("+17095551234", ("America/Halifax", "America/Puerto_Rico", "America/St_Johns")),  # Newfoundland
        ("+18795551234", ("America/Halifax", "America/Puerto_Rico", "America/St_Johns")),
    ],
)
def test_codes_of_one_area_have_the_clocks_of_each(number, expected):
    assert place_of(number).zones == expected


def test_half_past_eight_in_the_evening_in_orlando_is_too_late():
    assert not open_at(place_of("+16895551234").zones, datetime(2026, 12, 3, 1, 30, tzinfo=UTC))


def test_an_area_code_shares_one_area_and_one_state():
    codes = [code for group in overlays() for code in group]
    assert len(codes) == len(set(codes))
    known = area_code_zones()
    assert all(len({known[code] for code in group}) == 1 for group in overlays())
    state_of = {
        str(code): state for state, group in tomllib.loads(AREA_CODES.read_text()).items() for code in group
    }
    assert all(len({state_of[code] for code in group if code in state_of}) <= 1 for group in overlays())
