"""The door of the demo: load it once, list its accounts."""

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from maplebridge.demo.people import accounts_file, build
from maplebridge.demo.reviews import review_some
from maplebridge.demo.setup import keep
from maplebridge.demo.story import Story
from maplebridge.notify.actions import read_all
from maplebridge.notify.models import Message
from maplebridge.org.models import Area

SEED = 20190806  # the date of the police station's paper
DAYS = 90


def is_loaded() -> bool:
    """True when the database holds an organisation already."""
    return Area.objects.exists()


def load(progress: Callable[[int, int], None], *, days: int = DAYS) -> None:
    """Build the township and live its days up to this morning; all or nothing.

    `progress` gets how many days are done, and how many there are.
    """
    start = timezone.make_aware(
        datetime.combine(timezone.localdate() - timedelta(days=days), time.min)
    )
    with transaction.atomic():
        town = build(SEED)
        Story(town, SEED, start, days).live(days, progress)
        keep(timezone.localdate())
        review_some(town, timezone.localdate())
        _read_old(timezone.now() - timedelta(days=1))
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    text = json.dumps(accounts_file(town), ensure_ascii=False, indent=1)
    (settings.DATA_DIR / "demo-accounts.json").write_text(text, encoding="utf-8")


def _read_old(until: datetime) -> None:
    """Ninety days of messages were read; those of the last day ring the bell."""
    old = Message.objects.filter(at__lt=until).values_list("person_id")
    for person_id, upto in old.annotate(upto=Max("id")):
        read_all(person_id, upto)


def accounts() -> list[dict[str, Any]]:
    """Username, post, unit and password of the demo accounts; empty before `load`."""
    path = settings.DATA_DIR / "demo-accounts.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
