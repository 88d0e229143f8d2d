import pytest

from tests.matters.conftest import World
from tests.org.builders import build_town


@pytest.fixture
def world(db):
    return World(**vars(build_town()))
