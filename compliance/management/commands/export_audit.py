import os
from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Location
from compliance import audit


class Command(BaseCommand):
    help = (
        "Writes an audit archive: decisions, consent, do-not-call, calls, seals and the rules that decided, for a "
        "location or a whole organization. verify_audit.py, which lies in it, checks it without Parley."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--location", help="code of the location")
        whose.add_argument("--organization", help="code of the organization: all of its locations")
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat, help="first day")
        parser.add_argument(
            "--to", dest="last", type=date.fromisoformat, help="last day; today when left out"
        )
        parser.add_argument("--output", required=True, type=Path, help="the zip to write")

    def handle(self, *args: Any, **options: Any) -> None:
        locations = Location.objects.select_related("organization").order_by("pk")
        if options["location"]:
            chosen = list(locations.filter(code=options["location"]))
        else:
            chosen = list(locations.filter(organization__code=options["organization"]))
        if not chosen:
            raise CommandError(f"There is no {options['location'] or options['organization']!r}.")
        zone = chosen[0].zone
        start = datetime.combine(options["first"], time(), zone)
        end = timezone.now()
        if options["last"]:
            end = min(end, datetime.combine(options["last"] + timedelta(days=1), time(), zone))
        if end <= start:
            raise CommandError("The period ends before it begins. Check --from and --to.")
        output: Path = options["output"]
        # Written aside and put in place whole: an archive that was cut proves nothing.
        aside = output.with_name(f".{output.name}.{os.getpid()}")
        try:
            with aside.open("wb") as file:
                manifest = audit.export(file, chosen[0].organization, chosen, start, end)
            aside.replace(output)
        finally:
            aside.unlink(missing_ok=True)
        for name, about in manifest["files"].items():
            if "rows" in about:
                self.stdout.write(f"{name}: {about['rows']:,} rows")
        self.stdout.write(f"Manifest {audit.fingerprint(output)}")
        self.stdout.write(f"Written to {output}. Check it with: python verify_audit.py {output}")
