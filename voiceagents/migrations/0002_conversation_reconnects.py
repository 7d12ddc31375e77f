from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voiceagents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="reconnects",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
