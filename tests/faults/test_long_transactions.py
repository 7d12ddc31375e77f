"""Rows 27 and 28: a transaction that nobody ends, and a release's migrations, beside drains and callbacks at work.

The code that runs is the old release's: the tables get what a new one adds, under its feet, and lose it again.
"""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path

import httpx
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.test import Client, override_settings
from structlog.testing import capture_logs

from accounts import transactions
from accounts.management.commands import migrate
from dialer.models import Call
from run import BASE
from tests.faults.conftest import Theatre, scaled
from tests.faults.evidence import carrier_log

LOCATIONS, CALLS_EACH = scaled(24, 100), scaled(1, 30)
OURS = {"accounts", "compliance", "contacts", "dialer", "phone_numbers", "telephony", "voiceagents"}

# What a release may add while the one before it works: columns with a default in the database, a table, an index.
NEXT = """
from django.db import migrations, models
from accounts.indexes import AddIndexLive


class Migration(migrations.Migration):
    dependencies = [("dialer", "{latest}")]
    operations = [
        migrations.AddField("call", "mood", models.CharField(max_length=20, default="", db_default="none")),
        migrations.AddField("attempt", "route", models.CharField(max_length=20, null=True)),
        migrations.AddField("callevent", "weight", models.IntegerField(default=1, db_default=1)),
        migrations.CreateModel(
            "Remark",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("call", models.ForeignKey("dialer.call", models.CASCADE, related_name="+")),
            ],
        ),
    ]
"""
NEXT_INDEX = """
from django.db import migrations, models
from accounts.indexes import AddIndexLive


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("dialer", "9001_next")]
    operations = [AddIndexLive("call", models.Index(fields=["mood"], name="call_by_mood"))]
"""


@dataclass
class Play:
    theatre: Theatre
    metric: float = 0.0
    health: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    notices: str = ""
    moods: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory, theatre: Theatre) -> Iterator[str]:
    """The dialer's migrations with two more; the value is the name of the last that is really ours."""
    folder = tmp_path_factory.mktemp("release")
    package = folder / "next_dialer_migrations"
    shutil.copytree(BASE / "dialer" / "migrations", package)
    latest = MigrationLoader(connection).graph.leaf_nodes("dialer")[0][1]
    (package / "9001_next.py").write_text(NEXT.format(latest=latest))
    (package / "9002_next_index.py").write_text(NEXT_INDEX)
    sys.path.insert(0, str(folder))
    try:
        with override_settings(MIGRATION_MODULES={"dialer": "next_dialer_migrations"}):
            yield latest
    finally:
        sys.path.remove(str(folder))


class Migrating(threading.Thread):
    """`manage.py migrate` beside the test, as an operator runs it."""

    def __init__(self, *target: str) -> None:
        super().__init__()
        self.target, self.said, self.failure = target, StringIO(), None
        self.start()

    def run(self) -> None:
        try:
            call_command("migrate", *self.target, verbosity=0, interactive=False, stderr=self.said)
        except BaseException as failure:
            self.failure = failure
        finally:
            connections.close_all()

    def done(self) -> None:
        self.join()
        assert self.failure is None, self.failure


def dials(theatre: Theatre) -> int:
    return sum(entry["kind"] == "create" for entry in carrier_log(theatre.stack))


@pytest.fixture(scope="module")
def play(theatre: Theatre, next_release: str) -> Play:
    play = Play(theatre)
    scene = theatre.scenery.make(LOCATIONS, CALLS_EACH)
    theatre.scenery.spread_slots(4)

    def until_dials(what: str) -> None:
        """However long it took to come here, there is something to dial."""
        theatre.scenery.add_calls(scene, 1)
        before = dials(theatre)
        theatre.wait(lambda: dials(theatre) >= before + LOCATIONS // 4, what)

    with theatre.drains("--width", "2"), psycopg.connect(theatre.stack.env["DATABASE_URL"]) as reader:
        until_dials("the first dials")
        # A report that was begun and forgotten: it holds its snapshot, and every table it read.
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM dialer_call, dialer_attempt, dialer_callevent")
        until_dials("dials under a snapshot that is held")
        figures = httpx.get(f"{theatre.stack.url}/metrics").text
        play.metric = float(figures.partition("\nparley_transaction_age_seconds ")[2].split("\n")[0])
        with pytest.MonkeyPatch.context() as patch, capture_logs() as play.lines:
            patch.setattr(transactions, "OLD", timedelta(0))
            play.health = Client().get("/healthz").json()
            transactions.warn()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrate, "PAUSE", 1.0)
            migrating = Migrating()
            theatre.wait(
                lambda: migrating.said.getvalue().count("held by") >= 2, "a migration that gives way"
            )
            until_dials("dials while a migration waits for its turn")
            assert migrating.is_alive(), migrating.failure
            reader.rollback()
            migrating.done()
        play.notices = migrating.said.getvalue()

        until_dials("dials of old code on the new schema")
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT mood FROM dialer_call")
            play.moods = {mood for (mood,) in cursor.fetchall()}
        Migrating("dialer", next_release).done()
        until_dials("dials after the way back")
        scene.calls.filter(state="queued").update(held=True)
        theatre.settle()
        theatre.stack.check_alive()
    return play


def test_no_breach_while_the_schema_changed_and_a_snapshot_was_held(play: Play) -> None:
    assert play.theatre.breaches() == []
    assert Call.objects.filter(started_at__isnull=False, ended_at__isnull=False).count() > LOCATIONS


def test_an_operator_learns_of_a_transaction_that_stays_open(play: Play) -> None:
    assert play.metric > 0
    assert play.health["status"] == "ok", "no restart of ours would end it"
    assert "a transaction has been open" in play.health["warnings"]["database"]
    (line,) = [line for line in play.lines if line["event"] == "transaction_old"]
    assert (line["state"], line["role"]) == ("idle in transaction", "parley")
    assert line["process"]


def test_nobody_waits_behind_a_migration_that_waits(play: Play) -> None:
    assert play.notices.count("calls go on") >= 2


def test_old_code_writes_rows_that_the_new_schema_takes(play: Play) -> None:
    assert play.moods == {"none"}
    for log in ("drains.log", "web.log"):
        text = (play.theatre.stack.folder / log).read_text()
        assert "Traceback" not in text, log
        assert "tick_failed" not in text, log


# -- the migrations to come

# The last migration of each app before anything was released: until there, nobody's live system was migrated.
RELEASED_WITH = {
    "accounts": "0002", "compliance": "0015", "contacts": "0004", "dialer": "0007", "phone_numbers": "0002",
    "telephony": "0004", "voiceagents": "0004",
}  # fmt: skip
# What squawk says beside: of taste in types and names, and of timeouts, which `manage.py migrate` sets.
TASTE = (
    "prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-identity,prefer-robust-stmts,prefer-text-field,"
    "prefer-timestamp-tz,require-lock-timeout,require-statement-timeout"
)


def complaints(folder: Path) -> list[str]:
    """What squawk finds in the SQL of these files, a line each."""
    command = [str(Path(sys.executable).with_name("squawk")), "--pg-version=14.0", "--reporter=json"]
    found = subprocess.run(
        [*command, f"--exclude={TASTE}", *folder.glob("*.sql")], capture_output=True, text=True
    )
    assert found.returncode in (0, 1), found.stderr
    return [
        f"{Path(each['file']).stem}: {each['rule_name']}: {each['message']}"
        for each in json.loads(found.stdout)
    ]


def written_out(app: str, name: str, folder: Path) -> None:
    sql = StringIO()
    call_command("sqlmigrate", app, name, stdout=sql)
    (folder / f"{app}.{name}.sql").write_text(sql.getvalue())


def test_no_migration_to_come_stops_the_work_or_breaks_the_release_before(
    theatre: Theatre, tmp_path: Path
) -> None:
    """Locks, scans and rewrites of tables, and what old code would fail on: docs/operations.md, Upgrade."""
    graph = MigrationLoader(connection).graph
    assert {app for app, _ in graph.leaf_nodes()} & OURS == set(RELEASED_WITH)
    for app, name in graph.nodes:
        if app in RELEASED_WITH and name[:4] > RELEASED_WITH[app]:
            written_out(app, name, tmp_path)
    if list(tmp_path.iterdir()):
        assert complaints(tmp_path) == []


@pytest.mark.parametrize(
    ("app", "name", "rule"),
    [
        ("dialer", "0002_call_refused", "require-concurrent-index-creation"),
        ("voiceagents", "0002_conversation_reconnects", "ban-drop-default"),
        ("compliance", "0005_consent_under_a_form", "constraint-missing-not-valid"),
    ],
)
def test_migrations_that_would_are_found(
    theatre: Theatre, tmp_path: Path, app: str, name: str, rule: str
) -> None:
    written_out(app, name, tmp_path)
    assert rule in " ".join(complaints(tmp_path))


def test_the_release_that_was_played_is_a_lawful_one(
    theatre: Theatre, next_release: str, tmp_path: Path
) -> None:
    for name in ("9001_next", "9002_next_index"):
        written_out("dialer", name, tmp_path)
    assert complaints(tmp_path) == []
