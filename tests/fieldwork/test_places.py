"""Places: found by their point, mended field by field, nobody's words lost."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maplebridge.fieldwork import actions
from maplebridge.fieldwork.models import PlaceChange
from maplebridge.fieldwork.queries import find_places, place_seen, places_seen
from maplebridge.fieldwork.rules import KINDS
from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.fieldwork.conftest import GRID
from tests.matters.conftest import MONDAY


def mend(door, place, who="lin", command=None, **fields):
    """fields: name=(base, mine)."""
    told = {name: {"base": base, "mine": mine} for name, (base, mine) in fields.items()}
    return actions.mend_place(
        place.id, told, actor=door.actor(who), command_id=command or uuid4(), at=MONDAY
    )


def test_a_place_lies_in_the_grid_of_its_point(door):
    place = door.keep(area="331181101202001")
    assert place.area_code == GRID  # the point decides, not the area that was named


def test_without_a_point_the_named_grid_counts(door):
    assert door.keep(lon=None, lat=None, area=GRID).area_code == GRID
    with pytest.raises(InvalidInput) as refused:
        door.keep(lon=None, lat=None, area="331181101")
    assert refused.value.field == "area"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"kind": "person"}, "kind"),
        ({"lon": "here"}, "lon"),
        ({"lat": None}, "lat"),
        ({"head_count": -1}, "head_count"),
        ({"head_count": "four"}, "head_count"),
        ({"head_count": True}, "head_count"),
        ({"second_exit": 1}, "second_exit"),
        ({"water": "pond"}, "water"),  # no fact of a rental dwelling
        ({"tenant": "somebody"}, "tenant"),
    ],
)
def test_what_does_not_fit_is_named(door, fields, field):
    with pytest.raises(InvalidInput) as refused:
        door.keep(**fields)
    assert refused.value.field == field


def test_no_fact_of_any_kind_is_about_a_person():
    asked = {name for kind in KINDS.values() for name in kind.facts}
    assert asked <= {
        "head_count", "rooms", "floors", "extinguishers", "smoke_alarms", "second_exit", "water",
        "shelter",
    }  # fmt: skip


def test_only_the_own_area(door):
    with pytest.raises(NotAllowed):
        door.keep(lon=119.055, lat=27.965)  # 下村
    place = door.keep(lon=119.055, lat=27.965, who="li")
    with pytest.raises(NotAllowed):
        mend(door, place, name=("陈家出租房", "别处"))
    assert list(places_seen(door.actor("lin"))) == []
    with pytest.raises(NotFound):
        place_seen(door.actor("lin"), place.id)
    assert list(places_seen(door.actor("wu"))) == []


def test_the_same_command_again_changes_nothing(door):
    command, place_id = uuid4(), uuid4()
    fields = {"kind": "rental", "name": "甲", "lon": door.point[0], "lat": door.point[1]}
    act = {"place_id": place_id, "fields": fields, "actor": door.actor("lin")}
    first = actions.keep_place(**act, command_id=command)
    assert actions.keep_place(**act, command_id=command).id == first.id
    with pytest.raises(Conflict):
        actions.keep_place(**act, command_id=uuid4())
    again = uuid4()
    mend(door, first, command=again, name=("甲", "乙"))
    mend(door, first, command=again, name=("甲", "乙"))
    first.refresh_from_db()
    assert (first.name, first.version) == ("乙", 2)
    assert PlaceChange.objects.filter(place=first, field="name").count() == 2


def test_two_phones_mend_different_fields(door):
    place = door.keep(head_count=3)
    mend(door, place, who="lin", head_count=(3, 5))
    done = mend(door, place, who="li", name=("陈家出租房", "陈家出租房（东）"), floors=(None, 2))
    assert (done.conflicts, sorted(done.applied)) == ({}, ["floors", "name"])
    place.refresh_from_db()
    assert (place.name, place.facts) == ("陈家出租房（东）", {"head_count": 5, "floors": 2})


def test_two_phones_mend_the_same_field(door):
    place = door.keep(head_count=3)
    mend(door, place, who="li", head_count=(3, 5))
    done = mend(door, place, who="lin", head_count=(3, 4), floors=(None, 2))
    conflict = done.conflicts["head_count"]
    assert (conflict["base"], conflict["theirs"], conflict["mine"]) == (3, 5, 4)
    assert (conflict["by"], done.applied) == ("李敏", ["floors"])
    place.refresh_from_db()
    assert place.facts == {"head_count": 5, "floors": 2}
    # Choosing one's own after all is mending on what stands there now.
    assert mend(door, place, head_count=(5, 4)).conflicts == {}


def test_who_writes_the_same_is_not_in_conflict(door):
    place = door.keep(head_count=3)
    mend(door, place, who="li", head_count=(3, 5))
    assert mend(door, place, who="lin", head_count=(3, 5)).conflicts == {}
    # Nor who only looked at a field and left it as it was.
    assert mend(door, place, who="lin", head_count=(3, 3)).conflicts == {}
    place.refresh_from_db()
    assert place.facts == {"head_count": 5}


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(["lin", "li"]), st.integers(0, 4), st.booleans()), max_size=8
    )
)
def test_no_word_is_ever_lost(door, edits):
    """Whatever two phones write, read or not: it stands there, stood there, or is a conflict."""
    place = door.keep(head_count=0)
    seen = {"lin": 0, "li": 0}
    for who, mine, reads in edits:
        place.refresh_from_db()
        if reads:
            seen[who] = place.facts["head_count"]
        before, base = place.facts["head_count"], seen[who]
        done = mend(door, place, who=who, head_count=(base, mine))
        place.refresh_from_db()
        if done.conflicts:
            assert done.conflicts["head_count"]["mine"] == mine
            assert place.facts["head_count"] == before
        elif mine == base:  # nothing was written
            assert place.facts["head_count"] == before
        else:
            assert place.facts["head_count"] == mine
            seen[who] = mine
    written = list(place.changes.filter(field="head_count").order_by("id"))
    assert [c.before for c in written[1:]] == [c.after for c in written[:-1]]
    assert written[-1].after == place.facts["head_count"]


def test_a_place_no_longer_in_use_goes_from_lists(door):
    place = door.keep()
    need = actions.ask_visit(
        need_id=uuid4(), kind="visit", reason="asked", due_on=MONDAY.date(), place=place.id,
        actor=door.actor("li"), at=MONDAY,
    )  # fmt: skip
    actions.close_place(place.id, actor=door.actor("lin"), at=MONDAY)
    need.refresh_from_db()
    assert need.done_at
    assert not places_seen(door.actor("lin")).exists()
    assert place_seen(door.actor("lin"), place.id).closed_at


def test_found_by_name_and_address(door):
    door.keep(name="陈家出租房", address="枫桥路12号")
    door.keep(name="小卖部", kind="premises")
    assert [p.name for p in find_places(door.actor("lin"), "枫桥路 陈家")] == ["陈家出租房"]
