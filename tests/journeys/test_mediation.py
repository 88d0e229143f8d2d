"""A quarrel told at the door in a real Chromium: dispatched, mediated, signed, performed, its dossier taken."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import expect

from maplebridge.matters.models import Matter
from maplebridge.matters.queries import verify_ledger
from maplebridge.mediation.actions import found_committees
from maplebridge.mediation.actions import take as act
from maplebridge.mediation.models import Mediation
from maplebridge.org.models import Person, Post
from maplebridge.org.queries import actor_for
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]


def fill(page, fields):
    """Each field of the form by its name, as its kind wants it."""
    for name, value in fields.items():
        field = page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("e => e.type")
        if kind in {"radio", "checkbox"}:
            for each in value if isinstance(value, list) else [value]:
                which = "" if each == "on" else f"[value='{each}']"
                page.locator(f"main [name='{name}']{which}").check(force=True)
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def take(page, step, **fields):
    """From the file to a step's form and back to the file."""
    file = page.url.split("?")[0]
    page.goto(f"{file}/steps/{step}")
    fill(page, fields)
    page.locator("main .form-actions .btn-primary").click()
    page.wait_for_url(file)


def approve_the_rest(he, one, two):
    """What a party approves five times more in the same way."""
    told = [(one, "terms"), (one, "manner"), *((two, s) for s in ("facts", "terms", "manner"))]
    for party, section in told:
        fields = {"party": party.id, "section": section}
        act(one.mediation_id, "approve", actor_for(he), fields, command_id=uuid4())


def sign_with_a_wrong_date(page, party):
    """What was drawn on the screen is still there when the form comes back."""
    page.goto(f"{page.url}/steps/sign")
    pad, drawn = page.locator("canvas").first, page.locator(f"[name=drawn_{party.id.hex}]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60)
    page.mouse.up()
    fill(page, {"signed_on": (timezone.localdate() + timedelta(days=1)).isoformat()})
    page.locator("main .form-actions .btn-primary").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(drawn).to_have_value(re.compile("^data:image/png;base64,.{99}"))
    page.goto(page.url.split("/steps/")[0])


def test_from_the_door_to_a_kept_agreement(town, site, people):
    found_committees()
    he = Person.objects.create(username="he", name="何平", password=town.people.li.password)
    Post.objects.create(person=he, kind="handler", title="调解员", unit=town.units.mediation1)
    today = timezone.localdate().isoformat()

    desk = people("li")
    desk.goto(f"{site}/desk/intake")
    fill(
        desk,
        {
            "channel": "phone",
            "text": "两家为滴水和围墙在门口争吵",
            "category": "A02",
            "area": "331181101201",
        },
    )
    desk.locator("main .form-actions .btn-primary").click()
    desk.wait_for_url("**/intake/*")
    matter = Matter.objects.get()
    desk.goto(f"{site}/desk/matters/{matter.number}/steps/dispatch")
    fill(desk, {"category": "A02", "lead": "mediation-1"})
    desk.locator("main .btn-primary[type=submit]").click()
    desk.wait_for_url(f"**/matters/{matter.number}")

    page = people("he", width=390)
    page.goto(f"{site}/desk/matters/{matter.number}")
    page.locator("a[href*='/desk/mediations/new']").first.click()
    fill(page, {
        "source": "applied", "applied_by": "door", "applicant_name": "黄三",
        "applicant_phone": "13800000001", "respondent_name": "白四",
    })  # fmt: skip
    expect(page.locator("main [name='letter']")).to_be_hidden()  # nobody entrusted it
    accessible(page)
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/mediations/*-*")
    heights = [page.locator(one).bounding_box()["y"] for one in ("#next", "#parties")]
    assert heights == sorted(heights)  # on a phone what is to be done stands first
    take(page, "accept", type="PM02", mediators="he")
    one, two = Mediation.objects.get().parties.order_by("order")
    for party in (one, two):
        take(page, "inform", party=str(party.id), consents="yes")
    take(page, "open")
    take(page, "hold", minutes="双方到场，各述其词，愿意和解。", room="joint",
         present=[str(one.id), str(two.id)])  # fmt: skip
    take(page, "draft", facts="滴水入院，墙脚受潮。", terms="白四改装落水管，赔偿五百元。",
         manner="三日内付清。", amount="500", owes_1=str(two.id), what_1="赔偿款", yuan_1="500",
         by_1=today)  # fmt: skip
    take(page, "approve", party=str(one.id), section="facts")
    approve_the_rest(he, one, two)
    sign_with_a_wrong_date(page, one)
    take(page, "sign", signed_on=today,
         **{f"signed_{p.id.hex}": "on" for p in (one, two)})  # fmt: skip
    mediation = Mediation.objects.get()
    take(page, "perform", obligation=str(mediation.obligations.get().id), done_on=today)
    take(page, "complete")
    expect(page.locator(".page-head")).to_contain_text("Performed")
    accessible(page)
    take(page, "file", note="双方自报身份，未核对证件原件。")
    with page.expect_download() as taken:
        page.get_by_role("link", name="The bound dossier").click()
    dossier = Document(BytesIO(Path(taken.value.path()).read_bytes()))
    said = "\n".join(p.text for p in dossier.paragraphs)
    for words in ("人民调解卷宗", "双方到场，各述其词，愿意和解。", "白四改装落水管，赔偿五百元。"):
        assert words in said
    assert "人调字第1号" in taken.value.suggested_filename

    desk.goto(f"{site}/desk/matters/{matter.number}")
    expect(desk.locator("main")).to_contain_text("Handled")
    for secret in ("黄三", "13800000001", "白四", "落水管"):
        expect(desk.locator("main")).not_to_contain_text(secret)
    assert list(verify_ledger()) == []
    for each in (desk, page):
        assert each.faults == []
