from django.db import migrations, models

from accounts.indexes import AddIndexLive


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0003_open_jobs")]
    operations = [
        AddIndexLive(
            model_name="job",
            index=models.Index(
                condition=~models.Q(("result_file", "")),
                fields=["ended_at"],
                name="job_with_file",
            ),
        ),
    ]
