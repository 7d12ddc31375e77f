"""`manage.py demo`: the demo organization, if it is not there yet, and how to sign in to it."""

from typing import Any

from django.core.management.base import BaseCommand

from dialer import demo


class Command(BaseCommand):
    help = "Make the demo organization (once) and print how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        demo.create()
        self.stdout.write(f"Sign in as owner@example.com with the password {demo.password()}")
        self.stdout.write("(manager@, staff@ and viewer@example.com have the same password)")
