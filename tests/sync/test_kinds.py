"""Every kind of record, from the seal on the phone to what stands in the rooms below."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from maplebridge.fieldwork.checklists import CHECKLISTS
from maplebridge.fieldwork.models import Need, Place, Visit
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.org.models import Category
from maplebridge.sync.models import Submission
from maplebridge.trust.models import Passage
from tests.files.pictures import encoded, picture
from tests.sync.conftest import HOUR, enrolled

HERE = {"lon": 119.055, "lat": 27.955, "accuracy": 8.0}
GRID = "331181101201001"


def sent(phone, *args, **more):
    """Make a record, send it, and give the phone's copy of it."""
    name = phone.record(*args, **more)
    phone.send()
    return phone.outbox[name]


def on_spot_category(world, allowed=True):
    return Category.objects.filter(on_spot=allowed, hand_over="").first().code


def dispatched(world):
    matter = world.report(at=None).matter
    world.step(matter, "dispatch", "li", at=None, category="E02", lead="sanitation")
    return world.fresh(matter)


def test_a_report_is_a_report_of_a_grid_worker(phone, world):
    kept = sent(phone, "report", {"text": "村口垃圾成堆", "category": "E02"}, position=HERE)
    told = Report.objects.get(pk=kept.id)
    assert (kept.state, kept.reason, kept.matter) == ("applied", "", told.matter.number)
    assert (told.channel, told.taken_by, told.matter.area_code) == ("field", world.people.lin, GRID)
    assert list(verify_ledger()) == []


def test_a_report_without_a_point_lies_in_the_grid_of_a_worker_who_has_one(phone):
    kept = sent(phone, "report", {"text": "路灯不亮"})
    assert Matter.objects.get(number=kept.matter).area_code == GRID


def test_what_was_settled_on_the_spot_is_reported_and_closed_in_one_go(phone, world):
    body = {"text": "楼道堆物", "category": on_spot_category(world), "settled": "已当场清走"}
    kept = sent(phone, "report", body, position=HERE)
    matter = Matter.objects.get(number=kept.matter)
    assert (kept.state, matter.status) == ("applied", "closed")
    assert [e.step for e in matter.events.order_by("version")] == ["report", "settle_on_spot"]


def test_what_cannot_be_settled_on_the_spot_is_reported_all_the_same(phone, world):
    body = {"text": "围墙纠纷", "category": on_spot_category(world, False), "settled": "已劝开"}
    kept = sent(phone, "report", body, position=HERE)
    told = Report.objects.get(pk=kept.id)
    assert (kept.state, told.matter.is_open) == ("applied", True)
    assert "已劝开" in told.text
    assert kept.reason.startswith("Reported, but not settled")


def test_a_likely_duplicate_joins_the_matter_it_names(phone, world):
    matter = world.report(at=None).matter
    kept = sent(phone, "report", {"text": "还是没人管", "duplicate_of": matter.id})
    assert (kept.matter, world.fresh(matter).report_count) == (matter.number, 2)


def test_a_duplicate_of_something_over_is_reported_anew(phone, world):
    matter = world.in_status("closed", at=timezone.now())
    kept = sent(phone, "report", {"text": "又堆起来了", "duplicate_of": matter.id}, position=HERE)
    assert kept.state == "applied"
    assert kept.matter != matter.number
    assert "anew" in kept.reason


def test_a_step_is_taken_when_it_was_made(handler, world):
    matter = dispatched(world)
    made = timezone.now() - timedelta(minutes=0)
    kept = sent(
        handler, "step", {"step": "accept", "fields": {}}, subject={"matter": matter.id}, made=made
    )
    assert (kept.state, world.fresh(matter).status) == ("applied", "accepted")


def test_a_step_takes_its_files_and_the_rest_becomes_a_note(handler, world):
    matter = dispatched(world)
    photo = (encoded(picture()), "photo")
    about = {"matter": matter.id}
    one = handler.record("step", {"step": "accept"}, subject=about, files=[photo])
    two = handler.record(
        "step", {"step": "start", "fields": {"contact_result": "on_site"}}, subject=about, after=one
    )
    three = handler.record(
        "step",
        {"step": "handle", "fields": {"result": "已清运"}},
        subject=about,
        after=two,
        files=[photo],
    )
    handler.send()
    assert [handler.outbox[i].state for i in (one, two, three)] == ["applied"] * 3
    steps = list(matter.events.order_by("version").values_list("step", "data__photos"))
    assert [s for s, _p in steps[2:]] == ["accept", "remark", "start", "handle"]
    assert steps[3][1] == steps[5][1] != None  # noqa: E711
    assert world.fresh(matter).status == "handled"


def test_a_step_that_meets_another_status_is_a_conflict_with_what_stands_there(handler, world):
    matter = dispatched(world)
    subject = {"matter": matter.id, "version": matter.version}
    world.step(matter, "accept", "sun", at=None)
    kept = sent(handler, "step", {"step": "accept"}, subject=subject)
    assert kept.state == "conflict"
    assert "Accept" in kept.reason
    handler.read()
    fields = handler.held["record", str(kept.id)]["fields"]["status"]
    assert (fields["theirs"], fields["mine"], fields["by"]) == ("Accepted", "Accept", "孙丽")


def test_a_matter_taken_from_the_unit_meanwhile_is_a_conflict_that_tells_nothing(handler, world):
    matter = dispatched(world)
    subject = {"matter": matter.id, "version": matter.version}
    world.step(matter, "recall", "li", at=None)
    world.step(matter, "dispatch", "li", at=None, category="E02", lead="enforcement")
    kept = sent(handler, "step", {"step": "accept"}, subject=subject)
    assert kept.state == "conflict"
    fields = Submission.objects.get(pk=kept.receipt).conflict.fields["status"]
    assert (fields["theirs"], fields["by"]) == ("", "")


def test_a_note_and_a_photo_alone(handler, world):
    matter = dispatched(world)
    sent(handler, "note", {"note": "门口有狗"}, subject={"matter": matter.id})
    kept = sent(
        handler, "note", {}, subject={"matter": matter.id}, files=[(encoded(picture()), "photo")]
    )
    assert kept.state == "applied"
    notes = MatterEvent.objects.filter(matter=matter, step="remark").order_by("version")
    said = {p.id: p.text for p in Passage.objects.all()}
    assert [said[n.passage_id] for n in notes] == ["门口有狗", "Photo"]
    assert len(notes[1].data["photos"]) == 1


def test_an_empty_note_comes_back_with_the_reason(handler, world):
    matter = dispatched(world)
    kept = sent(handler, "note", {"note": " "}, subject={"matter": matter.id})
    assert (kept.state, kept.reason) == ("quarantined", "Note is needed.")


def test_a_note_on_a_report_that_is_still_on_this_phone(phone, world):
    told = phone.record("report", {"text": "村口垃圾成堆"}, position=HERE)
    note = phone.record("note", {"note": "又多了一袋"}, subject={"record": str(told)}, after=told)
    phone.send()
    assert phone.outbox[note].state == "applied"
    assert phone.outbox[note].matter == phone.outbox[told].matter


def test_a_place_is_entered_visited_and_inspected_without_signal(phone, world):
    place = uuid7()
    made = phone.record(
        "place", {"create": {"kind": "rental", "name": "溪边出租房"}}, subject={"place": str(place)},
        position=HERE,
    )  # fmt: skip
    visit = phone.record(
        "visit", {"met": "yes", "result": "水管漏水"}, subject={"place": str(place)}, after=made
    )
    check = phone.record(
        "inspection",
        {"checklist": "rental", "checklist_version": 1, "items": _first_items(), "report": _first_fault()},
        subject={"place": str(place)}, after=visit,
    )  # fmt: skip
    phone.send()
    assert [(phone.outbox[i].state, phone.outbox[i].reason) for i in (made, visit, check)] == [
        ("applied", "")
    ] * 3
    assert Place.objects.get(pk=place).area_code == GRID
    assert Visit.objects.filter(place=place).count() == 2
    assert Report.objects.filter(channel="field").count() == 1


def _first_items():
    codes = [i.code for i in CHECKLISTS["rental"].items]
    return {codes[0]: "fault", codes[1]: "ok"}


def _first_fault():
    return [code for code, answer in _first_items().items() if answer == "fault"]


def test_a_visit_meets_the_need_it_was_for(phone, world):
    place = uuid7()
    phone.record(
        "place",
        {"create": {"kind": "dwelling", "name": "溪边老屋", "area": GRID}},
        subject={"place": str(place)},
    )
    phone.send()
    need = Need.objects.create(
        kind="visit", reason="asked", area_code=GRID, place_id=place, from_on=timezone.localdate(),
        due_on=timezone.localdate(), created_at=timezone.now(),
    )  # fmt: skip
    kept = sent(phone, "visit", {"met": "no_one"}, subject={"need": str(need.id)})
    assert kept.state == "applied"
    need.refresh_from_db()
    assert need.done_at is not None


def two_mends(phone, world, **mine):
    """A place of two fields that somebody mended while `phone` was away."""
    place = uuid7()
    phone.record(
        "place", {"create": {"kind": "rental", "name": "溪边出租房", "address": "溪边1号"}},
        subject={"place": str(place)}, position=HERE,
    )  # fmt: skip
    phone.send()
    other = enrolled(world.people.lin)
    sent(
        other,
        "place",
        {"fields": {"name": {"base": "溪边出租房", "mine": "溪畔公寓"}}},
        subject={"place": str(place)},
    )
    fields = {
        "name": {"base": "溪边出租房", "mine": "老王公寓"},
        "address": {"base": "溪边1号", "mine": "溪边1号之2"},
    }
    return place, sent(phone, "place", {"fields": fields}, subject={"place": str(place)})


def test_two_phones_mend_different_fields_and_the_same_one_waits_for_a_choice(phone, world):
    place, kept = two_mends(phone, world)
    stands = Place.objects.get(pk=place)
    assert (kept.state, stands.name, stands.address) == ("conflict", "溪畔公寓", "溪边1号之2")
    phone.read()
    fields = phone.held["record", str(kept.id)]["fields"]
    assert set(fields) == {"name"}
    assert (fields["name"]["theirs"], fields["name"]["mine"]) == ("溪畔公寓", "老王公寓")


@pytest.mark.parametrize(("side", "name"), [("mine", "老王公寓"), ("theirs", "溪畔公寓")])
def test_a_choice_settles_a_conflict_once(phone, world, side, name):
    place, kept = two_mends(phone, world)
    said = {"id": str(uuid7()), "choose": {"name": side}, "note": "现场看过"}
    first = phone.call("POST", f"/conflicts/{kept.id}", said)
    again = phone.call("POST", f"/conflicts/{kept.id}", said)
    assert first == again
    assert first["state"] == "applied"
    assert Place.objects.get(pk=place).name == name


def test_a_mediation_note(phone, world):
    dispute = Category.objects.exclude(mediation_type="").first()
    matter = world.report("两家为围墙吵架", category=dispute.code, at=None).matter
    kept = sent(
        phone, "mediation",
        {"room": "joint", "said": "双方都来了", "agreed": "各让一尺", "next_on": "2027-01-05"},
        subject={"matter": matter.id},
    )  # fmt: skip
    assert (kept.state, kept.reason) == ("applied", "")
    assert (
        "双方都来了"
        in Passage.objects.get(id=MatterEvent.objects.get(step="remark").passage_id).text
    )


def test_a_mediator_notes_a_talk_and_the_dossier_has_its_minutes(table):
    mediation = table.mediating()
    mediator, colleague = enrolled(table.people.he), enrolled(table.people.gao)
    about = {"matter": mediation.matter_id}
    room = {"room": "joint", "place": "村委会"}
    tonight = timezone.localtime().replace(hour=23, minute=59, second=59)
    table.take(mediation, "invite", starts_at=min(timezone.now() + HOUR, tonight), **room)
    said = room | {"said": "双方都来了", "agreed": "各让一尺", "next_on": "2027-01-05"}
    del said["place"]
    noted = [sent(mediator, "mediation", said, subject=about) for _ in range(2)]
    assert [(each.state, "minutes" in each.reason) for each in noted] == [("applied", True)] * 2
    planned, unplanned = mediation.sessions.order_by("held_at")
    assert (planned.place, unplanned.place) == ("村委会", "")  # the planned one has its minutes
    assert "各让一尺" in Passage.objects.get(id=planned.passage_id).text
    assert not MatterEvent.objects.filter(step="remark").exists()  # what was said stays with them
    elsewhere = sent(colleague, "mediation", said, subject=about)  # who mediates nothing here
    assert (elsewhere.state, elsewhere.reason) == ("applied", "")
    assert MatterEvent.objects.filter(step="remark").count() == 1
    assert mediation.sessions.count() == 2
    alone = said | {"room": "respondent"}
    kept = sent(mediator, "mediation", alone, subject=about)
    assert (kept.state, "minutes" in kept.reason) == ("applied", True)
    private = mediation.sessions.get(room="private")
    assert [private.party.side, *(p.side for p in private.present.all())] == ["respondent"] * 2
    refused = [
        sent(colleague, "mediation", alone, subject=about),  # never a note for everybody
        sent(mediator, "mediation", said | {"room": "all"}, subject=about),
        sent(mediator, "mediation", said | {"room": ""}, subject=about),  # of an older form
    ]
    assert [each.state for each in refused] == ["quarantined"] * 3
    assert MatterEvent.objects.filter(step="remark").count() == 1


def test_a_draft_is_kept_for_its_author_and_never_applied(phone, world):
    kept = sent(phone, "draft", {"text": "写了一半"})
    assert kept.state == "quarantined"
    assert not Report.objects.exists()
    mine = phone.call("GET", f"/records/{kept.id}")
    assert mine["record"]["body"] == {"text": "写了一半"}
    assert phone.call("GET", f"/ledger?month={timezone.localdate():%Y-%m}")["counts"]["sent"] == 0
    assert phone.call("DELETE", f"/records/{kept.id}") is None
    assert Submission.objects.get(pk=kept.receipt).state == "set_aside"


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("report", {}, "Say in a few words"),
        ("report", {"text": "x", "category": "ZZ"}, "no such category"),
        ("report", {"text": "x", "colour": "red"}, "no such field"),
        ("report", {"text": 7}, "no words"),
        ("report", {"text": "x" * 20_000}, ""),
        ("report", {"text": "a\0b"}, ""),
        ("step", {"step": "fly"}, "which matter"),
        ("note", {"note": "x", "matter": 10**6}, ""),
        ("visit", {"met": "yes", "result": "x"}, "where you were"),
        ("visit", {"met": "perhaps", "place": str(uuid4())}, "no such place"),
        ("inspection", {"items": [1]}, "not allowed"),
        ("place", {"fields": {"name": "x"}}, "which place"),
        ("place", {"place": str(uuid4()), "fields": {"name": "x"}}, "each field"),
        ("place", {"place": str(uuid4()), "fields": {"name": {"base": 1, "mine": 2}}}, "no such place"),
        ("mediation", {"said": "x", "matter": "abc"}, "nothing here"),
    ],
)  # fmt: skip
def test_whatever_is_refused_is_kept_with_the_reason(phone, kind, body, said):
    kept = sent(phone, kind, body)
    row = Submission.objects.get(pk=kept.receipt)
    if body != {"text": "a\0b"}:
        assert (row.state, row.kind) == ("quarantined", kind)
    assert said in row.reason
    assert bytes(row.sealed) == kept.sealed


def test_a_step_of_another_post_comes_back(phone, world):
    matter = world.report(at=None).matter
    kept = sent(phone, "step", {"step": "close"}, subject={"matter": matter.id, "version": 1})
    assert kept.state == "conflict" or kept.state == "quarantined"
    assert world.fresh(matter).status == "reported"


def test_uuid_of_phone_is_the_uuid_of_the_act(phone):
    kept = sent(phone, "report", {"text": "路灯不亮"})
    assert Report.objects.get().id == UUID(str(kept.id))
