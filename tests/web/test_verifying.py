"""The verifier's screen through real requests."""

import re
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from maplebridge.files.actions import store_photo
from maplebridge.matters.models import MatterEvent
from maplebridge.org.models import Post
from maplebridge.trust.models import AccessLog
from tests.files.pictures import encoded, picture
from tests.web.test_desk import hidden


def handled(world, **more):
    return world.in_status("handled", **more)


def screen(client, matter=None):
    url = reverse("web:verify_matter", args=[matter.number]) if matter else reverse("web:verify")
    page = client.get(url)
    assert page.status_code == 200, page.content.decode()[:800]
    return page.content.decode()


def send(client, matter, name, **fields):
    """Open the matter on the screen and send one of its forms."""
    url = reverse("web:verify_step", args=[matter.number, name])
    return client.post(url, hidden(screen(client, matter), url) | fields)


def spot(world, sampled=True):
    """A matter 林青 settled on the spot; ids whose tenth is drawn are the sampled ones."""
    matter = world.report(text="田里烧垃圾", category="E04").matter
    command = UUID(int=10 * (uuid4().int >> 4) + (0 if sampled else 1))
    world.step(matter, "settle_on_spot", "lin", result="当场扑灭", command_id=command)
    return world.fresh(matter)


@pytest.mark.parametrize(
    ("who", "status"), [("chen", 200), ("li", 403), ("wang", 403), ("zhao", 403)]
)
@pytest.mark.parametrize("name", ["verify", "verify_sampled"])
def test_the_screen_is_the_verifiers(world, desk, who, status, name):
    assert desk.open_for(who).get(reverse(f"web:{name}")).status_code == status


def test_it_is_the_verifiers_home(world, desk):
    chen = desk.open_for("chen")
    assert chen.get(reverse("web:home"))["Location"] == reverse("web:verify")
    assert "Nothing waits for verification" in chen.get(reverse("web:verify")).content.decode()


def test_the_report_stands_beside_the_result(world, desk):
    matter = world.in_status("in_progress")
    world.step(matter, "handle", "wang", result="已清运两车", public_answer="已经清走", at=desk.now)
    page = screen(desk.open_for("chen"))
    for words in (
        "味道很大", "已清运两车", "已经清走", "王强", "现场清理干净并复查", "Time taken", "Limit",
        "History",
    ):  # fmt: skip
        assert words in page, words


def test_closing_opens_the_next_with_a_link_back(world, desk):
    first, second, third = (handled(world) for _ in range(3))
    chen = desk.open_for("chen")
    done = send(chen, second, "close", note="现场看过")
    assert done["Location"] == reverse("web:verify_matter", args=[third.number])
    page = chen.get(done["Location"]).content.decode()
    assert f'href="{reverse("web:matter", args=[second.number])}"' in page
    assert world.fresh(second).status == "closed"
    assert send(chen, third, "close")["Location"].endswith(first.number)
    assert send(chen, first, "close")["Location"] == reverse("web:verify")


def test_sending_back_needs_a_reason(world, desk):
    matter = handled(world)
    chen = desk.open_for("chen")
    bare = send(chen, matter, "rework", reason=" ")
    assert bare.status_code == 422
    assert "required" in bare.content.decode()
    assert world.fresh(matter).status == "handled"
    assert send(chen, matter, "rework", reason="照片看不清").status_code == 302
    assert world.fresh(matter).status == "in_progress"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "required"),
        ({"reached": "yes"}, "note the answer"),
        ({"reached": "yes", "solved": "yes"}, "note the answer"),
        ({"reached": "no_answer", "solved": "yes"}, "nothing to note"),
        ({"reached": "perhaps"}, "valid choice"),
    ],
)
def test_a_wrong_call_back_is_named(world, desk, said, words):
    matter = handled(world)
    answer = send(desk.open_for("chen"), matter, "call_back", **said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not matter.events.filter(step="call_back").exists()


def test_a_call_back_stays_with_the_matter_and_stands_beside_the_decision(world, desk):
    matter = handled(world)
    chen = desk.open_for("chen")
    said = {"reached": "yes", "solved": "partly", "satisfied": "no", "note": "还有一点没清"}
    done = send(chen, matter, "call_back", **said)
    assert done["Location"] == reverse("web:verify_matter", args=[matter.number])
    page = chen.get(done["Location"]).content.decode()
    for words in ("还有一点没清", "Mostly solved", "Not satisfied"):
        assert words in page, words


def test_the_contact_is_shown_for_a_purpose_only_and_logged(world, desk):
    matter = world.in_status("handled", contact={"name": "方某", "phone": "13800000000"})
    report = matter.reports.get()
    chen = desk.open_for("chen")
    assert "13800000000" not in screen(chen, matter)
    url = reverse("web:verify_contact", args=[matter.number, report.id])
    assert chen.post(url, {"purpose": "curious"}).status_code == 400
    assert AccessLog.objects.count() == 0
    shown = chen.post(url, {"purpose": "Verifying the result with the reporter"})
    assert "13800000000" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert AccessLog.objects.filter(purpose="Verifying the result with the reporter").count() == 2
    assert desk.open_for("li").post(url, {"purpose": "Asking what is unclear"}).status_code == 403


def test_nobody_verifies_his_own_work(world, desk):
    Post.objects.create(
        person=world.people.wang, kind="verifier", title="核查员", unit=world.units.command
    ).areas.set([world.areas["331181101"]])
    mine = handled(world)
    wang = desk.open_for("wang")
    page = screen(wang)
    assert "Only your own work is left" in page
    assert "Your own work" in page
    page = screen(wang, mine)
    assert "Nobody verifies his own work" in page
    for name in ("close", "rework", "call_back"):
        url = reverse("web:verify_step", args=[mine.number, name])
        assert url not in page
        sent = {
            "command_id": str(uuid4()),
            "version": mine.version,
            "reason": "x",
            "reached": "no_contact",
        }
        assert wang.post(url, sent).status_code == 403
    assert world.fresh(mine).status == "handled"


def test_own_work_is_passed_over(world, desk):
    Post.objects.create(
        person=world.people.sun, kind="verifier", title="核查员", unit=world.units.command
    ).areas.set([world.areas["331181101"]])
    theirs = [handled(world) for _ in range(2)]
    own = world.in_status("accepted")
    world.step(own, "start", "sun", contact_result="on_site")
    world.step(own, "handle", "sun", result="孙丽做的")
    last = handled(world)
    sun = desk.open_for("sun")
    assert send(sun, theirs[1], "close")["Location"].endswith(last.number)


def test_a_double_press_is_one_close_and_somebody_faster_is_told(world, desk):
    matter, other = handled(world), handled(world)
    chen = desk.open_for("chen")
    url = reverse("web:verify_step", args=[matter.number, "close"])
    sent = hidden(screen(chen, matter), url)
    assert [chen.post(url, sent)["Location"][-4:] for _ in range(2)] == [other.number[-4:]] * 2
    assert matter.events.filter(step="close").count() == 1
    late = sent | {"command_id": str(uuid4())}
    answer = chen.post(url, late)
    assert answer["Location"] == reverse("web:matter", args=[matter.number])
    assert "Somebody was faster" in chen.get(answer["Location"]).content.decode()
    gone = chen.get(reverse("web:verify_matter", args=[matter.number]))
    assert gone["Location"] == reverse("web:matter", args=[matter.number])
    url = reverse("web:verify_step", args=[other.number, "close"])
    stale = hidden(screen(chen, other), url)
    world.step(other, "remark", "li", note="先到", at=timezone.now())
    assert chen.post(url, stale | {"note": "打过电话"}).status_code == 422
    assert world.fresh(other).status == "handled"


def test_only_its_own_steps_are_taken_here(world, desk):
    matter = handled(world)
    chen = desk.open_for("chen")
    assert chen.post(reverse("web:verify_step", args=[matter.number, "reopen"])).status_code == 404
    assert chen.get(reverse("web:verify_matter", args=["331181-x"])).status_code == 404


def test_samples_wait_in_their_own_queue(world, desk):
    drawn, left = spot(world), spot(world, sampled=False)
    chen = desk.open_for("chen")
    page = chen.get(reverse("web:verify_sampled")).content.decode()
    assert drawn.number in page
    assert left.number not in page
    assert "当场扑灭" in page
    taken_out = reverse("web:export", args=["sampled"])
    assert taken_out in page
    assert "1 matter" in chen.get(taken_out).content.decode()
    assert desk.open_for("wang").get(taken_out).status_code == 404
    other = spot(world)
    done = send(chen, drawn, "uphold")
    assert done["Location"].endswith(other.number)
    assert not world.fresh(drawn).sampled
    bare = send(chen, other, "overturn", reason="")
    assert bare.status_code == 422
    assert send(chen, other, "overturn", reason="垃圾还在")["Location"] == reverse(
        "web:verify_sampled"
    )
    assert world.fresh(other).status == "reported"


def test_the_tabs_count_both_queues(world, desk):
    for _ in range(3):
        handled(world)
    spot(world)
    page = screen(desk.open_for("chen"))
    counts = re.findall(r'<span class="count">(\d+)</span>', page)
    assert counts[-2:] == ["3", "1"]


def test_photos_from_before_and_after_have_their_door(world, desk):
    shas = []
    for colour in ("red", "green"):
        data = encoded(picture(colour=colour))
        kept = store_photo(sha256(data).hexdigest(), data, at=desk.now, actor=world.actor("wang"))
        shas.append(kept.sha256)
    matter = world.in_status("in_progress")
    world.step(matter, "handle", "wang", result="已清运", before=[shas[0]], photos=[shas[1]])
    chen = desk.open_for("chen")
    page = screen(chen)
    assert "Before" in page
    assert "After" in page
    for sha in shas:
        assert sha in page
        assert chen.get(reverse("web:photo", args=[matter.number, sha])).status_code == 200


def test_texts_are_shut_to_scripts(world, desk):
    strange = "<b hx-get='/x'>粗</b><script>alert(1)</script>"
    matter = world.in_status("in_progress", text=strange)
    world.step(matter, "handle", "wang", result=strange, public_answer=strange)
    page = screen(desk.open_for("chen"))
    assert "<script>alert" not in page
    assert "<b hx-get" not in page


def test_time_taken_leaves_out_nights(world, desk):
    matter = world.in_status("in_progress")
    start = MatterEvent.objects.get(matter=matter, step="dispatch").at
    world.step(matter, "handle", "wang", result="好了", at=start + timedelta(days=1, hours=1))
    assert "8 working hours" in screen(desk.open_for("chen"))


def test_urgent_ones_come_first_then_what_was_told_longest_ago(world, desk):
    """And after each decision in the same order; nobody's own work is opened."""
    old, middle, urgent = (handled(world) for _ in range(3))
    world.step(urgent, "mark_urgent", "zhao", urgency="gas", at=desk.now)
    world.step(urgent, "acknowledge", "li", at=desk.now)
    chen = desk.open_for("chen")
    page = screen(chen)
    places = [page.index(f'verify/{m.number}"') for m in (urgent, old, middle)]
    assert places == sorted(places)
    assert "Handed in" in page
    for done, ahead in ((urgent, old), (old, middle)):
        assert send(chen, done, "close")["Location"].endswith(ahead.number)
    late = handled(world)
    world.step(late, "mark_urgent", "zhao", urgency="gas", at=desk.now)
    assert send(chen, middle, "close")["Location"].endswith(late.number)


def test_a_call_that_says_not_solved_turns_the_decision_round(world, desk):
    matter = handled(world)
    chen = desk.open_for("chen")
    said = {"reached": "yes", "solved": "no", "satisfied": "no"}
    assert "it is not solved" not in screen(chen, matter)
    assert send(chen, matter, "call_back", **said).status_code == 302
    page = screen(chen, matter)
    assert "The reporter says it is not solved." in page
    assert "Note another call" in page
    send(chen, matter, "rework", reason="还有异味")
    world.step(matter, "handle", "wang", result="又清了一遍", at=desk.now)
    assert "it is not solved" not in screen(chen, matter)  # that was said of the result before


def test_where_no_contact_was_left_the_form_says_so_already(world, desk):
    matter = handled(world)
    page = screen(desk.open_for("chen"), matter)
    assert re.search(r'value="no_contact"[^>]*checked', page)


def test_messages_about_a_matter_are_read_by_looking_at_it(world, desk):
    matter = handled(world)
    chen = desk.open_for("chen")
    assert 'data-unread="1"' in chen.get(reverse("web:bell")).content.decode()
    screen(chen, matter)
    assert 'data-unread="0"' in chen.get(reverse("web:bell")).content.decode()
