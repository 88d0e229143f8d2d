from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from tests.matters.conftest import World
from tests.org.builders import build_town


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


@pytest.fixture
def desk(world):
    """Clients of signed-in people by name, in English, and the pages they open."""

    def open_for(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(
            getattr(world.people, name), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return SimpleNamespace(open_for=open_for, now=timezone.now())
