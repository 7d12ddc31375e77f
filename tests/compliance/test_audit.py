"""The audit archive, checked by the verifier that lies in it: every tampering is named, row by row."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from compliance import editions, seals
from compliance.audit import fingerprint
from compliance.models import Book, Decision, ExternalList, RulesEdition
from compliance.verify_audit import ExternalList as Listed
from compliance.verify_audit import canonical, instant
from dialer.models import Attempt, Call
from tests.compliance.archived import (
    HOUR,
    HOUSE,
    decisions_file,
    on_line,
    on_lines,
    sealed_archive,
    tampered,
    verify,
)
from tests.compliance.decided import TEN, consenting, decided
from tests.factories import LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def location():
    with time_machine.travel(TEN - timedelta(days=1)):
        return LocationFactory(name="Denver")


@pytest.fixture
def archive(location, tmp_path) -> Path:
    return sealed_archive(location, tmp_path)


def test_an_archive_is_in_order_and_needs_nothing_but_python(archive, location):
    code, _, said = verify(archive, "--rules", str(HOUSE))
    assert code == 0, said
    assert "6 allow, 1 defer, 1 reject" in said
    assert (
        "No deviation was found. Not proven: that no newest seals are missing with their rows (--head)"
        in said
    )
    heads = [seals.seals_of(book, location.pk).last().hash for book in Book.values]
    assert all(head in said for head in heads)
    options = [*(part for head in heads for part in ("--head", head)), "--manifest", fingerprint(archive)]
    assert "Not proven: that the rules are those of Parley (--rules)." in verify(archive, *options)[2]
    code, _, said = verify(archive, *options, "--rules", str(HOUSE))
    assert (code, "Everything is in order." in said) == (0, True), said
    assert verify(archive, "--head", "0" * 64)[0] == 1


def test_it_says_what_it_holds(archive, location):
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
        attempts = opened.read(f"locations/{location.code}/attempts.jsonl").splitlines()
        calls = opened.read(f"locations/{location.code}/calls.jsonl").splitlines()
    rows = {name.rsplit("/", 1)[-1]: about.get("rows") for name, about in manifest["files"].items()}
    assert (rows["decisions.jsonl"], rows["consent.jsonl"], rows["do_not_call.jsonl"]) == (8, 10, 1)
    assert len(attempts) == Attempt.objects.count() == 6
    assert len(calls) == Call.objects.count() == 6
    assert json.loads(attempts[0])["token"] == Attempt.objects.earliest("pk").token


@pytest.mark.parametrize(
    ("row", "change", "named"),
    [
        (6, lambda r: r.update(decision="allow"), "verdict: it says allow"),
        (0, lambda r: r.update(decision="reject", reasons=["opted_out"]), "verdict: it says reject"),
        (7, lambda r: r.update(until="2026-03-04T16:00:00.000000Z"), "verdict: it says defer until 2026-03-04T16"),
        (0, lambda r: r["facts"]["location"].update(outbound_enabled=False), "verdict"),
        (0, lambda r: r["facts"]["contact"].update(zones=["Asia/Tokyo"]), "verdict"),
        (6, lambda r: r["evidence"].clear(), "evidence"),
        (0, lambda r: r["facts"].update(rule_packs=[]), "packs: us"),
        (0, lambda r: r.update(edition="0" * 64), "not verifiable"),
        (0, lambda r: r["facts"].pop("contact"), "its facts cannot be read"),
        (0, lambda r: r.update(decided_at="2026-03-03T03:00:00.000000Z"), "verdict"),
    ],
)  # fmt: skip
def test_a_changed_decision_is_named_with_its_cause(archive, location, row, change, named):
    wanted = Decision.objects.order_by("pk")[row].pk
    code, lines, said = verify(tampered(archive, decisions_file(location), on_line(row, change)))
    assert code == 1, said
    mine = [line for line in lines if f"row {wanted}:" in line]
    assert any("changed after seal" in line for line in mine), said
    assert any(named in line for line in mine), said


def test_changed_facts_that_change_no_verdict_are_named_too(archive, location):
    changed = on_line(1, lambda r: r["facts"]["location"].update(attempts=[]))
    code, lines, _ = verify(tampered(archive, decisions_file(location), changed))
    second = Decision.objects.order_by("pk")[1].pk
    assert code == 1
    assert [line for line in lines if f"row {second}: changed after seal 1" in line]


def test_a_dropped_an_inserted_and_two_swapped_rows_are_named(archive, location):
    keys = list(Decision.objects.order_by("pk").values_list("pk", flat=True))
    name = decisions_file(location)

    code, lines, _ = verify(tampered(archive, name, on_lines(lambda rows: rows.pop(3))))
    assert code == 1
    assert [line for line in lines if f"row {keys[3]}: dropped" in line]
    assert [line for line in lines if "no decision in the archive allows this dial" in line]

    def insert(rows: list[bytes]) -> None:
        rows.insert(1, rows[0].replace(f'"id":{keys[0]},'.encode(), b'"id":0,'))

    code, lines, said = verify(tampered(archive, name, on_lines(insert)))
    assert code == 1
    assert [line for line in lines if "row 0" in line or ": inserted" in line], said

    def swap(rows: list[bytes]) -> None:
        rows[0], rows[1] = rows[1], rows[0]

    code, lines, _ = verify(tampered(archive, name, on_lines(swap)))
    assert code == 1
    assert [line for line in lines if f"row {keys[0]}: out of order" in line]


def test_a_seal_and_its_list_of_rows_that_were_changed_are_named(archive, location):
    base = f"locations/{location.code}/decisions"
    code, lines, _ = verify(
        tampered(archive, f"{base}.leaves", lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    )
    assert code == 1
    assert [line for line in lines if "its list of rows is not the one" in line]
    assert [line for line in lines if "changed after seal" in line]

    code, lines, _ = verify(tampered(archive, f"{base}.seals.jsonl", on_line(0, lambda s: s.update(count=2))))
    assert code == 1
    assert [line for line in lines if "seal 1" in line and "was changed" in line]

    code, lines, _ = verify(tampered(archive, f"{base}.seals.jsonl", on_lines(lambda rows: rows.pop(1))))
    assert code == 1
    assert [line for line in lines if "a seal is missing" in line]

    foreign = on_line(0, lambda s: s.update(location=s["location"] + 1))
    code, lines, _ = verify(tampered(archive, f"{base}.seals.jsonl", foreign))
    assert code == 1
    assert [line for line in lines if "seal 1" in line and "another location or book" in line]


@pytest.mark.parametrize("book", ["decisions", "consent"])
def test_seals_left_out_at_the_beginning_with_their_rows_are_named(archive, location, book):
    base = f"locations/{location.code}/{book}"
    with zipfile.ZipFile(archive) as opened:
        seals_, rows = (opened.read(f"{base}.{kind}").splitlines() for kind in ("seals.jsonl", "jsonl"))
    count = json.loads(seals_[0])["count"]
    without = tampered(archive, f"{base}.seals.jsonl", lambda data: b"\n".join(seals_[1:]) + b"\n")
    without = tampered(without, f"{base}.leaves", lambda data: data[40 * count :])
    code, lines, _ = verify(tampered(without, f"{base}.jsonl", lambda data: b"\n".join(rows[count:]) + b"\n"))
    assert code == 1
    assert [line for line in lines if f"{book}.jsonl: seal 2" in line and "before it are missing" in line]


def test_values_that_are_none_are_named_row_by_row(archive, location):
    first, second, third = Decision.objects.order_by("pk").values_list("pk", flat=True)[:3]

    def spoil(lines: list[bytes]) -> None:
        lines[0] = lines[0].replace(b'"within_ms":5000', b'"within_ms":' + b"9" * 30)
        lines[1] = lines[1].replace(b'"phone":"+', b'"phone":["+1"],"was":"+')
        lines[2] = lines[2].replace(b'"decision":"allow",', b"")
        lines += [b'{"id":' + b"9" * 30 + b"}", b'{"id":"9"}', b"{}"]

    code, lines, said = verify(tampered(archive, decisions_file(location), on_lines(spoil)))
    assert code == 1
    assert [line for line in lines if f"row {first}: its facts cannot be read: OverflowError" in line], said
    assert [line for line in lines if f"row {second}: its facts cannot be read: TypeError" in line], said
    assert [line for line in lines if f"row {third}: it cannot be read: KeyError 'decision'" in line], said
    assert all(f"line {number}: " in said and "is not the id of a row" in said for number in (9, 10, 11))


@pytest.mark.parametrize("line", [b'{"id":NaN}', b"[" * 100_000, b"[1]"], ids=["NaN", "deep", "list"])
def test_a_line_that_is_no_row_is_refused(archive, location, line):
    spoiled = tampered(archive, decisions_file(location), lambda data: data + line + b"\n")
    code, _, said = verify(spoiled)
    assert code == 2
    assert "decisions.jsonl, line 9 cannot be read" in said
    assert "Traceback" not in said


def test_a_name_that_stands_twice_is_named(archive, location):
    name = decisions_file(location)
    with zipfile.ZipFile(archive, "a") as opened, pytest.warns(UserWarning, match="Duplicate"):
        opened.writestr(name, opened.read(name))
    code, _, said = verify(archive)
    assert code == 1
    assert f"{name}: it stands 2 times" in said


def test_rows_said_to_be_purged_too_early_are_named(archive, location):
    base = f"locations/{location.code}/decisions"
    purged = on_line(0, lambda s: s.update(purged_at="2026-03-04T00:00:00.000000Z"))
    code, _, said = verify(tampered(archive, f"{base}.seals.jsonl", purged))
    assert code == 1
    assert "purged before they were five years old" in said


@pytest.mark.parametrize(
    ("row", "change", "named"),
    [
        (0, lambda r: r.update(phone="+13035550199"), "consent: it takes consent for given"),
        (0, lambda r: r.update(recorded_at="2026-03-05T00:00:00.000000Z"), "consent: it takes consent for given"),
        (0, lambda r: r.update(expires_at="2026-03-03T00:00:00.000000Z"), "consent: it takes consent for given"),
        (0, lambda r: r.update(purpose="informational"), "consent: it takes consent for given"),
        (8, lambda r: r.update(captured_at="2026-03-02T00:00:00.000000Z"), "the opt-out that it names is not in"),
    ],
)  # fmt: skip
def test_decisions_that_the_ledger_does_not_bear_out_are_named(archive, location, row, change, named):
    name = f"locations/{location.code}/consent.jsonl"
    code, lines, said = verify(tampered(archive, name, on_line(row, change)))
    assert code == 1
    assert any(named in line for line in lines), said
    assert any("consent.jsonl" in line and "changed after seal" in line for line in lines), said


def test_an_opt_out_and_an_entry_that_a_decision_did_not_know_are_named(archive, location):
    phone = Decision.objects.order_by("pk")[0].phone
    opt_out = json.dumps({
        "id": 1, "phone": phone, "kind": "revoked", "source": "web", "channel": "all",
        "captured_at": "2026-03-03T16:00:00Z", "recorded_at": "2026-03-03T16:00:00Z",
    })  # fmt: skip
    code, _, said = verify(
        tampered(archive, "other_revocations.jsonl", lambda data: data + opt_out.encode() + b"\n")
    )
    assert code == 1
    assert "it knows of no opt-out, and the ledger has one in force" in said
    entry = json.dumps({"id": 9, "phone": phone, "risk": "high", "added_at": "2026-03-03T16:00:00Z"})
    code, _, said = verify(tampered(archive, "do_not_call.jsonl", lambda data: data + entry.encode() + b"\n"))
    assert code == 1
    assert "the number was on the list" in said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda rows: [], "lists: Registry of 2026-02-28, which it names, was not in force"),
        (
            lambda rows: [*rows, {**rows[0], "kind": "litigator", "name": "Those who sue"}],
            "lists: Those who sue was in force, and the decision did not know it",
        ),
        (
            lambda rows: [*rows, {**rows[0], "kind": "litigator", "name": "Those who sue", "country": "FR"}],
            None,
        ),
        (
            lambda rows: [*rows, {**rows[0], "name": "Never loaded", "editions": []}],
            "lists: Never loaded was in force, and the decision did not know it",
        ),
        (
            lambda rows: [
                *rows,
                {**rows[0], "name": "New", "editions": [], "created_at": "2027-01-01T00:00:00Z"},
            ],
            None,
        ),
        (
            lambda rows: [{**rows[0], "editions": [{**rows[0]["editions"][0], "as_of": "2026-03-01"}]}],
            "lists: Registry of 2026-02-28, which it names, was not in force",
        ),
    ],
)
def test_decisions_that_the_external_lists_do_not_bear_out_are_named(archive, change, named):
    def of(content: bytes) -> bytes:
        rows = [json.loads(line) for line in content.splitlines()]
        return b"".join(canonical(row) + b"\n" for row in change(rows))

    code, lines, said = verify(tampered(archive, "external_lists.jsonl", of))
    assert code == (1 if named else 0), said
    assert named is None or sum(named in line for line in lines) == 8, said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda form: form.update(text="I agree to everything"), "its hash is not that of the form's text"),
        (lambda form: form.update(id=form["id"] + 1), "the version of the form that it names is not in"),
        (lambda form: form.update(scans=[]), "the scan that it names is not in the archive"),
        (lambda form: form["scans"][0].update(valid=False), "or says otherwise"),
    ],
)
def test_a_wording_that_is_not_the_one_people_agreed_to_is_named(archive, location, change, named):
    forms = f"locations/{location.code}/forms.jsonl"
    code, lines, said = verify(tampered(archive, forms, on_line(0, change)))
    assert code == 1
    assert sum("consent.jsonl, row" in line and named in line for line in lines) == 1, said


@pytest.mark.parametrize("kind", ["litigator", "national"])
def test_an_ended_list_is_expected_no_more_and_a_register_may_not_be_named_either(kind):
    def at(hour: int) -> str:
        return instant(TEN + hour * HOUR)

    listed = Listed.of({
        "kind": kind, "country": "US", "name": "List", "created_at": at(0),
        "editions": [{"as_of": "2026-03-01", "loaded_at": at(1)}, {"as_of": "2026-03-02", "loaded_at": at(3)}],
        "events": [{"kind": "ended", "at": at(5)}, {"kind": "resumed", "at": at(7)}],
    })  # fmt: skip

    def seen(hour: int) -> tuple[set[str], bool]:
        moment = TEN + hour * HOUR
        span = (moment - timedelta(seconds=10), moment + timedelta(seconds=1))
        return listed.dates(*span), listed.in_force_throughout(*span)

    def due(hour: int) -> tuple[bool, bool]:
        moment = TEN + hour * HOUR
        span = (moment - timedelta(seconds=10), moment + timedelta(seconds=1))
        return listed.was_due(*span), listed.lacks_one(*span)

    assert due(0) == (False, True)
    assert due(2) == due(4) == (True, False)
    assert due(6) == (False, kind == "national")
    assert due(8) == (True, kind == "national"), "taken up again, a register has to be loaded again"
    assert seen(0) == (set(), False)
    assert seen(1) == ({"2026-03-01"}, False), "it came in force in these seconds"
    assert seen(2) == ({"2026-03-01"}, True)
    assert seen(3) == ({"2026-03-01", "2026-03-02"}, False)
    assert seen(4) == ({"2026-03-02"}, True)
    stays = {"2026-03-02"} if kind == "litigator" else set()
    assert seen(6) == (stays, False)
    assert seen(8) == (stays, bool(stays))


def test_calls_refused_for_a_list_that_was_never_loaded_are_borne_out_by_the_archive(location, tmp_path):
    (person,) = consenting(location, 1)
    ExternalList.objects.create(
        organization=location.organization, kind="national", country="US", name="Registry",
        created_at=TEN - timedelta(days=2),
    )  # fmt: skip
    decided(person, TEN)
    assert Decision.objects.get().reasons == ["list_not_loaded"]
    path = tmp_path / "audit.zip"
    with time_machine.travel(TEN + 24 * HOUR):
        seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 24 * HOUR)
        seals.seal_up_to(Book.CONSENT, 2**62, TEN + 24 * HOUR)
        day = (TEN - HOUR * 24).date()
        call_command("export_audit", location=location.code, first=day, output=path, stdout=io.StringIO())
    code, _, said = verify(path)
    assert code == 0, said
    assert "1 reject" in said
    loaded = {
        "id": 1,
        "change": "whole",
        "as_of": "2026-02-28",
        "count": 0,
        "loaded_at": instant(TEN - 24 * HOUR),
    }
    code, lines, said = verify(
        tampered(
            path,
            "external_lists.jsonl",
            lambda line: canonical({**json.loads(line), "editions": [loaded]}) + b"\n",
        )
    )
    assert code == 1
    assert any("Registry without an edition, which it names, was not in force" in line for line in lines), (
        said
    )


@pytest.mark.parametrize("gone", [slice(0, 6), slice(2, 3)], ids=["all", "one"])
def test_dials_that_were_taken_out_are_named_by_their_decisions(archive, location, gone):
    allowed = list(Decision.objects.filter(decision="allow").order_by("pk").values_list("pk", flat=True))
    dials = f"locations/{location.code}/attempts.jsonl"

    def without(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        del lines[gone]
        return b"".join(lines)

    code, lines, said = verify(tampered(archive, dials, without))
    assert code == 1
    assert [line for line in lines if "dials: it allows one" in line] == [
        f"locations/{location.code}/decisions.jsonl, row {key}: dials: it allows one, and the archive has none for it"
        for key in allowed[gone]
    ], said
    again = tampered(archive, dials, lambda content: content + content.splitlines(keepends=True)[0])
    assert verify(again)[0] == 0, "told twice, as a dial that is refused while the archive is written may be"


def test_a_dial_that_the_carrier_refused_and_whose_call_waits_again_is_in_the_archive(
    archive, location, tmp_path
):
    attempt = Attempt.objects.earliest("pk")
    Attempt.objects.filter(pk=attempt.pk).update(
        state="refused", sid=None, carrier_status="", error_code="not_now", settled_at=attempt.created_at
    )
    Call.objects.filter(pk=attempt.call_id).update(state="queued", started_at=None)
    path = tmp_path / "refused.zip"
    with time_machine.travel(TEN + 25 * HOUR):
        call_command(
            "export_audit", location=location.code, first=TEN.date(), output=path, stdout=io.StringIO()
        )
    code, _, said = verify(path)
    assert code == 0, said
    with zipfile.ZipFile(path) as opened:
        assert len(opened.read(f"locations/{location.code}/attempts.jsonl").splitlines()) == 6


def test_an_archive_without_its_seals_is_none(archive, location):
    """As a forger would make it who takes out what was refused, and with it everything that could show that."""
    base = f"locations/{location.code}"
    forged = tampered(archive, f"{base}/decisions.jsonl", on_lines(lambda lines: lines.pop(6)))
    for book in Book.values:
        for name in (f"{base}/{book}.seals.jsonl", f"{base}/{book}.leaves"):
            forged = tampered(forged, name, lambda content: b"")

    def no_heads(content: bytes) -> bytes:
        manifest = json.loads(content)
        manifest["locations"][0]["heads"] = dict.fromkeys(Book.values, "")
        return json.dumps(manifest).encode()

    forged = tampered(forged, "manifest.json", no_heads)
    code, lines, said = verify(forged)
    assert code == 1, said
    assert sum("no seal covers it, and its hour is long over" in line for line in lines) == 7 + 10 + 6, said

    def sooner(content: bytes) -> bytes:
        return json.dumps(
            {**json.loads(content), "made_at": (TEN + timedelta(minutes=50)).isoformat()}
        ).encode()

    code, lines, said = verify(tampered(forged, "manifest.json", sooner))
    assert code == 1
    assert any("it is younger than the archive" in line for line in lines), said


def test_dials_that_were_hidden_or_too_close_are_named(archive, location):
    name = f"locations/{location.code}/attempts.jsonl"
    later = Decision.objects.order_by("pk")[5].phone

    def earlier_dial(row: dict) -> None:
        row.update(phone=later)

    code, _, said = verify(tampered(archive, name, on_line(0, earlier_dial)))
    assert code == 1
    assert "the number was called at" in said
    assert "no decision in the archive allows this dial" in said

    twice = on_lines(
        lambda rows: rows.append(canonical({**json.loads(rows[0]), "id": 9_999, "state": "refused"}))
    )
    code, _, said = verify(tampered(archive, name, twice))
    assert code == 1
    assert said.count("no decision in the archive allows this dial") == 1

    # Sunday in Denver, from noon on: before the period, so that no decision is looked for.
    sunday = [
        {"id": 10_000 + n, "phone": "+13035550100", "state": "settled", "decision_id": 0,
         "slot_at": instant(TEN + timedelta(days=-2, hours=2, seconds=6 * n))}
        for n in range(1, 1002)
    ]  # fmt: skip
    many = on_lines(lambda rows: rows.extend(canonical(dial) for dial in sunday))
    code, _, said = verify(tampered(archive, name, many))
    assert code == 1
    assert said.count("of its day") == 1
    assert "was number 1,001 of its day" in said

    close = on_line(1, lambda r: r.update(slot_at="2026-03-03T17:00:05.000000Z"))
    code, _, said = verify(tampered(archive, name, close))
    assert code == 1
    assert "less than 6 seconds after" in said


def test_an_edited_manifest_is_named(archive, location):
    name = decisions_file(location)

    def edit(change: Callable[[dict], None]) -> str:
        def of(content: bytes) -> bytes:
            manifest = json.loads(content)
            change(manifest)
            return json.dumps(manifest).encode()

        code, _, said = verify(tampered(archive, "manifest.json", of))
        assert code == 1
        return said

    assert f"{name}: changed" in edit(lambda m: m["files"][name].update(sha256="0" * 64))
    assert f"{name}: the manifest does not name it" in edit(lambda m: m["files"].pop(name))
    assert "nothing.jsonl: missing" in edit(lambda m: m["files"].update({"nothing.jsonl": {"sha256": ""}}))
    assert "not the one that the manifest names" in edit(
        lambda m: m["locations"][0]["heads"].update(decisions="0")
    )
    code, _, said = verify(tampered(archive, name, on_lines(lambda rows: rows.pop()), honest_manifest=False))
    assert code == 1
    assert f"{name}: changed: its SHA-256" in said


def edition_with(change: Callable[[dict[str, bytes]], None]) -> Callable[[bytes], bytes]:
    """Change the files of an edition."""

    def of(content: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
            files = {each: old.read(each) for each in old.namelist()}
            change(files)
            for each, data in files.items():
                new.writestr(each, data)
        return target.getvalue()

    return of


def test_rules_that_were_changed_are_named(archive):
    digest = RulesEdition.objects.get().digest

    def lax(files: dict[str, bytes]) -> None:
        files["compliance/rules.py"] = files["compliance/rules.py"].replace(
            b"LOCATION_DAILY_LIMIT = 1000", b"LOCATION_DAILY_LIMIT = 9000"
        )

    changed = tampered(archive, f"editions/{digest}.zip", edition_with(lax))
    code, _, said = verify(changed)
    assert code == 1
    assert "not those that its digest names" in said
    code, _, said = verify(changed, "--rules", str(HOUSE))
    assert "its rules are not those of a folder given with --rules" in said


LIAR = b"\nimport os\nprint('I ran', flush=True)\nos._exit(0)\n"


def rules_that_lie(files: dict[str, bytes]) -> None:
    files["compliance/rules.py"] += LIAR


def a_library_that_lies(files: dict[str, bytes]) -> None:
    files["tomllib.py"] = LIAR


def no_pack_of_texas(files: dict[str, bytes]) -> None:
    del files["compliance/packs/rules/us-tx.toml"]


@pytest.mark.parametrize("change", [rules_that_lie, a_library_that_lies, no_pack_of_texas])
def test_only_programs_of_the_trusted_release_are_run(archive, change):
    """The forger makes an edition of his own, and its digest is right."""
    old = f"editions/{RulesEdition.objects.get().digest}.zip"
    digest = ""

    def forged(files: dict[str, bytes]) -> None:
        nonlocal digest
        change(files)
        manifest = json.loads(files.pop("edition.json"))
        manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        files["edition.json"] = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
        digest = hashlib.sha256(files["edition.json"]).hexdigest()

    with zipfile.ZipFile(archive) as opened:
        content = edition_with(forged)(opened.read(old))
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(f"editions/{digest}.zip", content)
    code, _, said = verify(archive, "--rules", str(HOUSE))
    assert code == 1
    assert f"editions/{digest}.zip: its rules are not those of a folder given with --rules" in said
    assert "I ran" not in said


def test_an_edition_that_is_not_what_its_digest_names_is_not_run(archive):
    digest = RulesEdition.objects.get().digest
    code, _, said = verify(tampered(archive, f"editions/{digest}.zip", edition_with(a_library_that_lies)))
    assert code == 1
    assert "not those that its digest names" in said
    assert "I ran" not in said


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_an_archive_that_was_cut_is_refused(archive, share):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    code, _, said = verify(archive)
    assert code == 2
    assert "cut, damaged or no audit archive" in said


def test_a_damaged_file_inside_is_refused(archive, location):
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo(decisions_file(location))
    data = bytearray(archive.read_bytes())
    middle = info.header_offset + 200
    data[middle] ^= 255
    archive.write_bytes(bytes(data))
    code, _, said = verify(archive)
    assert code == 2
    assert "damaged" in said


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "list.zip"
    path.write_text("hello")
    assert verify(path)[0] == 2


def test_old_decisions_are_derived_by_the_rules_of_their_time(archive, location, monkeypatch, tmp_path):
    """The next release forbids what this one allowed; what was allowed then still stands."""
    manifest = editions.current()
    assert manifest.digest in {row.digest for row in RulesEdition.objects.all()}
    rules = (HOUSE / "compliance" / "rules.py").read_text()
    trusted = tmp_path / "next" / "compliance"
    trusted.mkdir(parents=True)
    (trusted / "rules.py").write_text(rules.replace("NUMBER_LIMIT = 14", "NUMBER_LIMIT = 1"))
    code, _, said = verify(archive, "--rules", str(trusted.parent), "--rules", str(HOUSE))
    assert code == 0, said


def test_rows_that_no_seal_covers_yet_are_in_the_archive_and_counted(archive, location, tmp_path):
    decided(consenting(location, 1)[0], TEN + 13 * HOUR)
    seals.seal_up_to(Book.CONSENT, 2**62, TEN + 14 * HOUR)
    path = tmp_path / "later.zip"
    with time_machine.travel(TEN + 15 * HOUR):
        call_command(
            "export_audit", location=location.code, first=TEN.date(), output=path, stdout=io.StringIO()
        )
    code, _, said = verify(path)
    assert code == 0, said
    assert "1 rows at the end are not sealed yet" in said
    assert "Not proven: the 1 rows that no seal covers yet" in said


def test_a_period_has_only_its_own_hours_and_those_before_and_behind(archive, location, tmp_path):
    for n, contact in enumerate(consenting(location, 2)):
        decided(contact, TEN + timedelta(days=3 + n))
    for book in Book.values:
        seals.seal_up_to(book, 2**62, TEN + timedelta(days=9))
    path = tmp_path / "day.zip"
    call_command(
        "export_audit",
        location=location.code,
        first=(TEN + timedelta(days=3)).date(),
        last=(TEN + timedelta(days=3)).date(),
        output=path,
        stdout=io.StringIO(),
    )
    code, lines, said = verify(path)
    assert code == 1
    assert "2 allow, 1 defer" in said
    assert "\n2 deviations.\n" in said, "decided without a dial: one in the period, one in the hour behind it"
    assert "In that period: 1 decisions, 0 rows of dials; in the hours next to it: 2 and " in said
    assert any("dials: it allows one" in line for line in lines)


def test_the_command_names_what_it_cannot_do(location, tmp_path):
    with pytest.raises(CommandError, match="There is no 'nowhere'"):
        call_command("export_audit", location="nowhere", first=TEN.date(), output=tmp_path / "a.zip")
    with pytest.raises(CommandError, match="ends before it begins"):
        call_command(
            "export_audit",
            location=location.code,
            first=TEN.date(),
            last=(TEN - 48 * HOUR).date(),
            output=tmp_path / "a.zip",
        )
    assert list(tmp_path.iterdir()) == []
