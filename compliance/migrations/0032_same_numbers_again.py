from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0031_seal_checks_in_turn")]

    operations = [
        migrations.AlterField(
            model_name="listevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("ended", "Not kept up any more"),
                    ("resumed", "Kept up again"),
                    ("same", "The same numbers under a newer date"),
                ],
                max_length=7,
            ),
        ),
    ]
