from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0029_dials_are_sealed")]

    operations = [
        migrations.AddField(
            model_name="sealcheck",
            name="part",
            field=models.CharField(
                choices=[("new", "New seals"), ("all", "All seals")],
                db_default="all",
                default="all",
                max_length=3,
            ),
        ),
        migrations.AddField(
            model_name="sealcheck",
            name="until",
            field=models.PositiveIntegerField(db_default=2147483647),
        ),
        migrations.AddField(
            model_name="sealcheck",
            name="turns",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
