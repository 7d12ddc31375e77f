"""`manage.py first_owner`: an organization, its first location and the owner who sets up the rest on the pages."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Location, Member, Organization, Role, User


class Command(BaseCommand):
    help = "Make an organization with one location and its owner. The password is asked for, or read from a pipe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, help="the legal business")
        parser.add_argument("--location", required=True, help="its first place, e.g. Denver")
        parser.add_argument("--country", required=True, help="ISO 3166 code, e.g. US")
        parser.add_argument("--timezone", required=True, help="IANA name, e.g. America/Denver")

    def handle(self, *args: Any, **options: Any) -> None:
        country = options["country"].upper()
        try:
            validate_email(options["email"])
            ZoneInfo(options["timezone"])
        except (ValidationError, ValueError, KeyError, OSError) as error:
            raise CommandError(f"Nothing was made: {error}") from error
        if len(country) != 2:
            raise CommandError("Nothing was made: --country is a two-letter ISO code such as US.")
        if User.objects.filter(email=options["email"].lower()).exists():
            raise CommandError("Nothing was made: somebody signs in with this e-mail address already.")
        password = getpass("Password: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError("Nothing was made: " + " ".join(error.messages)) from error
        with transaction.atomic():
            owner = User.objects.create_user(options["email"], password)
            location = Location.objects.create(
                organization=Organization.objects.create(name=options["organization"]),
                name=options["location"],
                country=country,
                timezone=options["timezone"],
            )
            Member.objects.create(user=owner, location=location, role=Role.OWNER)
        self.stdout.write(f"{owner.email} owns {location.name} of {location.organization.name}.")
