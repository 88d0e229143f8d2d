"""The demo's disputes are mediated through the real acts and leave a ledger that verifies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maplebridge.demo import scenario
from maplebridge.demo.people import build
from maplebridge.demo.story import Story
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.models import Mediation


@pytest.mark.django_db
def test_disputes_live_to_their_ends(monkeypatch):
    """Only disputes, so that few days have every ending."""
    from maplebridge.demo import story, texts

    quarrels = [
        row for row in texts.STORIES if row[1].startswith("A") and row[1] not in {"A07", "A08"}
    ]
    monkeypatch.setattr(texts, "STORIES", quarrels)
    monkeypatch.setattr(story, "A_DAY", 4)
    monkeypatch.setattr(story, "DIGESTS", 0)
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    monkeypatch.setattr("maplebridge.demo.places.COUNTS", {"dwelling": 1})
    Story(build(scenario.SEED), scenario.SEED, start - timedelta(days=11)).live(11, lambda *_: None)
    statuses = set(Mediation.objects.values_list("status", flat=True))
    assert {"performed", "agreed", "failed"} <= statuses
    assert Mediation.objects.filter(filed_at__isnull=False).exists()
    numbers = Mediation.objects.filter(serial__isnull=False).values_list("committee", "serial")
    by_committee: dict = {}
    for committee, serial in numbers:
        by_committee.setdefault(committee, []).append(serial)
    assert all(sorted(n) == list(range(1, len(n) + 1)) for n in by_committee.values())
    assert list(verify_ledger()) == []
