from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Location
from compliance import seal_checks
from compliance.models import Book


class Command(BaseCommand):
    help = (
        "Compares every decision, consent entry and dial with its seal, and the seals with those that the daily check "
        "saw. Says which row was changed, dropped or put in. Exit code 1 when one was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("location", nargs="?", help="code of a location; all of them when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        locations = Location.objects.order_by("pk")
        if options["location"]:
            locations = locations.filter(code=options["location"])
            if not locations:
                raise CommandError(f"There is no location {options['location']!r}.")
        found = 0
        for location in locations:
            for book in Book.values:
                chain, deviations = seal_checks.check(book, location)
                for deviation in deviations:
                    found += 1
                    self.stdout.write(str(deviation))
                if chain.seals or chain.unsealed:
                    self.stdout.write(
                        f"{chain.where}: {chain.rows:,} rows under {chain.seals:,} seals, {chain.unsealed:,} not "
                        f"sealed yet; newest seal {chain.sequence} {chain.head}"
                    )
        if found:
            raise CommandError(
                f"{found:,} deviations. Keep the database as it is, and ask who had access to it."
            )
        self.stdout.write("Everything is as it was sealed.")
