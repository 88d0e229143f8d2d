"""One matter from report to archive, through every usual branch."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.matters.actions import follow, tick
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import (
    likely_duplicates,
    matters_visible_to,
    reporter_of,
    verify_ledger,
)
from maplebridge.org.models import Duty
from maplebridge.trust.models import VaultEntry
from tests.matters.conftest import MONDAY

DAY = timedelta(days=1)


def test_a_smell_of_gas_is_no_quarrel_though_a_neighbour_is_named(world):
    made = world.report("邻居家煤气味很大，怕出事")
    assert made.matter.proposed_category.code == "C01"
    # Nor is a fire next door, where danger was named; without one the words decide.
    text, elsewhere = "隔壁仓库冒烟", {"lon": None, "lat": None, "area": "331181101201"}
    assert world.report(text, **elsewhere).matter.proposed_category.code == "A02"
    fire = world.report(text, urgency="fire", **elsewhere).matter
    assert fire.proposed_category.code == "C04"


def test_report_locates_proposes_and_starts_the_clock(world):
    made = world.report("村口垃圾成堆，没人清运", contact={"name": "张三", "phone": "13812345678"})
    matter = made.matter
    assert matter.area_code == "331181101201001"
    assert matter.number == "331181101201-20261123-0001"
    assert matter.proposed_category.code == "E01"
    assert matter.proposed_lead == world.units.sanitation
    assert matter.status == "reported"
    assert "垃圾" in matter.proposal["words"]
    assert (matter.due_kind, matter.due_at) == (
        "respond",
        MONDAY + timedelta(hours=6),
    )  # 4 wh over noon
    assert VaultEntry.objects.filter(subject=made.subject).count() == 2
    event = matter.events.get()
    assert "13812345678" not in str(event.data)


def test_plain_duty_dispatches_by_itself_when_category_and_place_are_known(world):
    matter = world.fresh(world.report("第三盏路灯不亮", category="D03").matter)
    assert (matter.status, matter.lead) == ("dispatched", world.units.utility)
    assert [e.step for e in matter.events.order_by("version")] == ["report", "dispatch"]


def test_same_id_again_makes_nothing_and_other_text_conflicts(world):
    command = uuid4()
    first = world.report(command_id=command)
    assert world.report(command_id=command).code == first.code
    assert Matter.objects.count() == 1
    with pytest.raises(Conflict):
        world.report("完全不同的事", command_id=command)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "", "lon": None, "lat": None}, "text"),
        ({"text": "字" * 10_001}, "text"),
        ({"category": "J01"}, "category"),
        ({"category": "X99"}, "category"),
        ({"lon": 999.0}, "lon"),
        ({"lat": float("nan")}, "lat"),
        ({"lat": None}, "lat"),
        ({"crs": "mars"}, "crs"),
        ({"area": "000000"}, "area"),
        ({"photos": ["x"]}, "photos"),
        ({"photos": ["0" * 64]}, "photos"),
        ({"contact": {"phone": "12"}}, "contact.phone"),
        ({"contact": {"wechat": "a"}}, "contact"),
    ],
)
def test_bad_reports_name_the_field_and_write_nothing(world, fields, wrong):
    with pytest.raises(InvalidInput) as caught:
        world.report(**fields)
    assert caught.value.field == wrong
    assert not Matter.objects.exists()
    assert not VaultEntry.objects.exists()


def test_place_outside_every_grid_waits_as_unknown(world):
    matter = world.report(lon=world.outside[0], lat=world.outside[1]).matter
    assert (matter.place_known, matter.area_code) == (False, "331181101")


def test_the_usual_way_to_archive(world):
    made = world.report("建筑垃圾堆在路边")
    matter = made.matter
    for name, who, fields in [
        ("dispatch", "li", {"category": "E02", "lead": "sanitation", "helpers": ["utility"]}),
        ("accept", "wang", {}),
        ("start", "wang", {"contact_result": "reached"}),
        ("helper_done", "zhou", {"result": "已断电配合"}),
        ("handle", "wang", {"result": "已清运", "public_answer": "已经清理干净"}),
        ("close", "chen", {}),
    ]:
        world.step(matter, name, who, **fields)
    reporter = reporter_of(made.code)[1]
    world.step(matter, "evaluate", reporter, solved="yes", satisfied="yes", contacted="yes")
    assert tick(MONDAY + 31 * DAY)["archived"] == 1
    assert world.fresh(matter).status == "archived"
    assert list(verify_ledger()) == []


def test_handle_waits_for_helpers(world):
    matter = world.report().matter
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation", helpers=["utility"])
    world.step(matter, "accept", "wang")
    world.step(matter, "start", "wang", contact_result="reached")
    with pytest.raises(Conflict, match="供电所"):
        world.step(matter, "handle", "wang", result="好了")


def test_nobody_verifies_his_own_work(world):
    from maplebridge.org.models import Post

    Post.objects.create(
        person=world.people.wang, kind="verifier", title="核查员", unit=world.units.command
    )
    matter = world.in_status("handled")
    with pytest.raises(NotAllowed):
        world.step(matter, "close", "wang")
    world.step(matter, "close", "chen")


def test_second_return_needs_a_ruling_that_becomes_precedent(world):
    matter = world.in_status("returned")
    due = matter.clocks.get(kind="handle").due_at
    world.step(matter, "dispatch", "li", category="E02", lead="utility")
    assert matter.clocks.get(kind="handle").due_at == due  # a return does not reset it
    world.step(
        matter,
        "return_back",
        "zhou",
        reason_code="not_ours",
        reason="不是",
        basis="条例",
        belongs_to="sanitation",
    )
    with pytest.raises(Conflict):
        world.step(matter, "dispatch", "li", category="E02", lead="sanitation")
    world.step(matter, "rule", "zhao", lead="sanitation", reason="由环卫所牵头", basis="职责清单")
    assert world.fresh(matter).lead == world.units.sanitation
    assert Duty.objects.get(precedent_of=matter.number).lead == world.units.sanitation
    later = world.report("又有建筑垃圾", category="E02").matter
    assert later.proposed_lead == world.units.sanitation


def test_a_unit_returns_only_within_two_working_days_and_once(world):
    matter = world.in_status("dispatched")
    fields = {"reason_code": "not_ours", "reason": "不", "basis": "条例", "belongs_to": "utility"}
    with pytest.raises(Conflict):
        world.step(matter, "return_back", "wang", at=MONDAY + 4 * DAY, **fields)
    world.step(matter, "return_back", "wang", **fields)
    world.step(matter, "dispatch", "li", category="E02", lead="sanitation")
    with pytest.raises(Conflict):
        world.step(matter, "return_back", "wang", **fields)


def test_an_unlisted_duty_cannot_go_to_a_grid(world):
    matter = world.report().matter
    with pytest.raises(InvalidInput):
        world.step(matter, "dispatch", "li", category="E02", lead="grid-1")
    world.step(matter, "dispatch", "li", category="K01", lead="grid-1")


def test_extension_keeps_both_limits_and_never_doubles(world):
    matter = world.in_status("in_progress")  # 4 wd from Monday: Friday 27
    with pytest.raises(InvalidInput):
        world.step(matter, "ask_extension", "wang", reason="雨", until="2026-12-09")
    world.step(matter, "ask_extension", "wang", reason="雨", until="2026-12-02")
    with pytest.raises(Conflict):
        world.step(matter, "ask_extension", "wang", reason="雨", until="2026-12-02")
    world.step(matter, "extend", "zhao")
    clock = matter.clocks.get(kind="handle")
    assert clock.first_due_at < clock.due_at
    assert world.fresh(matter).petition_open is False


def test_suspension_moves_the_due_time_by_the_working_time_paused(world):
    matter = world.in_status("in_progress")
    before = matter.clocks.get(kind="handle").due_at
    world.step(matter, "suspend", "zhao", reason="等施工", review_on="2026-11-25")
    assert world.fresh(matter).due_at is None
    assert tick(MONDAY + 2 * DAY)["resumed"] == 1
    clock = matter.clocks.get(kind="handle")
    assert clock.paused_seconds == 2 * 7 * 3600
    assert clock.due_at == before + 4 * DAY  # Friday 27 → Tuesday 1


def test_merging_lets_every_reporter_follow_on(world):
    first, second = world.report(), world.report("垃圾没人收")
    world.step(second.matter, "merge", "li", target_matter=first.matter.number)
    assert reporter_of(second.code)[0].matter == first.matter
    assert world.fresh(first.matter).report_count == 2
    assert world.fresh(second.matter).status == "merged"
    assert list(verify_ledger()) == []


def test_not_solved_reopens_once_then_a_supervisor_decides(world):
    made = world.report()
    matter = made.matter
    reporter = reporter_of(made.code)[1]
    for name in ("dispatch", "accept", "start", "handle", "close"):
        from tests.matters.conftest import STEPS

        world.step(matter, name, STEPS[name][0], **STEPS[name][1](world))
    world.step(
        matter, "evaluate", reporter, solved="no", satisfied="no", contacted="no", note="还在"
    )
    assert world.fresh(matter).status == "in_progress"
    world.step(matter, "handle", "wang", result="再清")
    world.step(matter, "close", "chen")
    world.step(matter, "ask_reopening", reporter, reason="还是有")
    assert world.fresh(matter).petition_open is True
    world.step(matter, "refuse_reopening", "zhao", reason="已核实干净")
    assert world.fresh(matter).status == "closed"


def test_a_stranger_does_nothing_with_another_reporters_code(world):
    mine, other = world.report(), world.report("别的事情")
    with pytest.raises(NotAllowed):
        world.step(other.matter, "withdraw", reporter_of(mine.code)[1])
    world.step(mine.matter, "withdraw", reporter_of(mine.code)[1])
    assert world.fresh(mine.matter).status == "withdrawn"


def test_safety_matters_and_followed_ones_are_not_withdrawn(world):
    safety = world.report("楼梯间消防通道堵塞", category="B01")
    with pytest.raises(NotAllowed):
        world.step(safety.matter, "withdraw", reporter_of(safety.code)[1])
    plain = world.report()
    follow(plain.matter.id, command_id=uuid4(), channel="web", at=MONDAY)
    with pytest.raises(NotAllowed):
        world.step(plain.matter, "withdraw", reporter_of(plain.code)[1])


def test_settling_on_the_spot_needs_a_flagged_category(world):
    matter = world.report("垃圾桶旁垃圾", category="E01").matter
    other = world.report("渣土乱倒", category="E02").matter
    with pytest.raises(Conflict):  # dispatched by itself already
        world.step(matter, "settle_on_spot", "lin", result="扫了")
    with pytest.raises(NotAllowed):
        world.step(other, "settle_on_spot", "lin", result="扫了")
    third = world.report("路边垃圾成堆没人清运").matter
    world.step(third, "settle_on_spot", "lin", result="扫了")
    assert world.fresh(third).status == "closed"


def test_correct_mends_any_status_with_a_reason(world):
    matter = world.in_status("declined")
    world.step(matter, "correct", "zhao", target_status="reported", reason="误判")
    assert world.fresh(matter).status == "reported"


def test_lights_climb_once_each(world):
    matter = world.in_status("dispatched")
    assert tick(MONDAY + 1 * DAY)["escalated"] == 1
    assert tick(MONDAY + 1 * DAY)["escalated"] == 0
    assert world.fresh(matter).supervision == 1
    tick(MONDAY + 3 * DAY)
    assert world.fresh(matter).supervision == 2
    tick(MONDAY + 8 * DAY)
    assert world.fresh(matter).supervision == 3


def test_a_stale_version_conflicts(world):
    matter = world.report().matter
    with pytest.raises(Conflict) as caught:
        world.step(matter, "dispatch", "li", category="E02", lead="sanitation", version=7)
    assert caught.value.version == 1


def test_the_same_command_twice_is_one_event(world):
    matter, command = world.in_status("dispatched"), uuid4()
    one = world.step(matter, "accept", "wang", command_id=command)
    two = world.step(matter, "accept", "wang", command_id=command)
    assert one.pk == two.pk
    assert MatterEvent.objects.filter(matter=matter).count() == 3


def test_only_posts_see_matters(world):
    matter = world.in_status("dispatched")
    seen = {
        n: matters_visible_to(world.actor(n)).filter(pk=matter.pk).exists()
        for n in vars(world.people)
    }
    assert seen == {
        "li": True,
        "wang": True,
        "sun": True,
        "zhou": False,
        "chen": True,
        "zhao": True,
        "lin": True,
        "wu": False,
    }


def test_likely_duplicates_are_near_alike_and_not_confidential(world):
    near = world.report("垃圾成堆在桥头", category="E01").matter
    world.report("邻居吵架", category="A02")
    world.report("远处的垃圾", category="E01", lon=119.065, lat=27.965)
    lon, lat = world.point
    found = likely_duplicates(
        text="桥头垃圾成堆", lon=lon + 0.0005, lat=lat, category_id=None, at=MONDAY, public=True
    )
    assert [like.matter.id for like in found] == [near.id]


def test_the_answer_handed_in_with_a_result_is_kept_beside_it(world):
    from maplebridge.trust.queries import passages

    matter = world.in_status("in_progress")
    world.step(matter, "handle", "wang", result="已清运", public_answer="垃圾已经清走，谢谢")
    kept = {
        e.step: passages([e.passage_id]) for e in matter.events.filter(passage_id__isnull=False)
    }
    assert list(kept["handle"].values()) == ["已清运"]
    assert list(kept["answer"].values()) == ["垃圾已经清走，谢谢"]
    assert matter.events.get(step="answer").person == world.people.wang
    assert list(verify_ledger()) == []
