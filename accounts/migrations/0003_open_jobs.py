from django.db import migrations, models

from accounts.indexes import AddIndexLive


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0002_cache_table")]
    operations = [
        AddIndexLive(
            model_name="job",
            index=models.Index(
                condition=models.Q(("state__in", ("waiting", "running"))),
                fields=["created_at"],
                name="job_open",
            ),
        ),
    ]
