"""An audit archive for tests, the verifier run alone over it, and forgers of every kind."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import time_machine
from django.core.management import call_command

from accounts.models import Location
from compliance import editions, ledger, seals
from compliance.models import Book, ExternalList
from compliance.verify_audit import canonical
from dialer.placing import tick
from tests.compliance.decided import TEN, consenting, decided
from tests.factories import CallFactory

HOUR = timedelta(hours=1)
HOUSE = Path(editions.HOUSE)


def sealed_archive(location: Location, folder: Path) -> Path:
    """Six dials, a deferred call in the night, one to a person without consent, one after an opt-out; sealed."""
    people = consenting(location, 8)
    registry = ExternalList.objects.create(
        organization=location.organization,
        kind="national",
        country="US",
        name="Registry",
        created_at=TEN - timedelta(days=2),
    )
    loaded = {"as_of": (TEN - timedelta(days=3)).date(), "loaded_at": TEN - timedelta(days=1)}
    registry.edition = registry.editions.create(count=0, **loaded)
    registry.save()
    agent = None
    for n, contact in enumerate(people[:6]):
        with time_machine.travel(TEN + timedelta(minutes=20 * n), tick=False):
            call = CallFactory(location=location, contact=contact, **({"agent": agent} if agent else {}))
            agent = call.agent
            assert len(tick().orders) == 1
    with time_machine.travel(TEN + 4 * HOUR, tick=False):
        ledger.opt_out(
            organization=location.organization,
            phone=people[6].phone,
            location=location,
            source="staff",
            evidence="Said no",
        )
    decided(people[6], TEN + 4 * HOUR + timedelta(minutes=5))
    decided(people[7], TEN + 12 * HOUR)
    with time_machine.travel(TEN + 13 * HOUR, tick=False):
        version = location.opt_in_forms.get().current
        ledger.grant(
            contact=people[7],
            source="form",
            captured_at=TEN + 13 * HOUR,
            evidence="Website form",
            wording=ledger.Wording(version, version.scans.get()),
        )
    with time_machine.travel(TEN + 24 * HOUR):
        for book in Book.values:
            seals.seal_up_to(book, 2**62, TEN + 24 * HOUR)
        path = folder / "audit.zip"
        call_command(
            "export_audit",
            location=location.code,
            first=(TEN - HOUR * 24).date(),
            output=path,
            stdout=io.StringIO(),
        )
    return path


def verify(path: Path, *options: str) -> tuple[int, list[str], str]:
    """Run the verifier out of the archive, with nothing but Python: exit code, deviations, errors."""
    alone = path.parent / "alone"
    alone.mkdir(exist_ok=True)
    script = alone / "verify_audit.py"
    script.write_bytes((HOUSE / "compliance" / "verify_audit.py").read_bytes())
    done = subprocess.run(
        # -I -S: no site packages, so no Django, no tzdata, no holidays.
        [sys.executable, "-I", "-S", str(script), str(path), *options],
        capture_output=True,
        text=True,
        cwd=alone,
        # Nor the time zones of the machine.
        env={"PYTHONTZPATH": ""},
        timeout=60,
    )
    lines = [
        line for line in done.stdout.splitlines() if ".jsonl, row " in line or ", row" in line or ": " in line
    ]
    return done.returncode, lines, done.stdout + done.stderr


def tampered(
    path: Path, name: str, change: Callable[[bytes], bytes], *, honest_manifest: bool = True
) -> Path:
    """A copy of the archive with one file changed; the forger is careful and mends the manifest, unless told not to."""
    target = path.with_name("tampered.zip")
    with zipfile.ZipFile(path) as old:
        content = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        content[name] = change(content[name])
        if honest_manifest and name != "manifest.json":
            manifest = json.loads(content["manifest.json"])
            manifest["files"][name]["sha256"] = hashlib.sha256(content[name]).hexdigest()
            content["manifest.json"] = json.dumps(manifest).encode()
        for each, data in content.items():
            new.writestr(each, data)
    return target


def decisions_file(location) -> str:
    return f"locations/{location.code}/decisions.jsonl"


def on_line(number: int, change: Callable[[dict], None]) -> Callable[[bytes], bytes]:
    """Change what one line says, written in canonical form again."""

    def of(content: bytes) -> bytes:
        lines = content.splitlines()
        row = json.loads(lines[number])
        change(row)
        lines[number] = canonical(row)
        return b"\n".join(lines) + b"\n"

    return of


def on_lines(change: Callable[[list[bytes]], object]) -> Callable[[bytes], bytes]:
    def of(content: bytes) -> bytes:
        lines = content.splitlines()
        change(lines)
        return b"\n".join(lines) + b"\n"

    return of
