from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Location
from compliance import proof_jobs, replay_csv
from compliance.replay import CHANGES, Replay


class Command(BaseCommand):
    help = (
        "Decides again what was decided in a period, by the rules as they are now or with changed rule packs, and "
        "says how many calls would be refused or put off, and which. Changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("location", help="code of the location")
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, help="first day")
        parser.add_argument("--to", dest="last", required=True, type=date.fromisoformat, help="last day")
        parser.add_argument(
            "--pack",
            action="append",
            default=[],
            type=Path,
            help="a changed or new pack, us-tx.toml; may be repeated",
        )
        parser.add_argument("--csv", type=Path, help="where to write which ones would change")

    def handle(self, *args: Any, **options: Any) -> None:
        location = Location.objects.filter(code=options["location"]).first()
        if location is None:
            raise CommandError(f"There is no location {options['location']!r}.")
        try:
            packs = {
                path.stem: proof_jobs.read_pack(path.stem, path.read_text("utf-8"))
                for path in options["pack"]
            }
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        start = datetime.combine(options["first"], time(), location.zone)
        end = datetime.combine(options["last"] + timedelta(days=1), time(), location.zone)
        if end <= start:
            raise CommandError("The period ends before it begins. Check --from and --to.")
        run = Replay(packs)
        changed = run.run(location, start, end, lambda done: None)
        if options["csv"]:
            with options["csv"].open("w", encoding="utf-8", newline="") as file:
                replay_csv.write(file, changed, location.zone)
        else:
            for each in changed:
                self.stdout.write(
                    f"{each.decision.pk} {each.decision.phone} {each.decision.decided_at.isoformat()}: "
                    f"{each.decision.decision}, now {each.verdict.decision} {' '.join(each.verdict.reasons)}"
                )
        self.stdout.write(f"{run.decided:,} decisions asked about again.")
        for key, label in CHANGES.items():
            self.stdout.write(f"{label}: {run.counts[key]:,}")
        if run.unreadable:
            self.stdout.write(f"{run.unreadable:,} are of an engine whose facts this one cannot read.")
