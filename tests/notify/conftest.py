from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import translation

from maplebridge.notify.actions import choose, tell
from maplebridge.notify.rules import Wish
from tests.notify.outside import Mail, Robots, served
from tests.org.builders import build_town

NUMBER = "331181101201-20261123-0001"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
KEY = "a1b2c3d4e5f6a7b8"
AT_ONCE = Wish(late="at_once")


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def robots(settings):
    for server in served(Robots()):
        settings.ROBOTS = dict.fromkeys(("dingtalk", "wecom", "feishu"), server.url)
        yield server


@pytest.fixture
def mail(settings):
    for server in served(Mail()):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


class Office(SimpleNamespace):
    """The town's people and short ways to tell them things."""

    def tell(self, *names, kind="dispatch", at=MONDAY, number=NUMBER, urgent=False, source=None):
        ids = [getattr(self.people, name).id for name in names]
        return tell(
            ids, kind=kind, number=number, category="E02", urgent=urgent, at=at,
            source=source or uuid4(),
        )  # fmt: skip

    def choose(self, name, wish=AT_ONCE, at=MONDAY, **channels):
        chosen = {kind: (bool(address), address) for kind, address in channels.items()}
        choose(getattr(self.people, name).id, wish, chosen, now=at)


@pytest.fixture
def office(db):
    return Office(**vars(build_town()))
