from types import SimpleNamespace

import pytest
from django.test import Client

from maplebridge.org.models import Person, Post
from tests.matters.conftest import World
from tests.org.builders import build_town


@pytest.fixture
def world(db):
    town = build_town()
    town.people.gao = Person.objects.create(username="gao", name="高洁")
    Post.objects.create(
        person=town.people.gao, kind="administrator", title="系统管理员", unit=town.units.command
    )
    return World(**vars(town))


@pytest.fixture
def desk(world):
    """Clients of signed-in people by name, in English."""

    def open_for(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(
            getattr(world.people, name), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return SimpleNamespace(open_for=open_for)
