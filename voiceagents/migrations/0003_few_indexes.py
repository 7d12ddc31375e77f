import accounts.fields
import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import dropped


class Migration(migrations.Migration):
    """Indexes that another one begins like, or that nothing asks: each was one more to write with every dial."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("voiceagents", "0002_conversation_reconnects"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="conversation",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="accounts.location",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="token",
                    field=accounts.fields.WholeField(max_length=40, unique=True),
                ),
            ],
            database_operations=[
                dropped(
                    "voiceagents_conversation_code_82c59f23_like",
                    "voiceagents_conversation_location_id_b3076bf2",
                    "voiceagents_conversation_token_a2feeb93_like",
                )
            ],
        ),
    ]
