from django.apps import AppConfig


class VoiceagentsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "voiceagents"

    def ready(self) -> None:
        from voiceagents import twiml, uses  # noqa: F401  (twiml registers what answers the carrier)

        uses.register()
