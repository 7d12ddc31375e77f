import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import dropped, roomy


class Migration(migrations.Migration):
    """Indexes that another one begins like, or that nothing asks: each was one more to write with every dial."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("compliance", "0007_provider_reviews"),
        ("contacts", "0003_opt_in_forms"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="numberday",
                    name="number_day_history",
                ),
                migrations.AlterField(
                    model_name="consententry",
                    name="contact",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consent_entries",
                        to="contacts.contact",
                    ),
                ),
                migrations.AlterField(
                    model_name="consententry",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consent_entries",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="consententry",
                    name="organization",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
                migrations.AlterField(
                    model_name="decision",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="donotcallentry",
                    name="organization",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="do_not_call",
                        to="accounts.organization",
                    ),
                ),
                migrations.AlterField(
                    model_name="locationday",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="numberday",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.location",
                    ),
                ),
            ],
            database_operations=[
                dropped(
                    "number_day_history",
                    "compliance_consententry_code_afd80dc3_like",
                    "compliance_consententry_contact_id_c7e41a72",
                    "compliance_consententry_location_id_add7b6de",
                    "compliance_consententry_organization_id_adf47add",
                    "compliance_decision_location_id_e14da881",
                    "compliance_donotcallentry_code_9aac32a0_like",
                    "compliance_donotcallentry_organization_id_a2369cae",
                    "compliance_locationday_location_id_0dd4e45d",
                    "compliance_numberday_location_id_2d59dd32",
                )
            ],
        ),
        roomy("compliance_locationday"),
    ]
