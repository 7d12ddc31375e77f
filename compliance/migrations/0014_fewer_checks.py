import django.db.models.deletion
from django.db import migrations, models

from accounts.indexes import dropped, unchecked


class Migration(migrations.Migration):
    """References that another one beside them proves, and an index that nothing asks: each cost every dial."""

    atomic = False

    dependencies = [
        ("accounts", "0002_cache_table"),
        ("compliance", "0013_list_numbers_in_blocks"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="numberday",
                    name="number_day_by_token",
                ),
                migrations.AlterField(
                    model_name="numberday",
                    name="location",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.location",
                    ),
                ),
            ],
            database_operations=[
                dropped("number_day_by_token"),
                unchecked("compliance_numberday.location_id"),
            ],
        ),
    ]
