from django.db import migrations

import accounts.fields
from accounts.indexes import dropped, roomy


class Migration(migrations.Migration):
    """Indexes that another one begins like, or that nothing asks: each was one more to write with every dial."""

    atomic = False

    dependencies = [
        ("telephony", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="carrierevent",
                    name="fingerprint",
                    field=accounts.fields.WholeField(max_length=120, unique=True),
                ),
            ],
            database_operations=[
                dropped(
                    "telephony_carrieraccount_code_dd52ee58_like",
                    "telephony_carrierevent_fingerprint_b4a8ca4e_like",
                )
            ],
        ),
        roomy("telephony_carrieraccount"),
    ]
