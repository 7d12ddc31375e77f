"""A noon at which one may call in Denver, for tests that stand still there: `usefixtures("noon")`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Denver")).astimezone(UTC)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
