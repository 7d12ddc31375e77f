from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "compliance"

    def ready(self) -> None:
        from compliance.zones import check_tzdata

        check_tzdata()

        from compliance import list_loading, receivers  # noqa: F401  (list_loading registers its job)

        receivers.connect()

        from accounts import checklist
        from accounts.models import KycStatus

        checklist.register(
            checklist.Step(
                key="kyc",
                order=20,
                title="Say who is behind the calls",
                note="The know-your-customer check; then outbound calls can be switched on.",
                done=lambda location: (
                    location.kyc_status == KycStatus.COMPLETED and location.outbound_enabled
                ),
                url_name="compliance:kyc",
                button="Start the check",
            )
        )
