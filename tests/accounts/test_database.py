"""What the database is told once, whoever connects."""

import pytest
from django.db import connection

from accounts.database import is_postgresql


@pytest.mark.django_db
def test_what_was_committed_survives_a_power_cut():
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
            assert cursor.fetchone()[0] != "client", "the product leaves it as the server has it"
        else:
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone()[0] == 2
