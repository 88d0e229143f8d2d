"""A town with an administrator, and how he keeps its lists."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from maplebridge.org.actions import change
from maplebridge.org.models import Person, Post
from maplebridge.org.queries import actor_for
from tests.org.builders import build_town

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # Wednesday 09:00 in Shanghai
TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
MONDAY = date(2026, 11, 30)


@pytest.fixture
def town(db):
    town = build_town()
    town.people.gao = Person.objects.create(username="gao", name="高洁")
    Post.objects.create(
        person=town.people.gao, kind="administrator", title="系统管理员", unit=town.units.command
    )
    town.gao = actor_for(town.people.gao, NOW)
    return town


@pytest.fixture
def keep(town):
    """keep("duty", row, {...}) changes as the administrator does, for a reason."""

    def keep(name, row, values, **more):
        more = {"actor": town.gao, "reason": "区里新文件", "command_id": uuid4(), "at": NOW} | more
        return change(name, row.pk if row else None, values, **more)

    return keep
