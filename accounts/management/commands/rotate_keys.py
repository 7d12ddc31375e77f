"""Encrypt every kept secret again with the newest key, so that the older keys can be taken away."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.fields import EncryptedTextField


class Command(BaseCommand):
    help = "Encrypt auth tokens and API keys again with the first key of FIELD_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            names = [f.name for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]
            if not names:
                continue
            with transaction.atomic():
                # Locked, so that a token that somebody replaces meanwhile is not put back.
                rows = list(model._base_manager.select_for_update())
                for row in rows:
                    row.save(update_fields=names)
            for name in names:
                self.stdout.write(f"{model.__name__}.{name}: {len(rows)} encrypted with the newest key.")
        self.stdout.write("All older keys can be removed from FIELD_ENCRYPTION_KEYS now.")
