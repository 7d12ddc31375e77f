from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0029_dials_are_sealed")]

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
