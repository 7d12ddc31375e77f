from django.apps import AppConfig


class ContactsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "contacts"

    def ready(self) -> None:
        from accounts import checklist
        from contacts import importing  # noqa: F401  (registers the job)

        checklist.register(
            checklist.Step(
                key="contacts",
                order=60,
                title="Bring in your contacts",
                note="A list from any spreadsheet, with the proof that these people agreed to be called.",
                done=lambda location: location.contacts.exists(),
                url_name="contacts:upload",
                button="Import a list",
            )
        )
