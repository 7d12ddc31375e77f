from django.apps import AppConfig


class PhoneNumbersConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "phone_numbers"

    def ready(self) -> None:
        # opting_out takes what people text to our numbers.
        from phone_numbers import opting_out  # noqa: F401  # isort: skip
        from accounts import checklist
        from phone_numbers.models import PhoneNumber
        from telephony.models import CarrierAccount

        checklist.register(
            checklist.Step(
                key="carrier",
                order=10,
                title="Connect your Twilio account, or stay in the sandbox",
                note="The sandbox carrier rings no real phones and costs nothing. A Twilio account calls real ones.",
                done=lambda location: CarrierAccount.objects.filter(
                    organization_id=location.organization_id
                ).exists(),
                url_name="phone_numbers:carrier",
                button="Connect",
            )
        )
        checklist.register(
            checklist.Step(
                key="number",
                order=50,
                title="Get a phone number",
                note="Calls go out from it, and people call it back.",
                done=lambda location: PhoneNumber.objects.for_location(location).exists(),
                url_name="phone_numbers:list",
                button="Get a number",
            )
        )
