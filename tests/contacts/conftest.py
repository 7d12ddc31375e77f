import pytest


@pytest.fixture(autouse=True)
def files_elsewhere(settings, tmp_path):
    """Uploaded lists and reports go where the test ends with them."""
    settings.MEDIA_ROOT = tmp_path
