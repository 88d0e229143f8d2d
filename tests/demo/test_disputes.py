"""The demo's disputes are mediated through the real acts and leave a ledger that verifies."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from maplebridge.demo import deck, disputes, scenario, story, texts
from maplebridge.demo.people import build
from maplebridge.demo.reviews import review_some
from maplebridge.demo.story import Story
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.models import Mediation, Party, Review
from maplebridge.org.models import Unit


def test_a_quarter_has_each_type_and_each_end_as_often_as_planned():
    ends = sum(count for _name, count in deck.ENDINGS) + sum(map(len, deck.WAYS.values()))
    assert len(texts.quarrels()) == ends == story.DISPUTES
    assert {kind for _category, kind, _said in texts.quarrels()} >= deck.WAYS.keys()


@pytest.mark.long
@pytest.mark.django_db
def test_disputes_live_to_their_ends(monkeypatch):
    """Only disputes with every ending at once, so that few days have them all."""
    kinds = [(1, *row[1:]) for row in texts.QUARRELS if row[2] in (*deck.WAYS, "PM06")]
    monkeypatch.setattr(texts, "QUARRELS", kinds)
    monkeypatch.setattr(deck, "ENDINGS", [(name, 1) for name, _count in deck.ENDINGS])
    monkeypatch.setattr(story, "A_DAY", 0)
    monkeypatch.setattr(story, "DISPUTES", 16 * 90 / 20)
    monkeypatch.setattr(story, "DIGESTS", 0)
    monkeypatch.setattr(disputes, "PROXIES", 1)
    monkeypatch.setattr("maplebridge.demo.places.COUNTS", {"dwelling": 1})
    monkeypatch.setattr("maplebridge.demo.reviews.SHARE", 1.0)  # of the few that are filed
    # One and the same days: on others a dispute or two of these few end elsewhere.
    end = timezone.make_aware(datetime(2026, 11, 25))
    town = build(scenario.SEED)
    Story(town, scenario.SEED, end - timedelta(days=20), 20).live(20, lambda *_: None)
    assert Mediation.objects.values("matter").distinct().count() == 16
    assert Party.objects.filter(represents__isnull=False, power="special").count() > 8
    assert Party.objects.filter(represents__minor=True).exists()
    higher = Mediation.objects.filter(committee__unit__kind__in=Unit.MEDIATING[2:])
    assert {m.committee.tier for m in higher} == {"special", "county"}
    assert Mediation.objects.filter(
        previous__committee__unit__kind="special_mediation", committee__unit__code="mediation"
    ).exists()
    statuses = set(Mediation.objects.values_list("status", flat=True))
    assert statuses >= {"performed", "failed", "refused", "withdrawn", "passed_on"}
    assert Mediation.objects.filter(previous__isnull=False, previous__status="failed").exists()
    assert Mediation.objects.filter(voided_at__isnull=False).exists()
    assert Mediation.objects.filter(filed_at__isnull=False).exists()
    numbers = Mediation.objects.filter(serial__isnull=False).values_list("committee", "serial")
    by_committee: dict = {}
    for committee, serial in numbers:
        by_committee.setdefault(committee, []).append(serial)
    assert all(sorted(n) == list(range(1, len(n) + 1)) for n in by_committee.values())
    assert review_some(town, end.date()) == Review.objects.count() > 0
    assert list(verify_ledger()) == []
