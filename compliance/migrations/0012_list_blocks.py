from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0011_emergencies"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListBlock",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "edition_id", "first", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("edition_id", models.IntegerField()),
                ("first", models.BigIntegerField()),
                ("numbers", models.BinaryField()),
            ],
        ),
    ]
