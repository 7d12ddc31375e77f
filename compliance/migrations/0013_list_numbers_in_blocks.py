import struct
from typing import Any

from django.db import migrations

AT_ONCE = 64_000
BLOCK = 64


def fill(apps: Any, schema_editor: Any) -> None:
    """Pack each edition's numbers. No load may write a number that would not be seen: it waits, and then fails."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("LOCK TABLE compliance_listnumber IN SHARE MODE")
    numbers_of, blocks = apps.get_model("compliance", "ListNumber"), apps.get_model("compliance", "ListBlock")
    editions = apps.get_model("compliance", "ListEdition").objects.filter(has_numbers=True)
    for edition_id in editions.order_by("pk").values_list("pk", flat=True):
        rows = numbers_of.objects.filter(edition_id=edition_id).order_by("number")
        last = -1
        while part := list(rows.filter(number__gt=last).values_list("number", flat=True)[:AT_ONCE]):
            last = part[-1]
            blocks.objects.bulk_create(
                blocks(
                    edition_id=edition_id,
                    first=part[start],
                    numbers=struct.pack(
                        f"<{len(part[start : start + BLOCK])}q", *part[start : start + BLOCK]
                    ),
                )
                for start in range(0, len(part), BLOCK)
            )


class Migration(migrations.Migration):
    """One transaction: between the packing and the dropping no load may put numbers where nobody looks any more."""

    dependencies = [
        ("compliance", "0012_list_blocks"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.DeleteModel(name="ListNumber"),
    ]
