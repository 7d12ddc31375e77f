"""`manage.py handover`: send the drains home after what they have in hand, before a stop or a deploy."""

from typing import Any

from django.core.management.base import BaseCommand

from dialer import baton


class Command(BaseCommand):
    help = (
        "Tell every drain to finish the dials in hand and end; the schedules start new ones within a minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        baton.dismiss()
