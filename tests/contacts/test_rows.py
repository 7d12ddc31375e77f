import tracemalloc
from datetime import date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts import places, values
from contacts.mapping import FIELDS, guess
from contacts.reading import Row
from contacts.rows import ContactRow, NotANumberError, Options, Refusal, RowReader, read_phone

TODAY = date(2026, 11, 21)
DENVER = ZoneInfo("America/Denver")


def read(cells: dict[str, str], country: str = "US", **options) -> ContactRow | Refusal:
    mapping = {name: n for n, name in enumerate(FIELDS)}
    reader = RowReader(
        mapping=mapping, width=len(FIELDS), options=Options(**{"evidence": "Intake forms", **options}),
        country=country, zone=DENVER, today=TODAY,
    )  # fmt: skip
    return reader.read(Row(2, [{"phone": "303-555-0111", **cells}.get(name, "") for name in FIELDS]))


def contact(**cells: str) -> ContactRow:
    row = read(cells)
    assert isinstance(row, ContactRow)
    return row


@pytest.mark.parametrize(
    "text",
    [
        "+13035550111", "1-303-555-0111", "1 (303) 5550111", "(303) 555-0111", "303.555.0111", " 303 555 0111 ",
        "tel:+1-303-555-0111", "3035550111", "(303) 555-0111 ext 5", "+1 (303) 555‑0111", "３０３-５５５-０１１１",
        "\u200e+1 303 555 0111\u202c", "\u00a0303\u00a0555\u00a00111", "＋１ 303 555 0111",
    ],
)  # fmt: skip
def test_however_a_spreadsheet_writes_a_number_it_is_one(text):
    assert read_phone(text, "US")[0] == "+13035550111"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "No phone number"), ("  ", "No phone number"), ("call me", "is not a phone number"), ("+", "is not"),
        ("3.035E+09", "format the column as text"), ("3,03555E9", "format the column as text"),
        ("12345", "too short"), ("555-0100", "lacks its area code"), ("999999999999999999", "too long"),
        ("+1 000 555 0100", "is not a number that exists"), ("303-555-0111 or 303-555-0122", "more than one"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_reason(text, words):
    with pytest.raises(NotANumberError, match=words):
        read_phone(text, "US")


@given(st.from_regex(r"(\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. ]?[2-9][0-9]{2}[-. ]?[0-9]{4}", fullmatch=True))
def test_the_quick_way_and_the_library_agree(text):
    parsed = phonenumbers.parse(text, "US")
    if not phonenumbers.is_valid_number(parsed):
        with pytest.raises(NotANumberError):
            read_phone(text, "US")
        return
    e164, place = read_phone(text, "US")
    careful = places.place_of(text, "US")
    assert e164 == careful.e164
    assert (place.region, place.kind, place.zones) == (careful.region, careful.kind, careful.zones)


@pytest.mark.parametrize(
    "word", ["1", "y", "YES", "x", "TRUE", "Sí", "SÍ", "si", "oui", "Ja", "✓", "1.0", " Yes. "]
)
def test_yes_in_many_words(word):
    assert values.truth(word) is True


@pytest.mark.parametrize("word", ["", "0", "n", "No", "FALSE", "nein", "-", "n/a", "0.0"])
def test_no_in_many_words(word):
    assert values.truth(word) is False


def test_an_unknown_word_gives_no_consent_but_keeps_the_row():
    row = contact(consent="perhaps", consent_date="2026-02-08")
    assert row.consented_at is None
    assert "word that is not known" in row.remarks[0]


def test_an_unknown_word_for_do_not_call_means_do_not_call():
    row = contact(dnd="ask first")
    assert row.dnd
    assert "not called" in row.remarks[0]


@pytest.mark.parametrize(
    ("text", "country", "day"),
    [
        ("2026-02-08", "US", date(2026, 2, 8)), ("2026/2/8", "ES", date(2026, 2, 8)),
        ("2026-02-08T10:30:00", "US", date(2026, 2, 8)), ("02/08/2026", "US", date(2026, 2, 8)),
        ("02/08/2026", "ES", date(2026, 8, 2)), ("25/12/2025", "US", date(2025, 12, 25)),
        ("12/25/2025", "ES", date(2025, 12, 25)), ("8.2.26", "DE", date(2026, 2, 8)),
        ("46061", "US", date(2026, 2, 8)), ("46061.5", "US", date(2026, 2, 8)), ("Feb 8, 2026", "US", date(2026, 2, 8)),
        ("8 de febrero de 2026", "ES", date(2026, 2, 8)), ("February 8th, 2026", "US", date(2026, 2, 8)),
        ("31/31/2026", "US", None), ("soon", "US", None), ("3035550111", "US", None), ("2026-13-45", "US", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_the_country_writes_it(text, country, day):
    assert values.date_in(text, country) == day


def test_consent_begins_with_its_day_in_the_locations_zone_and_carries_its_proof():
    row = contact(consent="yes", consent_date="2026-02-08", consent_source="Website form")
    assert row.consented_at == datetime(2026, 2, 8, tzinfo=DENVER)
    assert row.evidence == "Website form · Intake forms"


@pytest.mark.parametrize(
    ("cells", "options"),
    [
        ({"consent": "yes", "consent_date": "2026-11-22"}, {}),
        ({"consent": "yes", "consent_date": "someday"}, {}),
        ({"consent": "yes", "consent_date": "0001-01-01"}, {}),
        ({"consent": "yes"}, {}),
        ({"consent": "yes", "consent_date": "2026-02-08"}, {"evidence": ""}),
        ({"consent": "yes", "consent_date": "2026-02-08"}, {"consent": "nobody"}),
        ({"consent": "no", "consent_date": "2026-02-08"}, {}),
    ],
)
def test_consent_is_not_recorded_from_the_future_without_date_or_without_proof(cells, options):
    row = read(cells, **options)
    assert isinstance(row, ContactRow)
    assert row.consented_at is None


def test_everyone_on_a_list_may_have_agreed_on_one_day():
    row = read({}, consent="everyone", consent_date="2026-02-08")
    assert isinstance(row, ContactRow)
    assert row.consented_at == datetime(2026, 2, 8, tzinfo=DENVER)


@pytest.mark.parametrize(
    ("written", "purpose"),
    [
        ("", ""), ("Marketing", "marketing"), ("marketing calls", "marketing"), ("Promoción", "marketing"),
        ("informational", "informational"), ("Appointment reminders only", "informational"),
        ("Recordatorios de citas", "informational"),
    ],
)  # fmt: skip
def test_a_list_says_what_consent_is_for(written, purpose):
    row = contact(consent="yes", consent_date="2026-02-08", consent_purpose=written)
    assert row.purpose == purpose


@pytest.mark.parametrize(
    "written", ["upsell", "no marketing", "non-promotional", "marketing or reminders", "?"]
)
def test_another_purpose_refuses_the_row_and_says_what_may_stand_there(written):
    row = read({"consent": "yes", "consent_date": "2026-02-08", "consent_purpose": written})
    assert isinstance(row, Refusal)
    assert row.reason == (
        f"“{written}” is no purpose of consent: the column Purpose of consent may hold marketing or informational, "
        "or stay blank"
    )
    assert row.kind.startswith("What stands there is no purpose of consent")
    assert isinstance(read({"consent": "no", "consent_purpose": written}), ContactRow), "it documents none"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Consent purpose", "consent_purpose"), ("Finalidad del consentimiento", "consent_purpose"),
        ("Seller named in the consent", "consent_seller"), ("Empresa del consentimiento", "consent_seller"),
        ("Purpose", "fields.Purpose"), ("Seller", "fields.Seller"), ("Consent", "consent"),
    ],
)  # fmt: skip
def test_columns_of_purpose_and_seller_are_known_by_their_headers(header, field):
    assert guess(["Phone", header], [])[field] == 1


def test_what_is_unusable_is_left_out_and_said():
    row = contact(email="not an address", language="klingon", timezone="Mars/Base", tags="vip;recall, vip|x")
    assert (row.email, row.language, row.timezone) == ("", "", "")
    assert len(row.remarks) == 3
    assert row.tags == ("vip", "recall", "x")


def test_a_shifted_row_and_an_endless_name_are_refused():
    mapping = {"phone": 0}
    reader = RowReader(mapping=mapping, width=2, options=Options(), country="US", zone=DENVER, today=TODAY)
    row = reader.read(Row(7, ["303-555-0111", "a", "b"]))
    assert isinstance(row, Refusal)
    assert "more than the 2 columns" in row.reason
    assert isinstance(read({"first_name": "x" * 121}), Refusal)


def test_a_list_of_endless_cells_leaves_nothing_in_memory():
    endless = "x" * 100_000
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for n in range(10):
            long = f"{endless}{n}"
            assert (values.language(long), values.purpose(long), values.truth(long)) == (None, None, None)
            assert values.date_in(long, "US") is None
            assert values.tags(long) == (long,)
        del long
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < len(endless)


def test_the_last_digits_of_a_north_american_number_tell_nothing_of_its_place():
    """What places.place_of_north_american rests on, read from the library's own patterns."""
    from phonenumbers import PhoneMetadata

    kinds = (
        "general_desc", "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
        "pager", "uan", "voicemail",
    )  # fmt: skip
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]:
        free = 3 if region in ("BB", "JM") else 4
        metadata = PhoneMetadata.metadata_for_region(region)
        for kind in kinds:
            description = getattr(metadata, kind)
            pattern = description.national_number_pattern if description else None
            if pattern and 10 in (description.possible_length or metadata.general_desc.possible_length):
                assert _free_digits(pattern) >= free, (region, kind, pattern)


def _free_digits(pattern: str) -> int:
    """How many digits at the end of everything the pattern matches may be any digit."""
    from re import _parser as parser  # type: ignore[attr-defined]

    def count(items: list) -> int:
        total = 0
        for operation, argument in reversed(items):
            name = str(operation)
            if name == "IN" and str(argument[0][0]) == "CATEGORY":
                total += 1
            elif (
                name == "MAX_REPEAT"
                and str(argument[2][0][0]) == "IN"
                and str(argument[2][0][1][0][0]) == "CATEGORY"
            ):
                total += argument[0]
                if argument[0] != argument[1]:
                    return total
            elif name == "SUBPATTERN":
                return total + count(list(argument[3]))
            elif name == "BRANCH":
                return total + min(count(list(branch)) for branch in argument[1])
            else:
                return total
        return total

    return count(list(parser.parse(pattern)))


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"state": "TX"}, "TX"),
        ({"state": " texas "}, "TX"),
        ({"state": "N.Y."}, "NY"),
        ({"state": "US-CO"}, "CO"),
        ({"state": "Puerto Rico"}, "PR"),
        ({"state": "90210"}, "CA"),
        ({"postal_code": "80202"}, "CO"),
        ({"postal_code": "2134"}, "MA"),
        ({"postal_code": "10001-1234"}, "NY"),
        ({"state": "Texas", "postal_code": "78701"}, "TX"),
        ({"postal_code": "83414"}, ""),
        ({"postal_code": "SW1A 1AA"}, ""),
        ({}, ""),
    ],
)
def test_the_state_is_known_by_its_letters_its_name_or_the_zip_code(cells, state):
    row = contact(**cells)
    assert (row.state, row.remarks) == (state, ())
    assert row.fields == ({"ZIP or postal code": cells["postal_code"]} if "postal_code" in cells else {})


def test_what_is_no_state_is_kept_and_said():
    row = contact(state="Lead, won")
    assert row.state == "Lead, won"
    assert row.remarks == ("The state is not known (write TX or Texas); it was kept, and adds no rules",)
    row = contact(state="CO", postal_code="90210")
    assert (row.state, len(row.remarks)) == ("CO", 1)
    assert "another state" in row.remarks[0]


@pytest.mark.parametrize(
    ("country", "phone", "state", "kept"),
    [
        ("ES", "612 345 678", "Canarias", "CN"),
        ("ES", "612 345 678", "Madrid", "Madrid"),
        ("CA", "604 555 0123", "CA", "CA"),
    ],
)
def test_a_state_is_one_of_the_locations_country(country, phone, state, kept):
    row = read({"phone": phone, "state": state}, country)
    assert isinstance(row, ContactRow)
    assert row.state == kept
    assert bool(row.remarks) == (country == "CA")


@pytest.mark.parametrize(
    "header",
    [
        "State",
        "STATE",
        "state ",
        "ST",
        "State/Region",
        "State / Province",
        "Estado",
        "Province",
        "Home State",
    ],
)
def test_a_column_of_states_is_recognised(header):
    mapped = guess(["Phone", header, "ZIP Code"], [["303-555-0111", "CO", "80202"]])
    assert mapped == {"phone": 0, "state": 1, "postal_code": 2}


@pytest.mark.parametrize("header", ["Estado civil", "Lead state", "St. joined", "Statement"])
def test_a_column_that_only_contains_such_a_word_is_one_of_its_own(header):
    assert guess(["Phone", header], [["303-555-0111", "x"]]) == {"phone": 0, f"fields.{header}": 1}
