"""One matter in a real Chromium: reported, dispatched, handled, verified, rated, in the ledger."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maplebridge.matters.actions import tick
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import verify_ledger
from maplebridge.trust.queries import day_roots
from tests.journeys.conftest import NO_BROWSER, accessible

pytestmark = [pytest.mark.browser, NO_BROWSER]


def test_from_a_report_to_the_ledger(town, site, people):
    resident = people(width=390)
    resident.goto(site)
    accessible(resident)
    resident.locator("main a[href='/report']").click()
    resident.get_by_label("What is the matter?").fill("村口垃圾成堆，味道很大")
    accessible(resident)
    resident.get_by_role("button", name="Next: where").click()
    resident.get_by_label("Which village?").select_option("331181101201")
    resident.get_by_label("Where exactly?").fill("桥头")
    resident.get_by_role("button", name="Next: check").click()
    resident.get_by_label("Your telephone").fill("13800000000")
    accessible(resident)
    resident.get_by_role("button", name="Send", exact=True).click()
    resident.wait_for_url("**/report/done/*")
    accessible(resident)
    code = resident.url.rsplit("/", 1)[1]
    matter = Matter.objects.get()

    dispatcher = people("li")
    accessible(dispatcher)
    expect(dispatcher.locator("#dispatch")).to_contain_text(matter.number)
    dispatcher.get_by_label("Category").first.select_option("E02")
    dispatcher.get_by_label("Lead unit").first.select_option("sanitation")
    dispatcher.get_by_role("button", name="Dispatch").click()
    expect(dispatcher.locator("#dispatch")).to_contain_text(
        "“村口垃圾成堆，味道很大” went to 环卫所"
    )
    assert Matter.objects.get().status == "dispatched"

    handler = people("wang")
    handler.goto(f"{site}/desk/matters/{matter.number}")
    handler.get_by_role("button", name="Accept").click()
    handler.get_by_label("Reached the reporter").check()
    handler.get_by_role("button", name="First contact").click()
    handler.get_by_label("What was done").fill("已清运")
    handler.locator("aside").get_by_label("Answer to the reporter").fill("垃圾已经清走")
    handler.get_by_role("button", name="Hand in the result").click()
    expect(handler.locator("main")).to_contain_text("Handled, to verify")

    verifier = people("chen")
    verifier.goto(f"{site}/desk/matters/{matter.number}")
    verifier.get_by_role("button", name="Close", exact=False).first.click()
    expect(verifier.locator(".page-head")).to_contain_text("Closed")
    accessible(verifier)

    resident.goto(f"{site}/t/{code}")
    expect(resident.locator("main")).to_contain_text("垃圾已经清走")
    accessible(resident)
    resident.get_by_role("link", name="Rate it").click()
    resident.get_by_label("Solved", exact=True).check()
    resident.get_by_label("Satisfied", exact=True).check()
    resident.get_by_label("Yes").check()
    resident.get_by_role("button", name="Rate it").click()
    expect(resident.locator("main")).to_contain_text("Thank you")

    tick(timezone.now() + timedelta(days=1))
    resident.goto(f"{site}/ledger")
    expect(resident.locator("main")).to_contain_text(day_roots(1)[0].root_hex)
    accessible(resident)
    assert list(verify_ledger()) == []
    assert Matter.objects.get().status == "closed"
    assert re.fullmatch(r"[0-9A-Z]{8}", code)
    for page in (resident, dispatcher, handler, verifier):
        assert page.faults == []
