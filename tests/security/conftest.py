import pytest

from tests.security.worlds import Two, two_businesses


@pytest.fixture(autouse=True)
def files_elsewhere(settings, tmp_path):
    """Uploaded lists and reports go where the test ends with them."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def two(db) -> Two:
    """Our location, a sister location of the same business, and another business: each with one row of everything."""
    return two_businesses()
