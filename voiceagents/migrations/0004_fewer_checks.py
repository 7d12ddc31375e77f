import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import dropped, unchecked


class Migration(migrations.Migration):
    """References that its call proves, and an index that nothing asks: each cost every dial."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("contacts", "0003_opt_in_forms"),
        ("voiceagents", "0003_few_indexes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="conversation",
                    name="conversation_by_location",
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="agent",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="voiceagents.agent",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="contact",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="contacts.contact",
                    ),
                ),
                migrations.AlterField(
                    model_name="conversation",
                    name="location",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conversations",
                        to="accounts.location",
                    ),
                ),
            ],
            database_operations=[
                dropped("conversation_by_location"),
                unchecked(
                    "voiceagents_conversation.agent_id",
                    "voiceagents_conversation.contact_id",
                    "voiceagents_conversation.location_id",
                ),
            ],
        ),
    ]
