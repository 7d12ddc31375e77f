"""Drain, pages and callbacks together: ten minutes on one file of SQLite, a minute on PostgreSQL; each one's memory.

python -m benchmarks.together
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.processes import megabytes, megabytes_at_rest, running, web
from benchmarks.stage import Figure, percentile, postgresql, report, scaled, sqlite
from tests.postgres import free_port


def fill(calls_each: int, places: list[int], ending: int) -> None:
    from datetime import timedelta

    from django.db.models import Max
    from django.utils.timezone import now

    from accounts.models import Location
    from benchmarks.filling import open_zone
    from compliance.models import ConsentEntry
    from contacts.models import Contact
    from dialer.models import Call
    from voiceagents.models import Agent

    agents = {agent.location_id: agent for agent in Agent.objects.all()}
    organizations = dict(Location.objects.values_list("pk", "organization_id"))
    first = Contact.objects.aggregate(Max("pk"))["pk__max"] or 0
    contacts = Contact.objects.bulk_create(
        [
            Contact(
                location_id=place,
                phone=f"+1{3_032_000_000 + (first + n * len(places) + position) * 100 + ending}",
                region="US",
                number_kind="geographic",
                zones=open_zone(),
                first_name="Noah",
            )
            for n in range(calls_each)
            for position, place in enumerate(places)
        ],
        batch_size=500,
    )
    ConsentEntry.objects.bulk_create(
        [
            ConsentEntry(
                organization_id=organizations[each.location_id],
                location_id=each.location_id,
                contact=each,
                phone=each.phone,
                kind="granted",
                source="form",
                evidence="Website form",
                captured_at=now() - timedelta(days=30),
            )
            for each in contacts
        ],
        batch_size=500,
    )
    Call.objects.bulk_create(
        [
            Call(
                location_id=each.location_id,
                contact=each,
                agent=agents[each.location_id],
                phone=each.phone,
                origin="api",
                state="queued",
            )
            for each in contacts
        ],
        batch_size=500,
    )


def together(database: str, seconds: int) -> list[Figure]:
    """The real processes on an empty database: everybody answers, so callbacks come in while pages are read."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Location
    from benchmarks import filling
    from benchmarks.pacing import carrier
    from compliance.models import Decision
    from telephony.models import CarrierEvent
    from tests.factories import MemberFactory

    folder = Path(os.environ["PARLEY_VAR"])
    places = filling.locations(20)
    carrier(folder / "sandbox")
    place = Location.objects.get(pk=places[0])
    user = MemberFactory(location=place).user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    sandbox = free_port()
    events, decisions = CarrierEvent.objects.count(), Decision.objects.count()
    env = {"SANDBOX_PORT": str(sandbox), "SANDBOX_DATA": str(folder / "sandbox"), "SANDBOX_SPEED": "5"}
    worker = {**env, "PARLEY_PROCESS": "worker"}

    with (
        tempfile.TemporaryFile() as log,
        running([sys.executable, "-m", "sandbox", "--port", str(sandbox)], port=sandbox, **env) as exchange,
        web("config.asgi:application", log=log, **env) as (port, pid),
    ):
        env = {**env, "PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port), "PARLEY_PROCESS": "dialer"}
        drain = [sys.executable, "-m", "benchmarks.one_drain", str(seconds)]
        with running([sys.executable, "manage.py", "qcluster"], log=log, **worker) as queue:
            dialer = {**env, "Q_CLUSTER_NAME": "dialer"}
            with running([sys.executable, "manage.py", "qcluster"], log=log, **dialer) as cluster:
                rest = {
                    "web": megabytes_at_rest(pid),
                    "worker (all its processes)": megabytes_at_rest(queue.pid),
                    "dialer (all its processes)": megabytes_at_rest(cluster.pid),
                    "sandbox carrier": megabytes_at_rest(exchange.pid),
                }
            fill(seconds // 6 + 4, places, 5)
            with running(drain, log=log, **env) as drainer:
                pages, slow, wrong = 0, list[float](), 0
                until = time.monotonic() + seconds
                with httpx.Client(
                    base_url=f"http://127.0.0.1:{port}",
                    cookies={"sessionid": session.session_key},
                    timeout=30,
                ) as browser:
                    while time.monotonic() < until:
                        for path in ("campaigns/", "calls/", "contacts/", "dashboards/outbound/"):
                            started = time.perf_counter()
                            answer = browser.get(f"/l/{place.code}/{path}")
                            slow.append((time.perf_counter() - started) * 1e3)
                            pages += 1
                            wrong += answer.status_code != 200
                        time.sleep(0.2)
                load = {
                    "web": megabytes(pid),
                    "worker (all its processes)": megabytes(queue.pid),
                    "drain (one process of the dialer)": megabytes(drainer.pid),
                    "sandbox carrier": megabytes(exchange.pid),
                }
                drainer.wait(60)
        log.seek(0)
        locked = log.read().count(b"database is locked")
    events = CarrierEvent.objects.count() - events
    decisions = Decision.objects.count() - decisions
    missed = (
        f"{locked} times locked, {wrong} failed pages of {pages}; {decisions} decisions, {events} callbacks"
    )
    return [
        Figure(
            f"{seconds} s of drain, pages and callbacks on {database}",
            missed,
            "",
            "no 'database is locked'" if database == "SQLite" else "no failed page",
            locked == 0 and wrong == 0 and decisions > 0 and events > 0,
        ),
        Figure(
            f"a page meanwhile on {database}, p50 / p95",
            f"{percentile(slow, 0.5):.0f} / {percentile(slow, 0.95):.0f} ms",
        ),
        *(
            Figure(
                f"memory of {name} on {database}, at rest / under load",
                " / ".join(f"{size:.0f} MB" if size else "-" for size in (rest.get(name, 0), load.get(name, 0))),
            )
            for name in dict.fromkeys([*rest, *load])
        ),
    ]  # fmt: skip


def main() -> None:
    if sys.argv[1:] == ["sqlite"]:
        with sqlite():
            report("together_sqlite", together("SQLite", scaled(600, 12)))
        return
    with postgresql():
        report("together_postgresql", together("PostgreSQL", scaled(60, 12)))
    subprocess.run([sys.executable, "-m", "benchmarks.together", "sqlite"], check=True)


if __name__ == "__main__":
    main()
