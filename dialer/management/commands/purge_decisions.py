from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum

from accounts.models import Location
from dialer import purging


class Command(BaseCommand):
    help = (
        "Deletes decisions that are more than five years old, with the records of their dials. The seals stay, so "
        "that the chain can be checked as before. Consent entries, do-not-call entries and calls stay as well."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--before", required=True, type=date.fromisoformat, help="the first day that stays"
        )
        parser.add_argument("--location", help="code of a location; all of them when left out")
        parser.add_argument("--yes", action="store_true", help="delete; without it the command only counts")

    def handle(self, *args: Any, **options: Any) -> None:
        locations = Location.objects.order_by("pk")
        if options["location"]:
            locations = locations.filter(code=options["location"])
            if not locations:
                raise CommandError(f"There is no location {options['location']!r}.")
        before = datetime.combine(options["before"], time(), UTC)
        for location in locations:
            try:
                count = purging.purgeable(location, before).aggregate(all=Sum("count"))["all"] or 0
                gone = sum(purging.purge(location, before)) if options["yes"] else 0
            except ValueError as error:
                raise CommandError(str(error)) from error
            if options["yes"]:
                self.stdout.write(f"{location.name}: {gone:,} decisions deleted; their seals stay.")
            else:
                self.stdout.write(
                    f"{location.name}: {count:,} decisions would be deleted. Add --yes to do it."
                )
