import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import AddIndexLive, dropped


class Migration(migrations.Migration):
    """Two indexes that another one begins like, and one that a list filled from its wrong end."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("contacts", "0003_opt_in_forms"),
    ]

    operations = [
        AddIndexLive(
            model_name="contact",
            index=models.Index(fields=["location", "created_at", "id"], name="contact_by_arrival"),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="contact", name="contact_by_newest"),
                migrations.AlterField(
                    model_name="contact",
                    name="location",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="accounts.location",
                    ),
                ),
            ],
            database_operations=[
                dropped(
                    "contact_by_newest",
                    "contacts_contact_location_id_7c6f8463",
                    "contacts_contact_tags_contact_id_ff2c136b",
                )
            ],
        ),
    ]
