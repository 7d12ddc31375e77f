"""Seals: every row in exactly one, late ones too; changed, dropped and inserted rows are named."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.database import is_postgresql
from compliance import append_only, seal_checks, seals
from compliance.models import Book, ConsentEntry, Decision, ExternalList, ListEvent, Seal, SealBound
from compliance.verify_audit import Chain, leaf, root, split
from tests.compliance.decided import TEN, consenting, decided, some
from tests.factories import ContactFactory, LocationFactory, UserFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def location():
    return LocationFactory()


@pytest.fixture
def decisions(location):
    """Seven decisions, three an hour from ten o'clock."""
    return some(location, consenting(location, 7))


@pytest.fixture
def unguarded():
    """The database as an intruder with the owner's password has it."""
    with connection.cursor() as cursor:
        for statement in append_only.remove_sql():
            cursor.execute(statement)
    return connection


def seal_all(book: str = Book.DECISIONS) -> int:
    return seals.seal_up_to(book, 2**62, TEN + 48 * HOUR)


def deviations(location, book: str = Book.DECISIONS) -> list[tuple[int, str]]:
    _, found = seal_checks.check(book, location)
    return [(each.row, each.cause.split(" ")[0].rstrip(":")) for each in found]


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        # RFC 9162 and certificate-transparency's own vectors: trees over "", 00, 10, 2021, 3031, 40414243 ...
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_tree_is_that_of_certificate_transparency(leaves, expected):
    rows = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57", bytes(range(0x60, 0x70))]  # fmt: skip
    assert root(leaf(row) for row in rows[:leaves]) == expected


@pytest.mark.django_db
def test_every_hour_has_one_seal_and_every_row_is_in_one(location, decisions):
    assert seal_all() == 3
    made = list(seals.seals_of(Book.DECISIONS, location.pk))
    assert [(seal.starts_at, seal.count, seal.sequence) for seal in made] == [
        (TEN, 3, 1), (TEN + HOUR, 3, 2), (TEN + 2 * HOUR, 1, 3),
    ]  # fmt: skip
    assert [seal.previous for seal in made] == ["", made[0].hash, made[1].hash]
    assert [i for seal in made for i, _ in split(bytes(seal.leaves))] == [each.pk for each in decisions]
    assert seal_all() == 0
    assert deviations(location) == []


@pytest.mark.django_db
def test_an_hour_that_is_not_over_is_not_sealed(location, decisions):
    assert seals.seal_up_to(Book.DECISIONS, 2**62, TEN + HOUR) == 1
    with time_machine.travel(TEN + 2 * HOUR):
        assert deviations(location) == []
    assert seals.seal_up_to(Book.DECISIONS, 2**62, TEN + 3 * HOUR) == 2


@pytest.mark.django_db
def test_a_row_of_a_sealed_hour_that_comes_late_is_in_the_next_seal(location, decisions):
    seal_all()
    late = decided(ContactFactory(location=location), TEN + timedelta(minutes=1))
    with time_machine.travel(TEN + 2 * HOUR):
        assert deviations(location) == []
    with time_machine.travel(TEN + 4 * HOUR):
        assert deviations(location) == [(late.pk, "it")]
    assert seal_all() == 1
    newest = seals.seals_of(Book.DECISIONS, location.pk).last()
    assert (newest.sequence, newest.last_id, newest.starts_at) == (4, late.pk, TEN)


@pytest.mark.django_db
def test_locations_and_books_have_chains_of_their_own(location, decisions):
    other = LocationFactory()
    some(other, [ContactFactory(location=other)])
    with time_machine.travel(TEN):
        ContactFactory(location=other)
    assert seal_all() == 4
    assert Seal.objects.filter(location=other, book=Book.DECISIONS).get().sequence == 1
    assert Seal.objects.filter(book=Book.CONSENT).count() == 0
    seals.seal_up_to(Book.CONSENT, 2**62, TEN + timedelta(days=9999))
    assert deviations(other, Book.CONSENT) == []


@pytest.mark.django_db
def test_a_full_seal_is_followed_by_another_of_the_same_hour(location, decisions, monkeypatch):
    monkeypatch.setattr(seals, "MOST_ROWS", 2)
    seal_all()
    assert [s.count for s in seals.seals_of(Book.DECISIONS, location.pk)] == [2, 1, 2, 1, 1]
    assert deviations(location) == []


@pytest.mark.django_db
def test_rows_are_read_in_chunks_without_missing_any(location, decisions, monkeypatch):
    monkeypatch.setattr(seals, "CHUNK", 2)
    seal_all()
    assert sum(s.count for s in seals.seals_of(Book.DECISIONS, location.pk)) == 7
    assert deviations(location) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "phone = '+13035550100'",
        "decision = 'reject'",
        "engine = '2'",
        "facts = '{}'",
        "until = '2026-03-03 09:00:00+00:00'",
    ],
)
def test_a_changed_row_is_named(location, decisions, unguarded, change):
    seal_all()
    seal_all(Book.CONSENT)
    with unguarded.cursor() as cursor:
        cursor.execute(f"UPDATE compliance_decision SET {change} WHERE id = %s", [decisions[3].pk])
    assert deviations(location) == [(decisions[3].pk, "changed")]
    with pytest.raises(CommandError, match="1 deviations"):
        call_command("verify_seals", location.code)


@pytest.mark.django_db
def test_a_dropped_row_is_named(location, decisions, unguarded):
    seal_all()
    with unguarded.cursor() as cursor:
        cursor.execute("DELETE FROM compliance_decision WHERE id = %s", [decisions[6].pk])
    assert deviations(location) == [(decisions[6].pk, "dropped")]


@pytest.mark.django_db
def test_a_row_put_into_a_sealed_range_is_named(location, decisions, unguarded):
    stranger = decided(ContactFactory(location=LocationFactory()), TEN)
    last = decided(ContactFactory(location=location), TEN + 3 * HOUR)
    seal_all()
    with unguarded.cursor() as cursor:
        cursor.execute(
            "UPDATE compliance_decision SET location_id = %s WHERE id = %s", [location.pk, stranger.pk]
        )
    assert decisions[6].pk < stranger.pk < last.pk
    assert deviations(location) == [(stranger.pk, "inserted")]


@pytest.mark.django_db
def test_a_seal_that_was_changed_or_dropped_is_named(location, decisions, unguarded):
    seal_all()
    with unguarded.cursor() as cursor:
        cursor.execute("UPDATE compliance_seal SET root = %s WHERE sequence = 2", ["0" * 64])
    assert [row for row, _ in deviations(location)] == [0, 0]
    with unguarded.cursor() as cursor:
        cursor.execute("DELETE FROM compliance_seal WHERE sequence = 2")
    found = deviations(location)
    assert (0, "seal") in found
    assert [(each.pk, "inserted") for each in decisions[3:6]] == [f for f in found if f[0]]


@pytest.mark.django_db
def test_a_contact_and_a_member_may_be_forgotten_and_the_seal_still_holds(location):
    contact, person = ContactFactory(location=location), UserFactory()
    entry = ConsentEntry.objects.get(contact=contact)
    assert seals.seal_up_to(Book.CONSENT, 2**62, entry.recorded_at + HOUR) == 1
    contact.delete()
    person.delete()
    entry.refresh_from_db()
    assert entry.contact is None
    assert deviations(location, Book.CONSENT) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compliance_decision SET decision = 'allow'",
        "DELETE FROM compliance_decision",
        "UPDATE compliance_consententry SET evidence = 'better'",
        "UPDATE compliance_consententry SET contact_id = contact_id + 1",
        "DELETE FROM compliance_consententry",
        "UPDATE compliance_seal SET root = ''",
        "DELETE FROM compliance_seal",
        "DELETE FROM compliance_rulesedition",
        "UPDATE compliance_rulesedition SET engine = '9'",
    ],
)
def test_the_database_refuses_to_change_what_is_recorded(location, decisions, statement):
    from compliance import editions

    editions.keep()
    seal_all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as c:
        c.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_postgresql_refuses_to_empty_the_table(location, decisions, role):
    if not is_postgresql():
        return  # SQLite has no TRUNCATE.
    statements = ("TRUNCATE compliance_decision CASCADE", "DELETE FROM compliance_decision")
    with connection.cursor() as c:
        c.execute(f"SET session_replication_role = {role}")
        try:
            for statement in statements:
                with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                    c.execute(statement)
        finally:
            c.execute("RESET session_replication_role")


# Table → a column that nobody may change, and the keys by which an INSERT can meet a row.
REPLACED = {
    "compliance_decision": ("decision", ["id"]),
    "compliance_consententry": ("evidence", ["id", "code"]),
    "compliance_seal": ("root", ["id", "location_id, book, sequence"]),
    "compliance_rulesedition": ("engine", ["digest", "rowid"]),
    "compliance_listevent": ("reason", ["id"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "changed", "key"),
    [(table, changed, key) for table, (changed, keys) in REPLACED.items() for key in keys],
)
def test_an_insert_replaces_no_row(location, decisions, table, changed, key):
    """On SQLite INSERT OR REPLACE deletes what is in its way and fires no trigger for that."""
    from compliance import editions

    if is_postgresql() and key == "rowid":
        return  # PostgreSQL has none.
    editions.keep()
    seal_all()
    lists = ExternalList.objects.create(organization=location.organization, kind="national", country="US")
    ListEvent.objects.create(list=lists, kind="ended", reason="A mistake")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        before, columns = cursor.fetchall(), [each[0] for each in cursor.description]
        if is_postgresql():
            replace = (
                f"INSERT INTO {table} SELECT * FROM {table} "
                f"ON CONFLICT ({key}) DO UPDATE SET {changed} = 'reject'"
            )
        else:
            # Whatever else is unique is new: only `key` meets the row.
            fresh = {"id": "id + 1000", "code": "'fresh'", "sequence": "sequence + 1000", "digest": "'fresh'"}
            fresh = {column: new for column, new in fresh.items() if column not in key.split(", ")}
            values = [*(fresh.get(column, column) for column in columns), "rowid"]
            names = [*columns, "rowid"]
            if key != "rowid":
                names, values = names[:-1], values[:-1]
            replace = (
                f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) "
                f"SELECT {', '.join(values)} FROM {table} LIMIT 1"
            )
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(replace)
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        assert cursor.fetchall() == before


def test_every_key_of_an_append_only_table_is_tried():
    assert {model._meta.db_table for model in append_only.FORGETS} == set(REPLACED)


@pytest.mark.django_db
def test_the_guard_is_written_once_and_again_when_it_is_gone(unguarded):
    assert append_only.remove_sql() == []
    append_only.install()
    there = append_only.remove_sql()
    append_only.install()
    assert append_only.remove_sql() == there != []


def sealed() -> int:
    """What a run seals once older transactions are over: tests of the other worker keep some open for a moment."""
    for _ in range(1200):
        if made := seals.run():
            return made
        threading.Event().wait(0.05)
    return 0


@pytest.mark.django_db(transaction=True)
def test_the_schedule_seals_an_hour_once_it_is_over(location):
    contact = ContactFactory(location=location)
    decided(contact, TEN)
    with time_machine.travel(TEN + timedelta(minutes=5), tick=False) as clock:
        assert seals.run() == 0
        clock.shift(HOUR)
        seals.run()  # The bound: what is written so far may be sealed in the next minute.
        decided(contact, TEN + HOUR + timedelta(minutes=5))
        clock.shift(60)
        assert sealed() == 1
        assert seals.run() == 0
    assert Seal.objects.get(book=Book.DECISIONS).count == 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_commits_after_the_bound_was_set_delays_the_seal(location):
    """Its id is below the bound, its transaction is open: sealed now, the row would be missing from its hour."""
    if not is_postgresql():
        return  # On SQLite one transaction writes at a time.
    contact = ContactFactory(location=location)
    wrote, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            decided(contact, TEN)
            wrote.set()
            may_commit.wait(20)
        connection.close()

    with time_machine.travel(TEN + HOUR + timedelta(minutes=1), tick=False):
        thread = threading.Thread(target=slow)
        thread.start()
        assert wrote.wait(20)
        decided(contact, TEN)
        seals.run()
        assert seals.run() == 0
        assert not SealBound.objects.get(book=Book.DECISIONS).is_done
        may_commit.set()
        thread.join()
        assert sealed() == 1
    assert Seal.objects.get(book=Book.DECISIONS).count == Decision.objects.count() == 2
    assert deviations(location) == []


@pytest.mark.django_db(transaction=True)
def test_two_that_seal_at_once_make_one_chain(location):
    some(location, consenting(location, 12))
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        seal_all()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all()
    assert [s.sequence for s in seals.seals_of(Book.DECISIONS, location.pk)] == [1, 2, 3, 4]
    assert deviations(location) == []


def test_a_chain_without_seals_counts_its_rows():
    chain = Chain("nowhere", 1, "decisions")
    assert list(chain.check([], [(1, b"a"), (2, b"b")])) == []
    assert chain.unsealed == 2
