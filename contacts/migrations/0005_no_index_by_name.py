from django.db import migrations

from accounts.indexes import dropped


class Migration(migrations.Migration):
    """Nothing asks for contacts in the order of their names: the list is read by arrival, and searched in any part."""

    atomic = False

    dependencies = [
        ("contacts", "0004_lists_write_few_indexes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveIndex(model_name="contact", name="contact_by_name")],
            database_operations=[dropped("contact_by_name")],
        ),
    ]
