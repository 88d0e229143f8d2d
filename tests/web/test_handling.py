"""The unit's screen: what it shows, accepting many at once, parts of several units."""

from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.matters.queries import MatterFilter, matters_visible_to, units, verify_ledger
from maplebridge.org.models import ReplyTemplate
from maplebridge.org.queries import actor_for

DISPATCH = {"category": "E02", "lead": "sanitation"}


def given(world, n=1, **more):
    """`n` matters that wait for sanitation to accept them."""
    made = []
    for i in range(n):
        matter = world.report(f"第{i}处垃圾成堆", at=timezone.now()).matter
        world.step(matter, "dispatch", "li", at=timezone.now(), **DISPATCH | more)
        made.append(matter)
    return made


def test_many_are_accepted_at_once_and_a_retry_writes_nothing(world, desk):
    made, client = given(world, 3), desk.open_for("wang")
    sent = {"number": [m.number for m in made], "command_id": str(uuid4())}
    assert client.post(reverse("web:accept_many"), sent).status_code == 302
    events = MatterEvent.objects.count()
    assert client.post(reverse("web:accept_many"), sent).status_code == 302
    assert MatterEvent.objects.count() == events
    assert set(Matter.objects.values_list("status", flat=True)) == {"accepted"}
    page = client.get(reverse("web:unit")).content.decode()
    assert "3 matters accepted" in page
    assert list(verify_ledger()) == []


def test_a_refusal_names_its_matter_and_leaves_the_others(world, desk):
    mine, other = given(world)[0], world.report("路灯不亮", at=timezone.now()).matter
    world.step(other, "dispatch", "li", at=timezone.now(), category="E03", lead="utility")
    client = desk.open_for("wang")
    sent = {"number": [other.number, mine.number], "command_id": str(uuid4())}
    page = client.post(reverse("web:accept_many"), sent, follow=True).content.decode()
    assert "1 matter accepted" in page
    assert f"{other.number}:" in page
    assert world.fresh(other).status == "dispatched"
    page = client.post(reverse("web:accept_many"), {"command_id": str(uuid4())}, follow=True)
    assert "Tick the matters" in page.content.decode()
    assert client.post(reverse("web:accept_many"), {"number": [mine.number]}).status_code == 400


def test_figures_agree_with_the_lists_behind_them(world, desk):
    made = given(world, 4)
    world.step(made[0], "accept", "wang", at=timezone.now())
    world.step(made[0], "start", "wang", at=timezone.now(), contact_result="reached")
    world.step(
        made[0], "suspend", "zhao", at=timezone.now(), reason="等雨停", review_on="2099-01-04"
    )
    actor, now = actor_for(world.people.wang), timezone.now()
    for counted in units.unit_load(actor.unit_ids, now).values():
        for state, n in counted.items():
            wanted = MatterFilter(unit="sanitation", state=state)
            assert wanted.apply(matters_visible_to(actor), now).count() == n, state
    assert units.unit_load(actor.unit_ids, now)[world.units.sanitation.id]["open"] == 4


def test_each_part_has_a_state_of_its_own(world, desk):
    matter, zhou = given(world, helpers=["utility"])[0], desk.open_for("zhou")
    assert "Our part: to accept" in zhou.get(reverse("web:unit")).content.decode()
    world.step(matter, "helper_accept", "zhou", at=timezone.now())
    lead, part = matter.assignments.get(role="lead"), matter.assignments.get(role="helper")
    assert part.accepted_at
    assert not lead.accepted_at
    world.step(matter, "accept", "wang", at=timezone.now())
    world.step(matter, "start", "wang", at=timezone.now(), contact_result="on_site")
    page = zhou.get(reverse("web:unit")).content.decode()
    assert matter.number in page
    assert "Our part: in work" in page
    world.step(matter, "helper_done", "zhou", at=timezone.now(), result="已断电")
    assert matter.assignments.get(role="helper").state == "done"
    world.step(matter, "handle", "wang", at=timezone.now(), result="已清运")
    assert world.fresh(matter).status == "handled"


def test_reply_templates_fit_the_unit_and_are_filled_in(world, desk):
    matter = given(world)[0]
    world.step(matter, "accept", "wang", at=timezone.now())
    text = "您反映的 {number} 由{unit}办理，{nobody} 不变。"
    ReplyTemplate.objects.create(name="已受理", use="note", text=text)
    ReplyTemplate.objects.create(name="别家的", use="note", text="x", unit=world.units.utility)
    page = desk.open_for("wang").get(reverse("web:matter", args=[matter.number])).content.decode()
    assert f"您反映的 {matter.number} 由环卫所办理，{{nobody}} 不变。" in page
    assert "别家的" not in page


def test_messages_say_plainly_who_reads_them(world, desk):
    matter = given(world)[0]
    world.step(matter, "accept", "wang", at=timezone.now())
    world.step(matter, "remark", "wang", at=timezone.now(), note="先问问村里")
    client, address = desk.open_for("wang"), reverse("web:matter", args=[matter.number])

    def history():
        return client.get(address).content.decode().split('class="timeline"')[1]

    assert "Only colleagues read this" in history()
    assert "The reporter reads this" not in history()
    world.step(matter, "answer", "wang", at=timezone.now(), public_answer="明天到场")
    assert "The reporter reads this" in history()


def test_only_handlers_have_a_unit_screen(world, desk):
    assert desk.open_for("li").get(reverse("web:unit")).status_code == 403
    assert desk.open_for("wang").get(reverse("web:dispatch")).status_code == 403


def test_a_list_that_renews_itself_keeps_nobody_signed_in(world, desk):
    client = desk.open_for("li")
    client.get(reverse("web:dispatch_rows"))
    assert "seen" not in client.session
    client.get(reverse("web:dispatch"))
    assert "seen" in client.session
