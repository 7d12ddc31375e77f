import accounts.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.indexes import AddIndexLive, dropped, roomy


class Migration(migrations.Migration):
    """Indexes that another one begins like, or that nothing asks: each was one more to write with every dial."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("compliance", "0008_few_indexes"),
        ("contacts", "0003_opt_in_forms"),
        ("dialer", "0004_forecast"),
        ("telephony", "0002_few_indexes"),
        ("voiceagents", "0002_conversation_reconnects"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexLive(
            model_name="call",
            index=models.Index(
                condition=models.Q(("state__in", ["created", "scheduled", "queued"])),
                fields=["agent"],
                name="call_waiting_by_agent",
            ),
        ),
        AddIndexLive(
            model_name="call",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="call_by_parent"
            ),
        ),
        AddIndexLive(
            model_name="call",
            index=models.Index(
                condition=models.Q(("requested_by__isnull", False)),
                fields=["requested_by"],
                name="call_by_requester",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="pace",
                    name="pace_next",
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="account",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="telephony.carrieraccount",
                    ),
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="decision",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.decision",
                    ),
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="sid",
                    field=accounts.fields.WholeField(max_length=34, null=True, unique=True),
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="token",
                    field=accounts.fields.WholeField(
                        default=accounts.fields.new_token, max_length=40, unique=True
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="agent",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="voiceagents.agent",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="campaign",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="calls",
                        to="dialer.campaign",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="contact",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="contacts.contact",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="parent",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="dialer.call",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="requested_by",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="callevent",
                    name="call",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="dialer.call",
                    ),
                ),
            ],
            database_operations=[
                dropped(
                    "pace_next",
                    "dialer_attempt_account_id_e7cee145",
                    "dialer_attempt_decision_id_121dda43",
                    "dialer_attempt_location_id_36cde0f9",
                    "dialer_attempt_sid_825f1579_like",
                    "dialer_attempt_token_c82cb021_like",
                    "dialer_call_agent_id_bdf13e0c",
                    "dialer_call_campaign_id_2816261d",
                    "dialer_call_code_16217581_like",
                    "dialer_call_contact_id_c3e7a3f1",
                    "dialer_call_location_id_f6af4dfd",
                    "dialer_call_parent_id_70eeb859",
                    "dialer_call_requested_by_id_f479ee82",
                    "dialer_callevent_call_id_41614b5a",
                    "dialer_campaign_code_064faa1c_like",
                )
            ],
        ),
        roomy("dialer_pace"),
    ]
