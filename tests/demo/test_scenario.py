"""The demo keeps the document's numbers and is the same each time."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

import maplebridge
from maplebridge.demo import landscape, places, scenario
from maplebridge.demo.people import build
from maplebridge.demo.story import Story
from maplebridge.insight.models import Digest
from maplebridge.kernel.geography import area_km2
from maplebridge.kernel.ids import new_query_code
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.models import Absence, Area, Person, Post, ReplyTemplate, Unit
from maplebridge.org.queries import actor_for, directory
from maplebridge.setup.roster import monday_of, week_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
DAYS = 5
WHOLE = dict(places.COUNTS)
FEW = {"rental": 20, "danger": 4, "forest": 3, "dwelling": 2}  # places, as of a small village


def _ring(shape):
    return [tuple(p) for p in landscape.geojson(shape)["coordinates"][0][:-1]]


def test_outlines_tile_the_area_exactly():
    villages = landscape.draw(scenario.SEED)
    grids = [g for _, parts in villages for g in parts]
    assert (len(villages), len(grids)) == (30, 39)
    assert sum(area_km2(_ring(g)) for g in grids) == pytest.approx(244.3, abs=0.01)
    for i, one in enumerate(grids):
        for other in grids[i + 1 :]:
            assert one.intersection(other).area < 1e-12


def _told(until):
    """What residents and the ledger show of the days before; ids of rows count on."""
    reports = Report.objects.filter(received_at__lt=until).order_by("code")
    events = MatterEvent.objects.filter(at__lt=until).order_by("matter__number", "version")
    return (  # without the matter of a report, which a later day may merge into another
        [(r.code, bytes(r.salt), r.text) for r in reports],
        [(e.step, e.at, e.passage_id, e.data.get("text")) for e in events],
    )


@pytest.fixture(scope="module")
def lived(django_db_setup, django_db_blocker, tmp_path_factory):
    """Some days, lived once for the tests of this file; what was told in the first two before."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    start -= timedelta(days=DAYS)
    until = start + timedelta(days=2)
    folder = tmp_path_factory.mktemp("demo")
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=folder),
        transaction.atomic(),
    ):
        patch.setattr(places, "COUNTS", FEW)
        with transaction.atomic():
            Story(build(scenario.SEED), scenario.SEED, start, DAYS).live(2, lambda *_: None)
            before = _told(until)
            transaction.set_rollback(True)
        scenario.load(lambda *_: None, days=DAYS)
        yield before, _told(until)
        transaction.set_rollback(True)


def test_the_numbers_of_the_document(lived):
    assert Area.objects.filter(level="village").count() == 30
    assert Area.objects.filter(level="grid").count() == 39
    workers = Post.objects.filter(kind="grid_worker")
    assert workers.exclude(title="消防网格员").count() == 89
    assert workers.filter(title="消防网格员").count() == 4
    assert Post.objects.filter(title__startswith="民警").count() == 8
    assert Post.objects.filter(title="辅警").count() == 6
    assert Unit.objects.filter(kind="village_mediation").count() == 30
    assert {a["username"] for a in scenario.accounts()} >= {
        "dispatcher",
        "verifier",
        "handler",
        "grid",
    }


def test_days_are_lived_through_the_real_functions(lived):
    statuses = Counter(Matter.objects.values_list("status", flat=True))
    assert 50 < sum(statuses.values()) < 110
    assert {"closed", "reported", "dispatched"} <= statuses.keys()
    assert list(verify_ledger()) == []
    assert directory().receiving_area() == "331181102"


def test_the_last_days_have_their_digests(lived):
    scopes = 1 + 2 + 30  # the station, town and township, villages
    assert Digest.objects.count() == DAYS * scopes
    station = Digest.objects.filter(scope__startswith="station-").first()
    assert station.content["figures"]["came_in"]["n"] > 0


def test_the_roster_the_absences_and_the_templates_are_kept(lived):
    today = timezone.localdate()
    for week in week_of(monday_of(today)):
        assert any(watches for _day, watches in week.days), week.unit
    assert Absence.objects.filter(from_day__lte=today, to_day__gte=today).count() == 2
    assert ReplyTemplate.objects.count() == 6
    keeper = Person.objects.get(username="admin")
    assert actor_for(keeper).holds("administrator")


def test_a_second_load_tells_the_same_with_the_same_codes_and_salts(lived):
    before, again = lived
    assert len(before[0]) > 15
    assert before == again


def test_a_real_code_never_comes_from_a_source_that_repeats_itself():
    assert new_query_code() != new_query_code()
    package = Path(maplebridge.__file__).parent
    using = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "drawing_from" in path.read_text(encoding="utf-8")
    }
    assert using == {"kernel/chance.py", "demo/story.py"}


def test_the_places_are_as_many_as_the_police_station_counts():
    assert WHOLE["rental"] == 635
