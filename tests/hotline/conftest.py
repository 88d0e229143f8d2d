import pytest

from tests.org.builders import build_town


@pytest.fixture
def town(db):
    return build_town()
