from django.db import migrations

from accounts.indexes import dropped


class Migration(migrations.Migration):
    """A contact's decisions are found through its calls: an index less to write with every dial."""

    atomic = False

    dependencies = [("compliance", "0015_roomier_days")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex(model_name="decision", name="decision_by_contact")],
            database_operations=[dropped("decision_by_contact")],
        ),
    ]
