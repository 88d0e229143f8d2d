"""Residents in a real browser: the second who tells the same, and one whose every entry is wrong."""

from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import verify_ledger
from maplebridge.trust.models import VaultEntry
from tests.files.pictures import with_position
from tests.journeys.conftest import NO_BROWSER, accessible
from tests.matters.conftest import World

pytestmark = [pytest.mark.browser, NO_BROWSER]
STRANGE = "井盖松动 😀 <b>危险</b><script>document.title='x'</script>"


@pytest.fixture
def world(town):
    return World(**vars(town))


def test_the_second_to_tell_follows_erases_and_the_first_sees_it(world, site, people):
    first = world.report(text="村口路灯不亮，晚上看不见", category="D03", at=timezone.now())
    page = people(width=390)
    page.goto(f"{site}/report")
    page.get_by_label("What is the matter?").fill("村口路灯不亮好几天了")
    page.get_by_label("What kind is it?").select_option("D03")
    page.get_by_role("button", name="Next: where").click()
    page.get_by_label("Which village?").select_option("331181101201")
    lon, lat = world.point
    page.evaluate(f"[lon, lat] = [...document.querySelectorAll('[name=lon], [name=lat]')]; lon.value = {lon}; lat.value = {lat}")  # fmt: skip
    page.get_by_role("button", name="Next: check").click()
    page.get_by_label("Your name").fill("方某")
    page.get_by_label("Your telephone").fill("13800000000")
    expect(page.locator("main")).to_contain_text("Is it one of these?")
    accessible(page)
    page.get_by_role("button", name="Follow this one").click()
    page.wait_for_url("**/report/done/*")
    code = page.url.rsplit("/", 1)[1]
    assert code != first.code
    assert Matter.objects.get().report_count == 2
    for theirs in (code, first.code):
        page.goto(f"{site}/t/{theirs}")
        expect(page.locator(".timeline")).to_contain_text("Another person reported the same")
    page.goto(f"{site}/t/{code}")
    page.get_by_role("link", name="see who read it").click()
    page.get_by_label("The telephone number you left").fill("13900000000")
    page.get_by_role("button", name="Show my data").click()
    expect(page.get_by_role("alert")).to_contain_text("not the number")
    page.get_by_label("The telephone number you left").fill("138 0000 0000")
    page.get_by_role("button", name="Show my data").click()
    expect(page.locator("main")).to_contain_text("方某")
    accessible(page)
    page.get_by_label("The telephone number you left").fill("13800000000")
    page.get_by_role("button", name="Erase my data").click()
    expect(page.locator(".messages")).to_contain_text("were erased")
    expect(page.locator("main")).to_contain_text("No name or telephone is kept")
    accessible(page)
    assert not VaultEntry.objects.filter(erased_at__isnull=True).exists()
    assert list(verify_ledger()) == []
    assert page.faults == []


def test_without_javascript_nothing_wrong_is_taken_and_nothing_typed_is_lost(
    world, site, chromium, tmp_path
):
    (tmp_path / "letter.jpg").write_text("This is no photo.")
    (tmp_path / "lid.jpg").write_bytes(with_position())
    page = chromium.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.goto(f"{site}/report")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("请用几句话说明是什么事")
    page.get_by_label("什么事？").fill("长" * 10_001)
    page.get_by_role("button", name="下一步").click()
    expect(page.locator(".errorlist")).to_have_text("最多 10000 个字，现有 10001 个。")
    assert page.get_by_label("什么事？").input_value() == "长" * 10_001
    page.get_by_label("什么事？").fill(STRANGE)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("具体在哪里？").fill("桥头")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("您的电话").fill("12")
    page.get_by_label("照片").set_input_files([tmp_path / "letter.jpg", tmp_path / "lid.jpg"])
    page.get_by_role("button", name="提交", exact=True).last.click()
    expect(page.locator(".errorlist")).to_have_text(
        ["letter.jpg: 这不是 JPEG、PNG 或 WebP 照片。", "这不是电话号码。"]
    )
    assert page.get_by_label("您的电话").input_value() == "12"
    expect(page.get_by_label("一并提交")).to_be_checked()  # the good photo stayed
    expect(page.locator("main")).to_contain_text("桥头")
    page.get_by_label("您的电话").fill("")
    page.get_by_role("button", name="提交", exact=True).last.click()
    page.wait_for_url("**/report/done/*")
    report = Report.objects.get()
    assert report.text == STRANGE
    page.goto(f"{site}/t/?code=ABCD1234")
    expect(page.get_by_role("alert")).to_contain_text("没有这个查询码对应的事项")
    page.get_by_label("查询码").fill(f" {report.code[:4].lower()}-{report.code[4:]} ")
    page.get_by_role("button", name="查看进度").click()
    expect(page.locator(".user-text")).to_have_text(STRANGE)
    sent = page.request.get(f"{site}{page.locator('.photos a').get_attribute('href')}").body()
    kept = Image.open(BytesIO(sent))
    assert (kept.format, dict(kept.getexif()), kept.info.get("comment")) == ("JPEG", {}, None)
    page.context.close()
