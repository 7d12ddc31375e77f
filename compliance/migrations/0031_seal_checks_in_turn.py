from typing import Any

from django.db import migrations, models

from accounts.indexes import AddIndexLive, drop, dropped

ONE = models.UniqueConstraint(
    condition=models.Q(("ended_at", None)),
    fields=("location", "book", "part"),
    name="seal_check_one_of_a_part",
)


def add(apps: Any, schema_editor: Any) -> None:
    """A constraint with a condition is a unique index, which PostgreSQL can make beside those who write."""
    drop(schema_editor, ONE.name)
    sql = str(ONE.create_sql(apps.get_model("compliance", "SealCheck"), schema_editor))
    if schema_editor.connection.vendor == "postgresql":
        sql = sql.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1)
    schema_editor.execute(sql)


class Migration(migrations.Migration):
    """A round of each part of a book may be under way, and the next turn is that of who had the fewest."""

    atomic = False

    dependencies = [("compliance", "0030_parts_of_seal_checks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddConstraint(model_name="sealcheck", constraint=ONE)],
            database_operations=[
                migrations.RunPython(add, lambda apps, schema_editor: drop(schema_editor, ONE.name))
            ],
        ),
        AddIndexLive(
            model_name="sealcheck",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["part", "turns", "id"],
                name="seal_check_turns",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="sealcheck", name="seal_check_one_at_a_time"),
                migrations.RemoveIndex(model_name="sealcheck", name="seal_check_under_way"),
            ],
            database_operations=[dropped("seal_check_one_at_a_time", "seal_check_under_way")],
        ),
    ]
