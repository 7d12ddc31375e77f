from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DialerConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "dialer"

    def ready(self) -> None:
        from dialer import (  # noqa: F401
            audit,
            briefing,
            callbacks,
            forecasts,
            receivers,
            recorded,
            results,
            schedules,
            steps,
            uses,
        )

        uses.register()

        post_migrate.connect(schedules.install, sender=self, dispatch_uid="dialer.schedules")
