"""External do-not-call lists: read from any file, loaded whole or not at all, looked up in one query, never too old."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from accounts import jobs
from accounts.models import JobState, Location, LogEntry, Role
from compliance import audit, list_ending, list_files, list_loading, list_numbers, verify_audit
from compliance.facts import Ask, gather
from compliance.models import ExternalList, ListBlock, ListChange, ListEdition
from compliance.packs.applying import packs_of
from compliance.rules import ContactFacts, Facts, ListFact, LocationFacts, decide
from compliance.stored_facts import as_json, facts_of
from compliance.words import seen
from compliance.zones import place_of
from contacts.reading import UnreadableError
from tests.factories import ContactFactory, LocationFactory, MemberFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
PHONE = "+13035550142"


# -- reading


def read(content: bytes, country: str = "US", answers: bool = False) -> list[int | None]:
    with list_files.unpacked(io.BytesIO(content)) as source:
        layout = list_files.examine(source, country=country, answers=answers)
        again = list_files.Layout.from_json(layout.to_json())
        return list(list_files.rows(source, again, country))


def zipped(**files: bytes) -> bytes:
    """A ZIP archive of these files, the same bytes whenever it is made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


TWO = [13035550142, 17202345678]


@pytest.mark.parametrize(
    "content",
    [
        b"3035550142\n7202345678\n",
        b"3035550142\r\n7202345678",
        b"303,5550142\r\n720,2345678\r\n",
        b"Area code,Number\n303,5550142\n720,2345678\n",
        b"Phone\n(303) 555-0142\n+1 720.234.5678\n",
        b"id;name;phone number\n1;Ana;303-555-0142\n2;Jos\xe9;1 720 234 5678\n",
        "\ufeffphone\tstate\n3035550142\tCO\n7202345678\tCO\n".encode("utf-16"),
        b"\n\n3035550142\n\n7202345678\n\n",
        zipped(list=b"3035550142\n7202345678\n"),
        "３０３５５５０１４２\n7202345678\n".encode(),
    ],
    ids=[
        "one a line",
        "without a last line end",
        "area code apart",
        "area code apart, with a heading",
        "punctuated",
        "Latin-1, semicolons",
        "UTF-16, tabs",
        "blank lines",
        "zipped",
        "full-width digits",
    ],
)
def test_a_list_is_read_however_it_is_written(content):
    assert read(content) == TWO


@pytest.mark.parametrize(
    ("country", "content"),
    [
        ("GB", b"07400123456\n020 7946 0018\n"),
        ("ES", b"675412661\n+34 912 345 678\n"),
        ("DE", b"030 1234567\n+4915112345678\n"),
    ],
)
def test_numbers_of_other_countries_are_read_as_the_library_reads_them(country, content):
    expected = [int(place_of(line, country).e164[1:]) for line in content.decode().splitlines()]
    assert read(content, country) == expected


@pytest.mark.parametrize(
    ("country", "written", "number"),
    [
        ("US", "13035550123.0", 13035550123),
        ("US", "3035550123.0", 13035550123),
        ("DE", "15112345678.0", 4915112345678),
        ("US", "001 303 555 0118", 13035550118),
        ("US", "011 34 675 412 661", 34675412661),
        ("ES", "0034 675 412 661", 34675412661),
    ],
)
def test_numbers_as_spreadsheets_and_phones_abroad_write_them(country, written, number):
    assert list_files.number_reader(country)(written) == number


@given(
    st.sampled_from(["US", "CA", "GB", "ES", "FR", "AU", "DE", "MX", "IT"]),
    st.text("0123456789", min_size=6, max_size=13),
    st.booleans(),
)
@example("DE", "49300000", False)
def test_the_fast_way_of_reading_a_number_is_the_librarys(country, digits, international):
    """Where both take the digits for a number, it is the same one."""
    text = "+" + digits if international else digits
    fast, slow = list_files.number_reader(country)(text), list_files._by_the_library(text, country)
    assert fast == slow or slow is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"3035550142\n7202345678\n303555\n", "Row 3 holds “303555”"),
        (b"Phone\n3035550142\nn/a\n", "Row 3 holds “n/a”"),
        (b"303,5550142\n720,2345678\n720,23\n", "Row 3 holds “72023”"),
        (b"Name,City\nAna,Denver\nJos,Boulder\n", "No column holds phone numbers"),
        (b"", "empty"),
        (zipped(a=b"3035550142\n", b=b"3035550142\n"), "holds 2 files"),
        (zipped(a=b"3035550142\n" * 5000)[:-120], "damaged, cut off"),
        (zipped(a=b"3035550142\n" * 5000)[:60], "damaged, cut off"),
        (b"%PDF-1.7", "a PDF"),
        (
            b"Name,Phone\nJos\xc3\xa9,3035550142\nBe\xc3\xb1a,3035550143\nPe\xf1a,3035550144\n",
            "Line 4 is written in",
        ),
    ],
    ids=[
        "short number",
        "words",
        "half a number",
        "no numbers",
        "empty",
        "two files",
        "end cut off",
        "cut in half",
        "PDF",
        "mixed encodings",
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused_and_says_where(content, words):
    with pytest.raises(UnreadableError, match=words):
        read(content)


def test_a_zip_bomb_is_refused_before_it_unpacks(monkeypatch):
    monkeypatch.setattr(list_files, "MAX_UNPACKED", 1000)
    with pytest.raises(UnreadableError, match="at most"):
        read(zipped(list=b"3035550142\n" * 5000))


def test_of_reassigned_numbers_only_those_answered_yes_count():
    content = b"number,date,answer\n3035550142,2026-01-05,Yes\n7202345678,2026-01-05,no\n"
    assert read(content + b"7202345679,2026-01-05,no_data\n", answers=True) == [13035550142, None, None]
    with pytest.raises(UnreadableError, match="neither yes, no nor no data"):
        read(
            content + b"3035550142,2026-01-05,yes\n" * 200 + b"7202345670,2026-01-05,perhaps\n", answers=True
        )


# -- loading


def external_list(location: Location, **values) -> ExternalList:
    given = {"kind": "national", "country": "US", "name": "National registry", **values}
    return ExternalList.objects.create(organization=location.organization, **given)


def load(of: ExternalList, location: Location, content: bytes, why_same: str = "", **values) -> ListEdition:
    """An edition loaded as the page and a worker do it."""
    values = {"as_of": timezone.now().date(), "file_name": "list.txt", **values}
    edition = list_loading.start(
        edition=ListEdition(list=of, **values),
        file=SimpleUploadedFile("list.txt", content),
        location=location,
        actor=None,
        why_same=why_same,
    )
    assert edition.job is not None
    jobs.run(edition.job.pk)
    edition.refresh_from_db()
    of.refresh_from_db()
    return edition


def numbers(edition: ListEdition) -> list[int]:
    return list(list_numbers.read(edition.pk))


@pytest.fixture
def location(db, settings, tmp_path) -> Location:
    settings.MEDIA_ROOT = tmp_path
    return LocationFactory()


def test_an_edition_replaces_the_one_before_and_its_numbers_go(location, monkeypatch):
    monkeypatch.setattr(list_numbers, "BLOCK", 2)
    monkeypatch.setattr(list_numbers, "BATCH", 1)
    monkeypatch.setattr(list_loading, "RUN", 3)
    of = external_list(location)
    first = load(of, location, b"3035550142\n7202345678\n3035550142\n3035550100\n7202345600\n")
    assert (of.edition, first.count) == (first, 4)
    assert numbers(first) == [13035550100, 13035550142, 17202345600, 17202345678]
    second = load(of, location, b"3035550199\n")
    assert (of.edition, numbers(second)) == (second, [13035550199])
    list_loading.clear_numbers()
    assert numbers(first) == []
    assert numbers(second) == [13035550199]
    assert [e.count for e in of.editions.order_by("pk")] == [4, 1], "what was in force when stays on record"
    assert not any(e.file for e in of.editions.all())


def test_a_malformed_edition_loads_nothing_and_the_old_one_stays(location, monkeypatch):
    monkeypatch.setattr(list_loading, "RUN", 3)
    of = external_list(location)
    good = load(of, location, b"3035550142\n")
    cut = load(of, location, b"7202345678\n" * 400 + b"30355\n")
    assert cut.job.state == JobState.FAILED
    assert "Row 401 holds “30355”" in cut.job.error
    assert "Nothing was loaded" in cut.job.error
    assert (of.edition, numbers(good), numbers(cut)) == (good, [13035550142], [])


def test_a_load_that_dies_while_it_writes_is_seen_by_nobody_and_cleared(location, monkeypatch):
    of = external_list(location)
    good = load(of, location, b"3035550142\n")

    def dies(edition_id, ascending):
        yield from stored(edition_id, ascending)
        raise MemoryError

    stored = list_numbers.store
    monkeypatch.setattr(list_numbers, "store", dies)
    dead = load(of, location, b"7202345678\n")
    assert dead.job.state == JobState.FAILED
    assert of.edition == good
    found = list_numbers.look_up(
        {(location.organization_id, phone) for phone in (PHONE, "+17202345678")}, timezone.now()
    )
    assert found[location.organization_id][0].numbers == {13035550142}
    other = list_numbers.look_up(
        {(location.organization_id, "+17202345678"), (location.organization_id + 1, PHONE)}, timezone.now()
    )
    assert other[location.organization_id][0].numbers == set(), "its lists are asked about its own calls"
    list_loading.clear_numbers()
    assert numbers(dead) == []


def test_numbers_are_added_and_taken_off(location):
    of = external_list(location)
    load(of, location, b"3035550142\n7202345678\n3035550100\n")
    added = load(of, location, b"7202345678\n7202345679\n", change=ListChange.ADD, base=of.edition)
    assert numbers(added) == [13035550100, 13035550142, 17202345678, 17202345679]
    taken = load(
        of, location, b"3035550100\n3035550101\n7202345679\n", change=ListChange.REMOVE, base=of.edition
    )
    assert numbers(taken) == [13035550142, 17202345678]
    assert taken.count == 2


def test_changes_that_do_not_fit_the_edition_in_force_and_older_editions_change_nothing(location):
    of = external_list(location)
    first = load(of, location, b"3035550142\n")
    second = load(of, location, b"3035550143\n")
    late = load(of, location, b"3035550199\n", change=ListChange.ADD, base=first)
    assert "Another edition" in late.job.error
    older = load(of, location, b"3035550199\n", as_of=timezone.now().date() - timedelta(days=3))
    assert "newer than this one" in older.job.error
    assert of.edition == second


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (b"3035550142\n7202345678\n", ListChange.WHOLE),
        (zipped(other=b"Phone\n(720) 234-5678\n(303) 555-0142\n7202345678\n"), ListChange.WHOLE),
        (b"7202345678\n", ListChange.ADD),
        (b"7202345679\n", ListChange.REMOVE),
    ],
    ids=["the same file", "in another shape", "nothing added", "nothing taken off"],
)
def test_the_same_numbers_under_a_newer_date_need_a_reason_that_stays_in_the_history(
    location, content, change
):
    today = timezone.now().date()
    of = external_list(location)
    old = load(of, location, b"3035550142\n7202345678\n", as_of=today - timedelta(days=20))
    base = old if change != ListChange.WHOLE else None
    again = load(of, location, content, change=change, base=base)
    assert (again.job.state, again.loaded_at) == (JobState.FAILED, None)
    assert "very numbers of the edition in force" in again.job.error
    assert (of.edition, of.events.count()) == (old, 0)
    list_loading.clear_numbers()
    assert (numbers(again), len(numbers(old))) == ([], 2)
    known = load(of, location, content, "The registry says so on its page", change=change, base=base)
    assert (of.edition, of.edition.as_of) == (known, today)
    event = of.events.get()
    assert (event.kind, event.reason) == ("same", "The registry says so on its page")
    [row] = audit._external_lists(location.organization, timezone.now())
    assert verify_audit.ExternalList.of(json.loads(json.dumps(row, default=str))).kept == []


def test_other_numbers_or_the_same_date_need_no_reason_and_record_none(location):
    today = timezone.now().date()
    of = external_list(location)
    load(of, location, b"3035550142\n7202345678\n", as_of=today - timedelta(days=20))
    same_day = load(of, location, b"3035550142\n7202345678\n", as_of=today - timedelta(days=20))
    assert of.edition == same_day
    other = load(of, location, b"3035550142\n7202345679\n", "They say it is the same")
    assert of.edition == other
    assert not of.events.exists()


def test_an_edition_that_came_in_force_after_the_comparison_stays(location, monkeypatch):
    of = external_list(location)
    load(of, location, b"3035550142\n")
    compared = list_loading._compared

    def then_another(edition, count):
        found = compared(edition, count)
        monkeypatch.setattr(list_loading, "_compared", compared)
        load(of, location, b"7202345678\n")
        return found

    monkeypatch.setattr(list_loading, "_compared", then_another)
    late = load(of, location, b"7202345678\n")
    assert "came in force while this one was loaded" in late.job.error
    assert of.edition != late


def test_a_canceled_load_changes_nothing(location):
    of = external_list(location)
    edition = list_loading.start(
        edition=ListEdition(list=of, as_of=timezone.now().date(), file_name="list.txt"),
        file=SimpleUploadedFile("list.txt", b"3035550142\n"),
        location=location,
        actor=None,
    )
    jobs.Job.objects.filter(pk=edition.job.pk).update(cancel_requested=True)
    jobs.run(edition.job.pk)
    edition.job.refresh_from_db()
    assert edition.job.state == JobState.CANCELED
    assert not ListBlock.objects.exists()


# -- looking up


def test_a_batch_is_looked_up_in_one_query(location, django_assert_num_queries):
    of = external_list(location)
    load(of, location, b"3035550142\n7202345678\n")
    external_list(location, name="Not loaded yet")
    gone = external_list(location, name="Gone")
    load(gone, location, b"3035550142\n")
    list_ending.end(gone, reason="Loaded by mistake", location=location, actor=None)
    stranger = LocationFactory()
    load(external_list(stranger), stranger, b"3035550100\n")
    with django_assert_num_queries(1):
        found = list_numbers.look_up(
            {(location.organization_id, phone) for phone in (PHONE, "+13035550100", "+3", "unreadable")},
            timezone.now(),
        )
    [listing] = found[location.organization_id]
    assert (listing.name, listing.numbers) == ("National registry", {13035550142})


def test_facts_name_the_lists_that_concern_the_number(location):
    for kind, state, name in (
        ("national", "", "Registry"),
        ("state", "CO", "Colorado"),
        ("state", "TX", "Texas"),
        ("litigator", "", "Litigators"),
        ("reassigned", "", "Reassigned"),
    ):
        load(external_list(location, kind=kind, state=state, name=name), location, b"3035550142\n")
    load(external_list(location, country="ES", name="Robinson"), location, b"+34675412661\n")
    listed = ContactFactory(location=location, phone=PHONE)
    other = ContactFactory(location=location, phone="+13035550143")
    found = gather([Ask(1, listed.pk), Ask(2, other.pk)], timezone.now())
    assert {each.name: each.listed for each in found[1].contact.lists} == dict.fromkeys(
        ["Registry", "Colorado", "Texas", "Litigators", "Reassigned"], True
    )
    assert {each.name: each.listed for each in found[2].contact.lists} == dict.fromkeys(
        ["Registry", "Colorado", "Litigators", "Reassigned"], False
    )
    stored = as_json(found[1])["contact"]["lists"][0]
    assert stored == {
        "kind": "national", "name": "Registry", "as_of": timezone.now().date().isoformat(), "listed": True,
    }  # fmt: skip


# -- the rules


def facts(*lists: ListFact, opt_in: bool = True) -> Facts:
    return Facts(
        LocationFacts("US", "America/Denver", True, "completed"),
        ContactFacts(place_of(PHONE, "US"), opt_in, False, lists=lists),
    )


@pytest.mark.parametrize(
    ("kind", "opt_in", "reason"),
    [
        ("national", True, None),
        ("state", True, None),
        ("national", False, "on_public_list"),
        ("state", False, "on_public_list"),
        ("litigator", True, "known_litigator"),
        ("reassigned", True, "reassigned_number"),
    ],
)
def test_registers_yield_to_consent_and_other_lists_do_not(kind, opt_in, reason):
    fresh = NOW.date()
    verdict = decide(facts(ListFact(kind, "List", fresh, True), opt_in=opt_in), NOW)
    assert set(verdict.reasons) - {"no_opt_in"} == ({reason} if reason else set())
    assert decide(facts(ListFact(kind, "List", fresh, False)), NOW).decision == "allow"
    if reason:
        assert verdict.evidence[reason] == {"list": "List", "kind": kind, "as_of": "2026-03-02"}


@pytest.mark.parametrize("listed", [True, False])
def test_a_list_is_good_on_its_31st_day_and_refuses_from_the_32nd(listed):
    """By the clock furthest ahead on Earth, 14 hours before UTC."""
    old = facts(ListFact("national", "Registry", date(2026, 1, 30), listed))
    last = datetime(2026, 3, 2, 9, 59, 59, tzinfo=UTC)  # 31 days after 30 January end on 2 March
    assert "list_out_of_date" not in decide(old, last).reasons
    verdict = decide(old, last + timedelta(seconds=1))
    assert verdict.decision == "reject"
    assert verdict.evidence["list_out_of_date"] == {"list": "Registry", "as_of": "2026-01-30", "days": 31}


@pytest.mark.parametrize(
    ("zone", "last"),
    [("America/Denver", date(2026, 3, 1)), ("Pacific/Auckland", date(2026, 3, 2)), ("UTC", date(2026, 3, 2))],
)
def test_the_last_day_that_pages_name_is_one_on_which_calls_go_out(zone, last):
    """The rule refuses from 10:00 UTC of 2 March on: before the day begins in Denver, in the middle of it in London."""
    assert list_loading.last_day(date(2026, 1, 30), "US", ZoneInfo(zone)) == last
    old = facts(ListFact("national", "Registry", date(2026, 1, 30), False))
    for day, refused in ((last, False), (last + timedelta(days=1), True)):
        at = datetime.combine(day, time(8, 30), ZoneInfo(zone))
        assert ("list_out_of_date" in decide(old, at).reasons) is refused


def test_a_list_that_nobody_loaded_refuses_in_words_of_its_own():
    verdict = decide(facts(ListFact("national", "Registry", None, False)), NOW)
    assert (verdict.decision, verdict.reasons) == ("reject", ("list_not_loaded",))
    assert verdict.evidence["list_not_loaded"] == {"list": "Registry"}
    assert seen("list_not_loaded", verdict.evidence["list_not_loaded"], str) == "The list: Registry."
    again = facts_of(as_json(facts(ListFact("national", "Registry", None, False))), {})
    assert again.contact.lists == (ListFact("national", "Registry", None, False),)


def reasons_of(contact, at: datetime | None = None) -> set[str]:
    at = at or timezone.now()
    return {code for code in decide(gather([Ask(1, contact.pk)], at)[1], at).reasons if "list" in code}


def test_a_list_whose_first_load_failed_refuses_until_one_is_loaded_or_its_owner_ends_it(location):
    contact = ContactFactory(location=location, phone=PHONE)
    spaniard = ContactFactory(location=location, phone="+34675412661", region="ES", zones="Europe/Madrid")
    of = external_list(location)
    edition = list_loading.start(
        edition=ListEdition(list=of, as_of=timezone.now().date(), file_name="list.txt"),
        file=SimpleUploadedFile("list.txt", b"7202345678\n" * 400 + b"30355\n"),
        location=location,
        actor=None,
    )
    page = reverse("compliance:external_list", args=[location.code, of.code])
    client = signed_in(location)
    assert reasons_of(contact) == set(), "its first load is under way"
    assert "Being loaded: not checked yet" in client.get(page).content.decode()
    jobs.run(edition.job.pk)
    assert reasons_of(contact) == {"list_not_loaded"}
    assert reasons_of(spaniard) == set(), "it speaks of other numbers"
    for shown in (page, reverse("compliance:external_lists", args=[location.code])):
        assert "Never loaded: calls are refused" in client.get(shown).content.decode()
    assert "is refused until an edition is loaded" in client.get(page).content.decode()
    home = client.get(reverse("compliance:home", args=[location.code])).content.decode()
    assert "never loaded: calls are refused" in home
    load(of, location, b"7202345678\n")
    assert reasons_of(contact) == set()
    list_ending.end(of, reason="We sell elsewhere now", location=location, actor=None)
    assert reasons_of(contact) == set()
    list_ending.resume(of, reason="And here again as well", location=location, actor=None)
    assert reasons_of(contact) == {"list_not_loaded"}, "a register that was ended keeps no numbers"
    list_ending.end(of, reason="We sell elsewhere now", location=location, actor=None)
    assert reasons_of(contact) == set()


def test_a_first_load_that_never_ends_does_not_keep_a_list_out_of_the_way(location):
    contact = ContactFactory(location=location, phone=PHONE)
    of = external_list(location)
    assert reasons_of(contact, of.created_at + timedelta(minutes=59)) == set()
    assert reasons_of(contact, of.created_at + timedelta(hours=1)) == {"list_not_loaded"}
    with time_machine.travel(of.created_at + timedelta(hours=2)):
        shown = signed_in(location).get(reverse("compliance:home", args=[location.code])).content.decode()
    assert "never loaded: calls are refused" in shown


def test_a_british_list_is_good_for_28_days():
    old = replace(facts(ListFact("national", "TPS", date(2026, 1, 30), False)), packs=packs_of("GB"))
    last = datetime(2026, 2, 27, 9, 59, 59, tzinfo=UTC)
    assert "list_out_of_date" not in decide(old, last).reasons
    verdict = decide(old, last + timedelta(seconds=1))
    assert verdict.evidence["list_out_of_date"] == {"list": "TPS", "as_of": "2026-01-30", "days": 28}
    assert list_loading.good_until(date(2026, 1, 30), "GB") == date(2026, 2, 27)
    assert list_loading.good_until(date(2026, 1, 30), "US") == date(2026, 3, 2)


# -- the pages


def signed_in(location: Location, role: Role = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=role).user)
    return client


def sent(location: Location, content: bytes = b"3035550142\n", **values) -> dict[str, object]:
    return {
        "kind": "national", "country": "US", "state": "", "name": "Registry", "source": "FTC",
        "as_of": timezone.now().astimezone(location.zone).date().isoformat(),
        "file": SimpleUploadedFile("list.txt", content), **values,
    }  # fmt: skip


def test_a_manager_adds_a_list_and_loads_a_newer_edition(location):
    client = signed_in(location)
    answer = client.post(reverse("compliance:external_list_add", args=[location.code]), sent(location))
    of = ExternalList.objects.get()
    page = reverse("compliance:external_list", args=[location.code, of.code])
    assert answer.headers["Location"] == page
    assert "Being loaded: not checked yet" in client.get(page).content.decode()
    edition = of.editions.get()
    jobs.run(edition.job.pk)
    shown = client.get(page).content.decode()
    assert "30 days left" in shown or "31 days left" in shown
    changes = sent(location, b"3035550199\n", change="add")
    assert client.post(page, changes | {"why_same": "Trust me"}).status_code == 422
    changes["file"].seek(0)
    assert client.post(page, changes | {"why_same": "The registry says so"}).status_code == 302
    second = of.editions.latest("pk")
    assert (second.change, second.base) == ("add", edition)
    assert second.job.parameters["why_same"] == "The registry says so"
    jobs.run(second.job.pk)
    assert "2 numbers" in client.get(page).content.decode()
    assert LogEntry.objects.filter(action="list.loaded").count() == 2


def test_editions_of_the_us_registry_keep_the_account_number_under_which_they_were_got(location):
    client, add = signed_in(location), reverse("compliance:external_list_add", args=[location.code])
    assert client.post(add, sent(location, account_number="10 123-4567")).status_code == 302
    of = ExternalList.objects.get()
    page = reverse("compliance:external_list", args=[location.code, of.code])
    jobs.run(of.editions.get().job.pk)
    shown = client.get(page).content.decode()
    assert "SAN 10 123-4567" in shown
    assert 'value="10 123-4567"' in shown, "the next edition is mostly got under the same"
    assert client.post(page, sent(location, account_number="10-9", change="whole")).status_code == 302
    newest = of.editions.latest("pk")
    assert newest.account_number == "10-9"
    assert [
        [each.get("account_number") for each in row["editions"]]
        for row in audit._external_lists(location.organization, timezone.now())
    ] == [["10 123-4567"]], "the archive holds those that were loaded"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"account_number": "<b>"}, "Write letters, digits and hyphens"),
        ({"account_number": "1" * 41}, "at most 40"),
        ({"account_number": "10-9", "kind": "litigator"}, "Only the national registry of the US"),
        ({"account_number": "10-9", "kind": "state", "state": "TX"}, "Only the national registry of the US"),
    ],
)
def test_an_account_number_has_a_shape_and_a_place(location, values, words):
    answer = signed_in(location).post(
        reverse("compliance:external_list_add", args=[location.code]), sent(location, **values)
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ExternalList.objects.exists()


@pytest.mark.parametrize(("kind", "stays"), [("litigator", True), ("reassigned", True), ("national", False)])
def test_an_owner_ends_a_list_with_a_reason_and_who_is_on_it_stays_blocked(location, kind, stays):
    of = external_list(location, kind=kind)
    content = b"phone,answer\n3035550142,yes\n" if kind == "reassigned" else b"3035550142\n"
    edition = load(of, location, content, as_of=timezone.now().date() - timedelta(days=30))
    listed = ContactFactory(location=location, phone=PHONE)
    other = ContactFactory(location=location, phone="+13035550143")
    page, end, resume = (
        reverse(f"compliance:external_list{name}", args=[location.code, of.code])
        for name in ("", "_end", "_resume")
    )
    manager, owner = signed_in(location), signed_in(location, Role.OWNER)
    assert manager.post(end, {"reason": "We do not want it any more"}).status_code == 403
    assert "stays blocked" in owner.get(end).content.decode() or not stays
    refused = owner.post(end, {"reason": "too short"})
    assert (refused.status_code, "at least 10 characters" in refused.content.decode()) == (422, True)
    assert list_numbers.look_up({(location.organization_id, PHONE)}, timezone.now())
    assert owner.post(end, {"reason": "The vendor <went> out of business"}).status_code == 302
    assert owner.post(end, {"reason": "The vendor <went> out of business"}).status_code == 404
    assert manager.post(page, sent(location)).status_code == 404
    list_loading.clear_numbers()

    later = timezone.now() + timedelta(days=100)
    found = gather([Ask(1, listed.pk), Ask(2, other.pk)], later)
    assert [each.listed for each in found[1].contact.lists] == ([True] if stays else [])
    assert found[2].contact.lists == (), "nobody else waits for a newer edition"
    assert ("known_litigator" if kind == "litigator" else "reassigned_number") in decide(
        found[1], later
    ).reasons or not stays

    shown = manager.get(page).content.decode()
    assert "The vendor &lt;went&gt; out of business" in shown
    overview = manager.get(reverse("compliance:external_lists", args=[location.code])).content.decode()
    assert ("stay blocked" in overview, "It is not checked" in overview) == (stays, not stays)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as c:
        c.execute("UPDATE compliance_listevent SET reason = 'Another one'")

    same_name = external_list(location, kind=kind)
    again = {"reason": "A new vendor was found"}
    assert "another list has its name" in manager.post(resume, again).content.decode()
    ExternalList.objects.filter(pk=same_name.pk).update(name="Another")
    assert manager.post(resume, again).status_code == 302
    of.refresh_from_db()
    assert (of.deleted_at, of.edition) == (None, edition if stays else None)
    assert [each.kind for each in of.events.order_by("pk")] == ["ended", "resumed"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"as_of": "2020-01-01"}, "more than 31 days old"),
        ({"as_of": "2099-01-01"}, "has not come yet"),
        ({"kind": "state"}, "Choose the state"),
        ({"name": " Taken "}, "has this name already"),
        ({"country": "FR"}, "Select a valid choice"),
        (
            {"file": SimpleUploadedFile("list.txt", b"Name,City\nAna,Denver\n")},
            "No column holds phone numbers",
        ),
    ],
)
def test_what_cannot_be_a_list_is_refused_in_words_and_nothing_is_kept(location, values, words):
    external_list(location, name="Taken")
    url = reverse("compliance:external_list_add", args=[location.code])
    answer = signed_in(location).post(url, sent(location, **values))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ExternalList.objects.count() == 1
    assert not ListEdition.objects.exists()


def test_a_file_over_the_limit_is_refused(location, monkeypatch):
    from compliance import list_forms

    monkeypatch.setattr(list_forms, "MAX_LIST", 5)
    url = reverse("compliance:external_list_add", args=[location.code])
    assert "Nothing was kept" in signed_in(location).post(url, sent(location)).content.decode()


def test_pages_warn_a_week_before_a_list_is_too_old(location):
    of = external_list(location)
    client = signed_in(location, Role.VIEWER)
    edition = load(of, location, b"3035550142\n")
    home = reverse("compliance:home", args=[location.code])
    lists = reverse("compliance:external_lists", args=[location.code])
    for days, word in ((20, None), (26, "days left"), (40, "Too old")):
        ListEdition.objects.filter(pk=edition.pk).update(as_of=timezone.now().date() - timedelta(days=days))
        assert ("Load newer editions" in client.get(home).content.decode()) is (word is not None)
        assert (word or "days left") in client.get(lists).content.decode()
