"""Needs and visits: by need, once, by those whose area it was."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maplebridge.fieldwork import actions
from maplebridge.fieldwork.checklists import CHECKLISTS
from maplebridge.fieldwork.forms import checklists, forms, place_kinds
from maplebridge.fieldwork.models import Need, Visit
from maplebridge.fieldwork.queries import needs_seen
from maplebridge.fieldwork.rules import KINDS
from maplebridge.kernel.errors import InvalidInput, NotAllowed, NotFound
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from tests.fieldwork.conftest import LATER
from tests.matters.conftest import MONDAY

DAY = timedelta(days=1)
TODAY = MONDAY.date()


def ask(door, place=None, who="li", **more):
    more = {
        "need_id": uuid4(),
        "kind": "visit",
        "reason": "asked",
        "due_on": TODAY + 3 * DAY,
    } | more
    return actions.ask_visit(
        place=place.id if place else None, actor=door.actor(who), at=MONDAY, **more
    )


def test_a_need_ends_with_the_visit_that_meets_it(door):
    place = door.keep()
    need = ask(door, place, note="想请人帮忙看看电线")
    assert list(needs_seen(door.actor("lin"))) == [need]
    visit = door.visit(need=need.id)
    need.refresh_from_db()
    assert need.done_at == MONDAY
    assert (visit.place, visit.post_id is not None) == (place, True)
    assert not needs_seen(door.actor("lin")).exists()
    assert door.visit(need=need.id).need == need  # two went: both are kept


def test_the_same_record_twice_is_one_visit(door):
    place, visit_id = door.keep(), uuid4()
    door.visit(visit_id=visit_id, place=place.id, next_on=TODAY + 9 * DAY)
    door.visit(visit_id=visit_id, place=place.id, next_on=TODAY + 9 * DAY)
    assert Visit.objects.count() == 1
    assert Need.objects.filter(reason="again").count() == 1


def test_only_where_one_works(door):
    elsewhere = door.keep(lon=119.055, lat=27.965, who="li")
    with pytest.raises(NotAllowed):
        door.visit(place=elsewhere.id)
    with pytest.raises(NotAllowed):
        actions.record_visit(visit_id=uuid4(), kind="visit", met="yes", result="x",
                             place=elsewhere.id, actor=Actor(kind="anyone"))  # fmt: skip


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"met": "perhaps"}, "met"),
        ({"met": "yes", "result": "  "}, "result"),
        ({"result": "字" * 2001}, "result"),
        ({"next_on": TODAY}, "next_on"),
        ({"position": {"lon": 200, "lat": 3}}, "lon"),
        ({"position": {"lon": "x", "lat": 3}}, "position"),
        ({"kind": "patrol"}, "kind"),
    ],
)
def test_bad_input_names_its_field_and_keeps_nothing(door, more, field):
    place = door.keep()
    with pytest.raises(InvalidInput) as refused:
        door.visit(place=place.id, **more)
    assert refused.value.field == field
    assert not Visit.objects.exists()
    assert not Need.objects.exists()


def test_nobody_was_there_needs_no_words(door):
    assert door.visit(place=door.keep().id, met="no_one", result="").passage_id is None


def test_a_visit_goes_somewhere(door):
    with pytest.raises(InvalidInput) as refused:
        door.visit()
    assert refused.value.field == "place"
    for wrong in ({"place": uuid4()}, {"need": uuid4()}, {"matter": 10**6}):
        with pytest.raises(NotFound):
            door.visit(**wrong)


def test_an_inspection_finds_faults_that_become_matters(door):
    place = door.keep()
    items = {"alarm": "fault", "passage": "fault", "wires": "ok", "gas": "na"}
    visit = door.inspect(place, items, report_faults=["passage"], result="楼道堆满柴火")
    place.refresh_from_db()
    assert place.checked_on == TODAY
    matter = Matter.objects.get()
    assert matter.area_code == place.area_code
    told = Report.objects.get()
    assert "楼道堆满柴火" in told.text
    assert matter.category is None or matter.category.code == "B01"
    assert matter.events.get(step="report").data["category"] == "B01"
    again = Need.objects.get(reason="after_fault")
    assert (again.place, again.due_on) == (place, TODAY + 7 * DAY)
    assert visit.items == items
    assert list(verify_ledger()) == []


def test_only_a_fault_is_reported(door):
    place = door.keep()
    with pytest.raises(InvalidInput) as refused:
        door.inspect(place, {"wires": "ok"}, report_faults=["wires"])
    assert refused.value.field == "report_faults"
    for wrong in ({}, {"wires": "maybe"}, {"wires": "na"}):
        with pytest.raises(InvalidInput):
            door.visit(kind="inspection", place=place.id, checklist="rental", items=wrong)


def test_a_sheet_of_an_older_version_is_kept_as_answered(door):
    visit = door.inspect(door.keep(), {"old_question": "ok"}, checklist_version=0)
    assert visit.items == {"old_question": "ok"}


def test_a_visit_about_a_matter_stands_in_its_history(door):
    matter = door.report().matter
    door.visit(matter=matter.id, result="垃圾还在")
    assert [e.step for e in matter.events.order_by("id")] == ["report", "remark"]


def test_checks_fall_due_by_kind_and_only_once(door):
    rental, dwelling = door.keep(), door.keep(kind="dwelling", name="老屋")
    assert actions.find_needs(LATER.day(60)) == 0
    assert actions.find_needs(LATER.day(77)) == 1
    assert actions.find_needs(LATER.day(78)) == 0
    need = Need.objects.get()
    assert (need.place, need.due_on, need.kind) == (rental, TODAY + 90 * DAY, "inspection")
    assert dwelling.needs.count() == 0
    door.inspect(rental, need=need.id, at=LATER.day(80))
    assert actions.find_needs(LATER.day(81)) == 0
    assert actions.find_needs(LATER.day(160)) == 1


def test_a_settled_dispute_is_looked_at_again_once(door):
    matter = door.report(text="两家为围墙争吵", category="A02").matter
    Matter.objects.filter(pk=matter.pk).update(status="closed", closed_at=MONDAY)
    assert actions.find_needs(LATER.day(10)) == 0
    assert actions.find_needs(LATER.day(17)) == 1
    need = Need.objects.get()
    assert (need.matter, need.due_on) == (matter, TODAY + 30 * DAY)
    door.visit(need=need.id, at=LATER.day(30))
    assert actions.find_needs(LATER.day(31)) == 0


def test_asking_says_what_is_wrong(door):
    place, dwelling = door.keep(), door.keep(kind="dwelling", name="老屋")
    for more, field in (
        ({"kind": "patrol"}, "kind"),
        ({"reason": "check"}, "reason"),  # the timer's own
        ({"due_on": TODAY - DAY}, "due_on"),
        ({"from_on": TODAY + 9 * DAY}, "due_on"),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask(door, place, **more)
        assert refused.value.field == field
    with pytest.raises(InvalidInput):
        ask(door)
    with pytest.raises(InvalidInput):
        ask(door, dwelling, kind="inspection")


def test_a_need_may_be_dropped_with_a_reason(door):
    need = ask(door, door.keep())
    with pytest.raises(InvalidInput):
        actions.drop_need(need.id, " ", actor=door.actor("li"))
    actions.drop_need(need.id, "已电话说清", actor=door.actor("li"), at=MONDAY)
    assert not needs_seen(door.actor("lin")).exists()


def test_a_mediation_talk_is_a_note_of_a_dispute(door):
    matter = door.report(text="两家为围墙争吵", category="A02").matter
    event = actions.note_mediation(
        matter.id, said="双方都愿意谈", agreed="先量地界", next_on=TODAY + DAY,
        actor=door.actor("lin"), command_id=uuid4(), at=MONDAY,
    )  # fmt: skip
    assert event.step == "remark"
    other = door.report().matter
    with pytest.raises(InvalidInput):
        actions.note_mediation(other.id, said="x", actor=door.actor("lin"), command_id=uuid4())


def test_forms_are_short_and_whole(db):
    told = forms()
    assert [f["key"] for f in told] == [
        "report",
        "visit",
        "inspection",
        "note",
        "mediation",
        "place",
    ]
    for form in told:
        assert sum(field["required"] for field in form["fields"]) <= 3
        assert len({field["name"] for field in form["fields"]}) == len(form["fields"])
    assert {k["code"] for k in place_kinds()} == set(KINDS)
    for sheet in checklists():
        assert len({item["code"] for item in sheet["items"]}) == len(sheet["items"])


def test_each_fault_has_a_category(door):
    for sheet in CHECKLISTS.values():
        for item in sheet.items:
            assert directory().category(item.category), (sheet.code, item.code)
