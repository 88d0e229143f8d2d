"""The phone's screens in the hand of a worker: signed in once, then at the door without signal."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from maplebridge.fieldwork.actions import ask_visit, keep_place, mend_place
from maplebridge.fieldwork.models import Place, Visit
from maplebridge.kernel.ids import uuid7
from maplebridge.matters.actions import report
from maplebridge.matters.models import Matter, Report
from maplebridge.org.queries import actor_for
from maplebridge.sync.models import Conflict, Device, Submission
from tests.browser import NO_BROWSER
from tests.field.hand import PIN, Hand

pytestmark = [pytest.mark.browser, NO_BROWSER]
GRID = "331181101201001"


@pytest.fixture
def hands(town, site, chromium):
    """hands("lin") is lin's phone, set up and open at Today; hands() is new."""
    opened = []

    def take(name=None, **options):
        opened.append(hand := Hand(chromium, site, **options))
        if name:
            hand.open("field/enrol")
            hand.sign_in(name)
            hand.heading("Set up this phone")
            hand.set_up()
        return hand

    yield take
    for hand in opened:
        hand.context.close()
        assert hand.faults == []


def picture(colour="#884422"):
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), colour).save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def told(town, text="村口垃圾成堆没人清", **facts):
    lon, lat = town.point
    return report(
        text=text, category="E01", lon=lon, lat=lat, address="村口公交站旁",
        channel=Report.Channel.COUNTER, command_id=uuid7(), **facts,
    ).matter  # fmt: skip


def test_from_the_first_sign_in_to_a_record_that_counts(town, hands):
    open_matter = told(town)
    hand = hands()
    page = hand.page
    hand.heading("Is this browser fit?")
    expect(page.locator(".notice")).to_contain_text("This browser is fit", timeout=60_000)
    expect(page.locator(".checks li")).to_have_count(8)
    hand.check()
    page.get_by_role("link", name="Go on: sign in").click()
    hand.sign_in("lin")
    hand.heading("Set up this phone")
    hand.check()
    hand.set_up()
    hand.stands("Everything is sent")
    expect(page.locator("main")).to_contain_text(open_matter.title)
    hand.check()

    hand.context.set_offline(True)
    page.reload()
    hand.unlock()
    hand.heading("Today")
    expect(page.locator("main")).to_contain_text(open_matter.title)
    page.locator("#nav").get_by_role("link", name="Record", exact=True).click()
    page.get_by_role("link", name="Report something").click()
    hand.heading("Report something")
    expect(page.locator(".position")).to_contain_text("上村第1网格 · within 12 m")
    page.get_by_label("What is the matter?").fill("文化礼堂门前路灯不亮")
    page.locator("[data-from=camera]").set_input_files(picture())
    expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_text("Street light out", exact=True).first.click()
    hand.check()
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    hand.check()
    hand.stands("1 record waits to be sent")

    hand.open()  # the window was killed, and another is opened; still no signal
    page = hand.page
    hand.unlock()
    hand.heading("Today")
    page.locator("#nav").get_by_role("link", name="My records").click()
    expect(hand.records).to_contain_text("文化礼堂门前路灯不亮")
    expect(hand.records).to_contain_text("Saved on this phone")
    assert Submission.objects.count() == 0

    hand.context.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    expect(hand.records).to_contain_text("Counted")
    hand.stands("Everything is sent")
    made = Matter.objects.get(title__startswith="文化礼堂门前")
    assert (made.category.code, made.area_code, made.place_known) == ("D03", GRID, True)
    assert Report.objects.get(matter=made).channel == Report.Channel.FIELD
    page.get_by_role("link", name="文化礼堂门前路灯不亮").click()
    page.get_by_role("link", name="Open the matter").click()
    expect(page.locator("main")).to_contain_text(made.number)
    hand.check()


def test_likely_the_same_is_shown_before_saving(town, hands):
    known = told(town)
    hand = hands("lin")
    page = hand.page
    hand.go("new/report")
    page.get_by_label("What is the matter?").fill("村口垃圾成堆")
    likely = page.locator(".likely")
    expect(likely).to_contain_text(known.title)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#likely-head")).to_be_focused()  # asked once, saved with the second press
    expect(page.get_by_role("button", name="None of these: save")).to_be_visible()
    hand.check()
    likely.get_by_role("button", name="It is this one").click()
    expect(page.locator("main")).to_contain_text(f"Will be added to matter {known.number}")
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    expect(page.locator("main")).to_contain_text("Counted")
    assert Matter.objects.count() == 1
    assert Report.objects.filter(matter=known).count() == 2


def test_a_step_is_taken_at_the_door(town, hands):
    matter = told(town)  # rubbish goes to sanitation by itself
    hand = hands("wang")
    page = hand.page
    expect(page.get_by_role("region", name=re.compile("Needs your answer"))).to_contain_text(
        "Waits for you to accept"
    )
    page.get_by_role("link", name=matter.title).first.click()
    hand.heading(matter.title)
    hand.check()
    hand.context.set_offline(True)
    page.get_by_role("link", name="Accept").click()
    hand.heading("Accept")
    page.get_by_role("button", name="Save: Accept").click()
    hand.heading("Saved on this phone")
    page.go_back()  # the form is finished: back leads to the matter, not into it
    hand.heading(matter.title)
    expect(page.locator("main")).to_contain_text("You have recorded a step; it is on its way.")
    expect(page.get_by_role("link", name="Accept", exact=True)).to_have_count(0)
    hand.context.set_offline(False)
    hand.go("mine")
    page.get_by_role("button", name="Send now").click()
    expect(hand.records).to_contain_text("Counted")
    matter.refresh_from_db()
    assert matter.status == "accepted"
    hand.go(f"matter/{matter.id}")
    expect(page.get_by_role("link", name="First contact")).to_be_visible()


def place_of(town, **facts):
    fields = {"kind": "rental", "name": "后街出租房", "address": "后街3号", "head_count": 4}
    lon, lat = town.point
    return keep_place(
        place_id=uuid7(), fields=fields | {"lon": lon, "lat": lat} | facts,
        actor=actor_for(town.people.lin), command_id=uuid7(),
    )  # fmt: skip


def test_two_wrote_differently_and_the_worker_chooses(town, hands):
    place = place_of(town)
    hand = hands("lin")
    page = hand.page
    hand.context.set_offline(True)
    hand.go(f"place/{place.id}")
    page.get_by_role("link", name="Correct what is written").click()
    page.get_by_label("People living here").fill("6")
    page.get_by_label("Address").fill("后街3-1号")
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    mend_place(
        place.id, {"head_count": {"base": 4, "mine": 8}},
        actor=actor_for(town.people.li), command_id=uuid7(),
    )  # fmt: skip
    hand.context.set_offline(False)
    hand.go("mine")
    page.get_by_role("button", name="Send now").click()
    expect(hand.records).to_contain_text("Two wrote differently")
    hand.records.get_by_role("link").first.click()
    sides = page.locator(".sides")
    expect(sides).to_have_count(1)  # the address met nobody
    expect(sides).to_contain_text("People living here")
    expect(sides).to_contain_text("Before: 4")
    expect(sides).to_contain_text("李敏 8")
    hand.check()
    page.get_by_role("button", name="Keep it like this").click()
    expect(page.locator("main")).to_contain_text("Choose one side for each.")
    sides.get_by_label(re.compile("^Mine")).check()
    page.get_by_role("button", name="Keep it like this").click()
    hand.heading("My records")
    expect(hand.records).to_contain_text("Counted")
    place.refresh_from_db()
    assert (place.facts["head_count"], place.address) == (6, "后街3-1号")
    assert Conflict.objects.get().choice == {"head_count": "mine"}


def test_a_visit_and_an_inspection_are_recorded(town, hands):
    place = place_of(town)
    today = timezone.localdate()
    for kind in ("visit", "inspection"):
        ask_visit(
            need_id=uuid7(), kind=kind, reason="asked", due_on=today, place=place.id,
            actor=actor_for(town.people.li), note=f"看看{kind}",
        )  # fmt: skip
    over = told(town, "两家为围墙吵架")  # settled and filed: only its need is on the phone
    ask_visit(
        need_id=uuid7(), kind="visit", reason="told", due_on=today + timedelta(days=1),
        matter=over.id, actor=actor_for(town.people.li),
    )  # fmt: skip
    Matter.objects.update(status="archived")
    hand = hands("lin")
    page = hand.page
    page.get_by_role("link", name="两家为围墙吵架").click()
    hand.heading("两家为围墙吵架")
    page.get_by_role("link", name="Record a visit").click()
    page.get_by_label("Met somebody").check()
    page.get_by_label("What did you find, what do they need?").fill("没有再吵")
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    expect(page.locator("main")).to_contain_text("Counted")
    assert Visit.objects.get().matter == over
    hand.go("")
    page.get_by_role("region", name=re.compile("^Visits")).get_by_role("link").first.click()
    hand.heading("后街出租房")
    expect(page.locator("main")).to_contain_text("看看visit")
    hand.check()
    page.get_by_role("link", name="Record a visit").click()
    page.get_by_label("Met somebody").check()
    page.get_by_label("What did you find, what do they need?").fill("老人一切都好")
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    hand.go("")
    page.get_by_role("region", name=re.compile("^Inspections")).get_by_role("link").first.click()
    page.get_by_role("link", name="Record an inspection").click()
    first = page.locator(".sheet-item").first
    first.get_by_label("Not in order").check()
    expect(first.get_by_label("Open a matter for it")).to_be_checked()
    page.get_by_role("button", name="All the others are in order").click()
    hand.check()
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    expect(page.locator("main")).to_contain_text("Counted")
    visit, inspection = Visit.objects.filter(place=place).order_by("made_at")
    assert (visit.kind, visit.met, visit.need.done_at is not None) == ("visit", "yes", True)
    assert list(inspection.items.values()).count("fault") == 1
    assert Matter.objects.exclude(pk=over.pk).count() == 1  # the fault
    hand.go("")
    expect(page.locator("main")).to_contain_text("No visit is due")


def test_a_new_place_and_a_thrown_away_form(town, hands):
    hand = hands("lin")
    page = hand.page
    hand.go("new/place")
    page.get_by_label("Shop or small premises").check()
    page.get_by_label("Name of the place").fill("春燕小吃店")
    expect(page.locator(".position")).to_contain_text("上村第1网格")
    hand.check()
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    expect(page.locator("main")).to_contain_text("Counted")
    made = Place.objects.get()
    assert (made.name, made.kind, made.area_code) == ("春燕小吃店", "premises", GRID)

    hand.go("new/report")
    page.get_by_label("What is the matter?").fill("写错了的内容")
    page.get_by_role("button", name="Throw this form away").click()
    hand.heading("Today")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("What is the matter?")).to_have_value("写错了的内容")
    page.get_by_role("link", name="Back").click()  # leaving keeps it
    hand.heading("Today")
    expect(page.get_by_role("region", name=re.compile("^Unfinished"))).to_contain_text("写错了")
    hand.go("new/report")  # opened and left untouched: nothing is kept of it
    hand.heading("Report something")
    page.go_back()
    expect(page.get_by_role("region", name=re.compile("^Unfinished")).locator("li")).to_have_count(
        1
    )


def test_what_is_needed_is_asked_for_and_a_voice_counts_as_words(town, hands):
    hand = hands("lin")
    page = hand.page
    hand.go("new/report")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".position")).to_contain_text("Without a position")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("What is the matter?")).to_be_focused()
    expect(page.locator(".field-error").first).to_contain_text("Write it, or say it")
    hand.check()
    page.get_by_role("button", name="Say it").click()
    page.get_by_role("button", name="Stop").click(delay=1200)
    expect(page.locator("audio")).to_have_count(1)
    page.get_by_role("button", name="Save").click()
    hand.heading("Saved on this phone")
    expect(page.locator("main")).to_contain_text("Counted")
    made = Matter.objects.get()
    assert (made.area_code, made.lon) == (GRID, None)  # his only grid; no point was given


def test_by_keyboard_alone(town, hands):
    hand = hands("lin", width=1024)
    page = hand.page

    def press_to(name):
        for _ in range(40):
            page.keyboard.press("Tab")
            here = page.evaluate(
                "document.activeElement.textContent.trim() || document.activeElement.getAttribute('aria-label')"
            )
            if here and name in here:
                return
        raise AssertionError(f"{name} is not reached")

    hand.go("record")
    hand.heading("What do you record?")
    press_to("Report something")
    page.keyboard.press("Enter")
    hand.heading("Report something")
    page.keyboard.press("Tab")
    page.keyboard.type("溪边护栏松动")
    press_to("Save")
    page.keyboard.press("Enter")
    hand.heading("Saved on this phone")
    press_to("Back to today")
    page.keyboard.press("Enter")
    hand.heading("Today")


def test_lock_wrong_pin_settings_and_leaving(town, hands):
    hand = hands("lin")
    page = hand.page
    page.get_by_role("button", name="Lock now").click()
    expect(page.locator("main h1")).to_have_text("Unlock")
    hand.check()
    hand.unlock("246801")
    expect(page.locator("#unlock-said")).to_have_text("That is not right.")
    hand.unlock(PIN)
    hand.heading("Today")

    hand.go("pin")
    page.get_by_label("The present one").fill(PIN)
    for weak in ("123456", "777777"):
        page.get_by_label("New PIN or passphrase").fill(weak)
        page.get_by_label("Once more").fill(weak)
        page.get_by_role("button", name="Change").click()
        expect(page.locator("#secret-said")).to_contain_text("Too easy to guess")
    hand.check()
    page.get_by_label("Passphrase", exact=True).check()
    page.get_by_label("New PIN or passphrase").fill("枫叶红了八都山溪水长流")
    page.get_by_label("Once more").fill("枫叶红了八都山溪水长流")
    page.get_by_role("button", name="Change").click()
    hand.heading("Settings")
    page.get_by_label("Large text and buttons").check()
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18
    small = """[...document.querySelectorAll('.btn, .door-nav a, .check, .pill')].map((e) => e.getBoundingClientRect())
      .filter((r) => r.width && (r.height < 59.5 || r.width < 59.5)).length"""
    assert page.evaluate(small) == 0
    hand.check()

    hand.context.set_offline(True)
    hand.go("new/report")
    page.get_by_label("What is the matter?").fill("没写完的一条")
    hand.go("sign-out")
    expect(page.locator("main")).to_contain_text("1 form is unfinished.")
    hand.check()
    page.get_by_role("button", name="Sign out now").click()
    hand.heading("This phone is out of use")
    hand.context.set_offline(False)
    page.reload()
    expect(page.locator("main h1")).to_have_text(re.compile("out of use|Is this browser fit"))
    # What was not finished goes up sealed and is kept for its author; then the phone is signed off.
    hand.until(lambda: Submission.objects.filter(kind="draft").exists())
    hand.until(lambda: Device.objects.get().signed_out)


def test_every_screen_is_accessible_and_fits_narrow_phones(town, hands):
    place, matter = place_of(town), told(town)
    hand = hands("lin", width=320)
    for screen in (
        "", "record", "matters", f"matter/{matter.id}", "places", f"place/{place.id}", "visits",
        "messages", "mine", "settings", "new/visit", "new/note", "new/mediation",
        f"new/inspection?place={place.id}", f"new/place?place={place.id}", "matter/0", "draft/none",
    ):  # fmt: skip
        hand.go(screen)
        hand.page.wait_for_function(
            "(hash) => location.hash === hash || location.hash === ''", arg=f"#/{screen}"
        )
        expect(hand.page.locator("main h1")).to_be_focused()
        hand.check()
