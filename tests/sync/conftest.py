from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maplebridge.org.queries import actor_for
from maplebridge.sync import actions
from tests.matters.conftest import World
from tests.mediation.conftest import table  # noqa: F401 — a fixture
from tests.org.builders import build_town
from tests.sync.phone import Phone

CLIENT = Client(headers={"accept-language": "en"})  # one, for it loads all middleware


def in_process(method, path, body, headers):
    """Carry a request to the server in this process."""
    meta = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers.items()}
    kind = headers.get("Content-Type", "application/octet-stream")
    cookies = dict(
        p.strip().split("=", 1) for p in headers.get("Cookie", "").split(";") if "=" in p
    )
    CLIENT.cookies.clear()
    for name, value in cookies.items():
        CLIENT.cookies[name] = value
    meta.pop("HTTP_COOKIE", None)
    answer = CLIENT.generic(method, path, body, content_type=kind, **meta)
    return answer.status_code, {k.lower(): v for k, v in answer.items()}, answer.content


def enrolled(person, carry=in_process, **facts):
    """A phone of a person."""
    device, cookie = actions.enrol(actor_for(person), browser="Test 1", at=timezone.now())
    return Phone(
        carry, device=str(device.id), cookie=cookie,
        key=bytes(actions.current_key().public),
        epoch=actions.current_epoch(timezone.now()).name, **facts,
    )  # fmt: skip


@pytest.fixture
def world(db):
    return World(**vars(build_town()))


@pytest.fixture
def phone(world):
    """林青's phone, grid worker of grid 001 of 上村."""
    return enrolled(world.people.lin)


@pytest.fixture
def handler(world):
    """王强's phone, of sanitation."""
    return enrolled(world.people.wang)


HOUR = timedelta(hours=1)
