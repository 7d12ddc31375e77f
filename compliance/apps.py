from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ComplianceConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "compliance"

    def ready(self) -> None:
        from compliance.zones import check_tzdata

        check_tzdata()

        # donotcall_importing, list_loading and proof_jobs register their jobs.
        from compliance import append_only, editions, receivers
        from compliance import donotcall_importing, list_loading, opt_in, proof_jobs  # noqa: F401  # isort: skip

        receivers.connect()
        editions.current()
        post_migrate.connect(append_only.install, sender=self, dispatch_uid="compliance.append_only")

        from accounts import checklist
        from accounts.models import KycStatus

        checklist.register(
            checklist.Step(
                key="kyc",
                order=20,
                title="Say who is behind the calls",
                note="The know-your-customer check, on this machine and by an owner's word.",
                done=lambda location: location.kyc_status == KycStatus.COMPLETED,
                url_name="compliance:kyc",
                button="Start the check",
            )
        )
        checklist.register(
            checklist.Step(
                key="opt_in_form",
                order=22,
                title="Write the wording with which people agree",
                note="It is scanned at once for what valid consent to AI calls needs.",
                done=opt_in.collects,
                url_name="compliance:forms",
                button="Add a form",
            )
        )
        checklist.register(
            checklist.Step(
                key="outbound",
                order=24,
                title="Enable outbound calls",
                note="One page says what passed and what is missing.",
                done=lambda location: location.outbound_enabled,
                url_name="compliance:enable",
                button="Enable outbound calls",
            )
        )
