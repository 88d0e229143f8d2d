"""People in posts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.utils import timezone, translation

from maplebridge.org.rules import Actor, PostFact


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def now() -> datetime:
    return timezone.make_aware(datetime(2026, 11, 24, 9, 30))


@pytest.fixture
def subject() -> UUID:
    return uuid4()


@pytest.fixture
def in_post() -> Callable[..., Actor]:
    """Builds a member of staff holding one post of a kind."""

    def build(kind: str, post_id: int = 7, person_id: int | None = None) -> Actor:
        post = PostFact(id=post_id, kind=kind, title="Desk", unit_id=1, scopes=("331181",))
        return Actor(kind="staff", person_id=person_id, name="Li", posts=(post,))

    return build


@pytest.fixture
def dispatcher(in_post: Callable[..., Actor]) -> Actor:
    return in_post("dispatcher")


@pytest.fixture
def supervisor(in_post: Callable[..., Actor]) -> Actor:
    return in_post("supervisor")
