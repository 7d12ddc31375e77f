from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class TelephonyConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "telephony"

    def ready(self) -> None:
        from telephony import signatures
        from telephony.models import CarrierAccount

        def forget(**kwargs: Any) -> None:
            signatures.forget_accounts()

        for signal in (post_save, post_delete):
            signal.connect(
                forget, sender=CarrierAccount, weak=False, dispatch_uid="telephony.forget_accounts"
            )
