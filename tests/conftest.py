"""What every test stands on: no network, hypothesis profiles, which tests need both databases.

Factories live in tests/factories.py, Chromium in tests/browser.py, the running product in tests/stack.py.
"""

import ipaddress
import os
import sys

import pytest
from django.conf import settings as product
from django.contrib.auth.hashers import Argon2PasswordHasher
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.browser", "tests.stack"]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "default")

# The same algorithm, at a price that some hundred made-up passwords can be paid with.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
# Each test client would list all static files anew.
product.WHITENOISE_AUTOREFRESH = True

DATABASE_FIXTURES = {
    "db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_stack",
}  # fmt: skip


class NetworkReached(BaseException):
    """A test tried to leave this machine. Not an Exception, so that no `except Exception` hides it."""


def keep_off_the_network(event: str, arguments: tuple) -> None:
    """Audit hook: refuse names and addresses that are not this machine's own."""
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(host).is_loopback or event == "socket.getaddrinfo":
            return
    except ValueError:
        pass
    raise NetworkReached(f"A test tried to reach {host}. Tests stay on this machine: use a local server.")


sys.addaudithook(keep_off_the_network)


def touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs no second database run as `once`; who shares a product or a browser keeps to one xdist worker."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        if "live_stack" in fixtures:
            item.add_marker(pytest.mark.xdist_group("product"))
        elif "browser" in fixtures:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
        if not touches_database(item):
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    tmp_path_factory: pytest.TempPathFactory, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """SQLite in a file, as the product has it: in memory, threads refuse each other instead of waiting."""
    from django.db import connections

    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guard() -> None:
    """Tests of whole transactions empty the database behind them, which the append-only tables refuse."""
    from django.db import connection

    from compliance import append_only

    operations = type(connection.ops)
    flush = operations.sql_flush

    def unguarded(self: object, *args: object, **options: object) -> list[str]:
        # The flush sends post_migrate, which writes the triggers again.
        return [*append_only.remove_sql(), *flush(self, *args, **options)]

    operations.sql_flush = unguarded


@pytest.fixture(autouse=True)
def forget_unclear_dials() -> None:
    """The process counts them by account, and in the tests' database the next test's account has the same id."""
    from dialer.settling import unclear_in_a_row

    unclear_in_a_row.clear()
