"""A list of numbers onto the internal do-not-call list, through its pages and its job."""

import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import jobs
from accounts.database import is_postgresql
from accounts.models import Job, Location, LogEntry, Role
from compliance import donotcall_importing, donotcall_rows
from compliance.donotcall_numbers import numbers_in
from compliance.models import ConsentEntry, DoNotCallEntry, DoNotCallImport
from contacts.rows import NotANumberError
from tests.factories import CallFactory, ContactFactory, LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location() -> Location:
    return LocationFactory()


@pytest.fixture
def client(location) -> Client:
    client = Client()
    client.force_login(MemberFactory(location=location, role=Role.STAFF).user)
    return client


def uploaded(client: Client, location: Location, content: bytes, name: str = "list.csv") -> DoNotCallImport:
    url = reverse("compliance:do_not_call_upload", args=[location.code])
    answer = client.post(url, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content.decode()
    return DoNotCallImport.objects.get(file_name=name)


def chosen(of: DoNotCallImport, **changes: str) -> dict[str, str]:
    columns = {f"column-{position}": field for field, position in of.mapping.items()}
    return {"reason": "Asked us in 2025", "risk": "medium", **columns, **changes}


def load(client: Client, location: Location, content: bytes, name: str = "list.csv") -> DoNotCallImport:
    """Upload, take the columns as guessed, and let the worker do it."""
    of = uploaded(client, location, content, name)
    page = reverse("compliance:do_not_call_import", args=[location.code, of.code])
    assert client.post(page, chosen(of)).status_code == 302
    of.refresh_from_db()
    jobs.run(of.job_id)
    of.refresh_from_db()
    return of


def listed() -> dict[str, tuple[str, str]]:
    return {entry.phone: (entry.risk, entry.reason) for entry in DoNotCallEntry.objects.active()}


LIST = """Teléfono;Motivo;Riesgo;Fecha de baja
(303) 555-0111;Asked at the desk;bajo;02/03/2025
303.555.0122;;;
+1 303 555 0133;Threatened to sue;alto;
1-303-555-0111;Again;alto;04/05/2025
303-555-01;Too short;;
;No number;;
"""


def test_every_row_is_listed_merged_or_left_out_with_its_reason(client, location):
    call = CallFactory(location=location, contact=ContactFactory(location=location, phone="+13035550111"))
    sister = ContactFactory(
        location=LocationFactory(organization=location.organization), phone="+13035550122"
    )
    of = load(client, location, LIST.encode("cp1252"))
    assert of.job.state == "done", of.job.error
    assert of.mapping == {"phone": 0, "reason": 1, "risk": 2, "date": 3}
    assert listed() == {
        "+13035550111": ("high", "Asked at the desk"),
        "+13035550122": ("medium", "Asked us in 2025"),
        "+13035550133": ("high", "Threatened to sue"),
    }
    counts = {name: of.counts[name] for name in ("rows", "refused", "duplicates", "numbers", "added")}
    assert counts == {"rows": 6, "refused": 2, "duplicates": 1, "numbers": 3, "added": 3}
    call.refresh_from_db()
    sister.refresh_from_db()
    assert (call.state, sister.dnd_voice) == ("canceled", True)
    entry = ConsentEntry.objects.get(kind="revoked", phone="+13035550111")
    assert entry.captured_at == datetime(2025, 4, 5, tzinfo=ZoneInfo(location.timezone))
    assert (entry.source, entry.evidence) == ("import", "Row 2 of the list list.csv: Asked at the desk")
    refused = client.get(reverse("compliance:do_not_call_refused", args=[location.code, of.code]))
    rows = b"".join(refused).decode("utf-8-sig")
    assert "6,“303-555-01” is too short for a phone number,303-555-01,Too short" in rows
    assert "7,No phone number" in rows
    report = client.get(
        reverse("compliance:do_not_call_import", args=[location.code, of.code])
    ).content.decode()
    assert "No phone number" in report
    assert LogEntry.objects.filter(action="do_not_call.imported").exists()


def test_the_same_list_again_adds_nothing(client, location):
    load(client, location, LIST.encode())
    before = list(ConsentEntry.objects.values_list()), listed()
    again = load(client, location, LIST.encode(), "again.csv")
    assert again.counts["added"] == 0
    assert (list(ConsentEntry.objects.values_list()), listed()) == before


def workbook(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


EXPORTED = """\ufeffNumber,Risk,Reason,Source,Added
+13035550111,High,x,Entered by staff,2025-01-01T10:00:00+00:00
+13035550122,Low,'=x,Entered by staff,2025-01-01T10:00:00+00:00
""".encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("numbers.txt", b"3035550111\n(303) 555-0122\n"),
        ("numbers.xlsx", workbook([["Phone"], [3035550111], ["303-555-0122"]])),
        ("utf16.csv", "Phone\tReason\n3035550111\tx\n303 555 0122\ty\n".encode("utf-16")),
        ("export.csv", EXPORTED),
    ],
    ids=["text", "workbook", "UTF-16", "our export"],
)  # fmt: skip
def test_it_reads_text_workbooks_and_what_we_export(client, location, name, content):
    load(client, location, content, name)
    assert set(listed()) == {"+13035550111", "+13035550122"}


def test_what_we_export_is_whole_and_can_be_loaded_by_another_business(client, location, monkeypatch):
    monkeypatch.setattr("accounts.paging.CHUNK", 2)
    load(client, location, LIST.encode())
    ours = listed()
    url = reverse("compliance:do_not_call_export", args=[location.code])
    exported = b"".join(client.get(url))
    assert exported.decode().count("\r\n") == 4
    elsewhere = LocationFactory()
    visitor = Client()
    visitor.force_login(MemberFactory(location=elsewhere, role=Role.STAFF).user)
    load(visitor, elsewhere, exported, "theirs.csv")
    theirs = elsewhere.organization.do_not_call.values_list("phone", "risk", "reason")
    assert {phone: (risk, reason) for phone, risk, reason in theirs} == ours


def test_columns_can_be_corrected_and_looked_at_before_anything_is_listed(client, location):
    of = uploaded(client, location, b"A,B\n3035550111,Said stop\n")
    page = reverse("compliance:do_not_call_import", args=[location.code, of.code])
    assert of.mapping == {"phone": 0}
    look = {"column-0": "phone", "column-1": "reason", "risk": "low", "reason": "None", "look": "again"}
    assert "Said stop" in client.post(page, look).content.decode()
    nothing = client.post(page, {"column-0": "", "column-1": "reason", "risk": "low", "reason": "None given"})
    assert nothing.status_code == 422
    assert "Choose the column that holds the phone number." in nothing.content.decode()
    assert not Job.objects.exists()
    assert not DoNotCallEntry.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Phone,Reason\n3035550111,\xc3\xb1\n3035550122,\xc3\xb1\n3035550133,\xf1\n", "Line 4"),
        (b'Phone,Reason\n3035550111,"never closed\n', "quotation mark"),
        (workbook([["Phone"], ["3035550111"]])[:-300], "damaged"),
        (b"%PDF-1.7", "PDF"),
    ],
    ids=["mixed encodings", "open quote", "cut workbook", "another kind of file"],
)
def test_a_file_that_cannot_be_read_says_where_and_is_not_kept(client, location, content, words):
    url = reverse("compliance:do_not_call_upload", args=[location.code])
    answer = client.post(url, {"file": SimpleUploadedFile("list.csv", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DoNotCallImport.objects.exists()


def test_a_file_that_breaks_late_lists_nothing(client, location):
    rows = b"".join(b"+1303555%04d,x\n" % n for n in range(100, 400))
    of = load(client, location, b"Phone,Reason\n" + rows + b'3035550111,"never closed\n')
    assert of.job.state == "failed"
    assert "quotation mark opened in row 302" in of.job.error
    assert not DoNotCallEntry.objects.exists()
    page = client.get(reverse("compliance:do_not_call_import", args=[location.code, of.code]))
    assert "none of its numbers was listed" in page.content.decode()


def test_a_canceled_load_lists_nothing(client, location):
    of = uploaded(client, location, LIST.encode())
    client.post(reverse("compliance:do_not_call_import", args=[location.code, of.code]), chosen(of))
    of.refresh_from_db()
    Job.objects.filter(pk=of.job_id).update(cancel_requested=True)
    jobs.run(of.job_id)
    of.job.refresh_from_db()
    assert of.job.state == "canceled"
    assert not DoNotCallEntry.objects.exists()
    assert not ConsentEntry.objects.exists()


def test_a_list_that_would_hold_up_every_other_writer_is_refused_whole(client, location, monkeypatch):
    monkeypatch.setattr(donotcall_importing, "most_numbers", lambda: 2)
    of = load(client, location, b"Phone\n303-555-0111\n303-555-0112\n303-555-0113\n303-555-0113\n")
    assert of.job.state == "failed"
    assert "The list has 3 numbers" in of.job.error
    assert listed() == {}
    load(client, location, b"Phone\n303-555-0111\n303-555-0112\n303-555-0112\n", "short.csv")
    assert len(listed()) == 2


def test_only_sqlite_limits_a_list_and_its_page_says_so(client, location):
    page = client.get(reverse("compliance:do_not_call_upload", args=[location.code])).content.decode()
    assert ("100,000 numbers" in page) == (not is_postgresql())


def test_a_load_that_lost_its_worker_can_be_started_again(client, location):
    of = uploaded(client, location, LIST.encode())
    page = reverse("compliance:do_not_call_import", args=[location.code, of.code])
    client.post(page, chosen(of))
    long_ago = timezone.now() - timedelta(minutes=16)
    Job.objects.update(state="running", created_at=long_ago, beat_at=long_ago)
    jobs.recover()
    assert "none of its numbers was listed" in client.get(page).content.decode()
    assert client.post(page, chosen(of)).status_code == 302
    jobs.run(Job.objects.latest("pk").pk)
    assert len(listed()) == 3


def test_a_list_too_large_is_refused_before_it_is_read(location):
    from compliance.donotcall_views import UploadForm

    file = SimpleUploadedFile("list.csv", b"3035550111\n")
    file.size = 2_000_000_000
    form = UploadForm(files={"file": file})
    assert "2,000 MB; at most 50 MB" in form.errors["file"][0]


@pytest.mark.parametrize("written", ["Alto", "HIGH", "3", "severe"])
def test_words_for_a_high_risk(written):
    reader = donotcall_rows.ListReader(
        columns={"phone": 0, "risk": 1}, width=2, options=donotcall_rows.Options(risk="low"), country="US",
        zone=ZoneInfo("America/Denver"), today=date(2026, 3, 2),
    )  # fmt: skip
    [row] = reader.read(donotcall_rows.Row(2, ["3035550111", written]))
    assert (row.risk, row.remarks) == ("high", ())
    assert reader.read(donotcall_rows.Row(2, ["3035550111", "perhaps"]))[0].risk == "high"


@pytest.mark.parametrize(
    ("country", "written", "expected"),
    [
        ("US", "001 303 555 0118", ["+13035550118"]),
        ("US", "011 34 675 412 661", ["+34675412661"]),
        ("US", "(011) 44 20 7946 0577", ["+442079460577"]),
        ("US", "13035550123.0", ["+13035550123"]),
        ("US", "3035550123.00", ["+13035550123"]),
        ("US", "0013035550118.0", ["+13035550118"]),
        ("DE", "15112345678.0", ["+4915112345678"]),
        ("US", "303-555-0124 / 303-555-0125", ["+13035550124", "+13035550125"]),
        ("US", "3035550124/3035550125", ["+13035550124", "+13035550125"]),
        ("US", "303-555-0124; +34 675 412 661", ["+13035550124", "+34675412661"]),
        ("US", "303-555-0124 and 303-555-0124", ["+13035550124"]),
        ("ES", "675 412 661 y 675 412 662", ["+34675412661", "+34675412662"]),
        ("US", "home 303-555-0124 work 303-555-0125", ["+13035550124", "+13035550125"]),
        ("DE", "030/1234567; 030/1234568", ["+49301234567", "+49301234568"]),
        ("DE", "030/1234567", ["+49301234567"]),
        ("US", "303-555-0124 ext. 12", ["+13035550124"]),
    ],
)
def test_every_number_of_a_cell_is_read_however_it_is_written(country, written, expected):
    assert numbers_in(written, country) == (expected, True)


@pytest.mark.parametrize("written", ["n/a", "", "12/03/2025", "303-555-01", "1.30356E+10", "7" * 300])
def test_a_cell_without_a_number_says_what_is_wrong_with_the_whole_of_it(written):
    with pytest.raises(NotANumberError):
        numbers_in(written, "US")


def test_two_numbers_of_a_cell_are_both_listed_and_what_cannot_be_read_is_said(client, location):
    content = (
        b"Phone,Reason\n303-555-0111 / 303-555-0122,Asked\n303-555-0133 / 0134,Asked\n303-555-0111,Asked\n"
    )
    of = load(client, location, content)
    assert set(listed()) == {"+13035550111", "+13035550122", "+13035550133"}
    counts = {name: of.counts[name] for name in ("rows", "refused", "duplicates", "numbers")}
    assert counts == {"rows": 3, "refused": 0, "duplicates": 1, "numbers": 3}
    assert of.counts["remarks"] == {
        "Part of the cell with the number cannot be read as one and was left out": {
            "rows": 1,
            "examples": [3],
        }
    }


def test_a_reason_for_all_is_asked_for_only_where_a_row_has_none(client, location):
    def started(content: bytes, name: str) -> tuple[int, str, DoNotCallImport]:
        of = uploaded(client, location, content, name)
        page = reverse("compliance:do_not_call_import", args=[location.code, of.code])
        answer = client.post(page, chosen(of, reason=""))
        of.refresh_from_db()
        return answer.status_code, answer.content.decode(), of

    status, _, of = started(b"Phone,Reason\n3035550111,Asked\nnot a number,\n", "each.csv")
    assert status == 302
    jobs.run(of.job_id)
    assert listed() == {"+13035550111": ("medium", "Asked")}
    status, page, of = started(b"Phone,Reason\n3035550122,Asked\n3035550133,\n", "one.csv")
    assert (status, of.job) == (422, None)
    assert "Row 3 has no reason of its own: say one for such rows." in page
    status, page, of = started(b"Phone\n3035550122\n", "none.csv")
    assert (status, of.job) == (422, None)
    assert "No column holds reasons" in page
    late = b"".join(b"+1303555%04d,Asked\n" % n for n in range(100, 400)) + b"3035550122,\n"
    status, _, of = started(b"Phone,Reason\n" + late, "late.csv")
    jobs.run(of.job_id)
    of.refresh_from_db()
    assert of.job.state == "failed"
    assert "Row 302 has no reason of its own" in of.job.error
    assert len(listed()) == 1
