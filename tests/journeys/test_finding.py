"""Finding by keyboard, keeping a filter for the unit, taking the list out, in a real Chromium."""

import re
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from maplebridge.matters.actions import report
from maplebridge.trust.models import Export
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]


def told(text, lat, **more):
    return report(text=text, channel="web", command_id=uuid4(), lon=119.055, lat=lat, **more).matter


def test_filter_by_keyboard_keep_share_and_export(town, site, people, tmp_path):
    rubbish = told("村口垃圾成堆，味道很大", 27.955, category="E02", contact={"name": "方某"})
    lamp = told("桥头路灯不亮", 27.965)
    page = people("li", width=1440)
    page.keyboard.press("f")
    page.wait_for_url("**/desk/matters")
    found = page.locator("#found")
    expect(found).to_contain_text("2 matters")
    accessible(page)

    page.get_by_label("Words", exact=True).focus()
    page.keyboard.type("垃圾")
    expect(found).to_contain_text("1 matter")
    expect(found).not_to_contain_text(lamp.number)
    page.wait_for_url("**/desk/matters?q=**")
    assert page.evaluate("document.activeElement.name") == "q"
    page.get_by_label("Area", exact=True).select_option("331181101201")
    expect(found.get_by_role("link", name="Without “Area”")).to_be_visible()
    accessible(page)

    page.get_by_text("Save this filter").click()
    page.get_by_label("Name, seen by your whole unit").fill("上村垃圾")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved as “上村垃圾”")).to_be_visible()
    mate, other = people("chen"), people("wang", width=390)
    for somebody, seen in ((mate, 1), (other, 0)):
        somebody.goto(f"{site}/desk/matters")
        expect(somebody.get_by_role("link", name="上村垃圾")).to_have_count(seen)
        accessible(somebody)
    mate.get_by_role("link", name="上村垃圾").click()
    expect(mate.locator("#found")).to_contain_text(rubbish.number)
    expect(mate.locator("#found")).not_to_contain_text(lamp.number)

    page.get_by_role("link", name="Export", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Export")
    accessible(page)
    page.get_by_label("Reporter's name").check()
    page.get_by_label("Telling the result").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Make the workbook").click()
    assert re.fullmatch(r"Find matters-\d{4}-\d\d-\d\d\.xlsx", waiting.value.suggested_filename)
    waiting.value.save_as(tmp_path / "out.xlsx")
    head, row = load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    facts = dict(zip(head, row, strict=True))
    assert facts["Matter number"] == rubbish.number
    assert facts["Reporter's name"] == "方某"
    assert Export.objects.get().rows == 1

    leader = people("zhao", width=390)
    leader.goto(f"{site}/desk/exports")
    expect(leader.locator("main")).to_contain_text("李敏")
    expect(leader.locator("main")).to_contain_text("Telling the result")
    accessible(leader)
    for somebody in (page, mate, other, leader):
        assert somebody.faults == []


def test_all_of_it_works_without_scripts(town, site, people):
    rubbish = told("村口垃圾成堆", 27.955)
    signed_in = people("li")
    page = signed_in.context.browser.new_context(
        java_script_enabled=False, locale="en-GB", storage_state=signed_in.context.storage_state()
    ).new_page()
    page.goto(f"{site}/desk/matters")
    page.get_by_label("Words", exact=True).fill("垃圾")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#found")).to_contain_text(rubbish.number)
    page.get_by_role("link", name="Without “Words”").click()
    expect(page.locator("#found")).to_contain_text("1 matter")
