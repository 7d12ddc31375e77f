import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import unchecked


class Migration(migrations.Migration):
    """References that another one beside them proves: each was one more to check with every dial."""

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("dialer", "0005_few_indexes"),
        ("telephony", "0002_few_indexes"),
        ("voiceagents", "0003_few_indexes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="attempt",
                    name="account",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="telephony.carrieraccount",
                    ),
                ),
                migrations.AlterField(
                    model_name="attempt",
                    name="location",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="call",
                    name="conversation",
                    field=models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="call",
                        to="voiceagents.conversation",
                    ),
                ),
            ],
            database_operations=[
                unchecked(
                    "dialer_attempt.account_id", "dialer_attempt.location_id", "dialer_call.conversation_id"
                ),
            ],
        ),
    ]
