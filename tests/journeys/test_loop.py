"""One matter in a real Chromium: reported, dispatched, handled, verified, rated, in the ledger."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from maplebridge.matters.actions import tick
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import verify_ledger
from maplebridge.trust.queries import day_roots
from tests.org.builders import build_town

CHROMIUM = os.environ.get("MAPLEBRIDGE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
AXE = Path("node_modules/axe-core/axe.min.js")
PASSWORD = "maple-bridge-9"


@pytest.fixture
def town(transactional_db):
    yield (made := build_town())
    del made
    with connection.cursor() as cursor:  # the append-only guard rests while tables are emptied
        cursor.execute("SET session_replication_role = replica")


@pytest.fixture
def site(town):
    """The real server as a process of its own, on the test's database."""
    for person in vars(town.people).values():
        person.set_password(PASSWORD)
        person.save()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    facts = connection.settings_dict
    from urllib.parse import quote

    url = f"postgresql://{facts['USER']}@{quote(facts['HOST'], safe='')}/{facts['NAME']}"
    env = os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "maplebridge.config.settings_test",
    }  # fmt: skip
    command = "from granian import Granian; Granian('maplebridge.config.wsgi:application', port=%d, interface='wsgi', log_access=False).serve()"
    server = subprocess.Popen(
        [sys.executable, "-c", command % port], env=env, stderr=subprocess.PIPE
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urlopen(f"{address}/healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def people(site, monkeypatch):
    """people("li") is a page of li's own browser, signed in; people() a resident's."""
    # Playwright keeps an event loop in this thread; our queries between its calls are not in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )

        def start(name=None, width=1024):
            context = chromium.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
            page = context.new_page()
            page.faults = []
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            if name:
                page.goto(f"{site}/desk/sign-in")
                page.get_by_label("Username").fill(name)
                page.get_by_label("Password").fill(PASSWORD)
                page.locator("main button[type=submit]").click()
                page.wait_for_url(lambda url: "/desk/" in url and "sign-in" not in url)
            return page

        yield start
        chromium.close()


def accessible(page):
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
    )
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]] == []


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
    expect(dispatcher.locator("#dispatch")).to_contain_text(f"{matter.number} went to 环卫所")
    assert Matter.objects.get().status == "dispatched"

    handler = people("wang")
    handler.goto(f"{site}/desk/matters/{matter.number}")
    handler.get_by_role("button", name="Accept").click()
    handler.get_by_label("Reached the reporter").check()
    handler.get_by_role("button", name="First contact").click()
    handler.get_by_label("What was done").fill("已清运")
    handler.locator("details", has_text="More details").first.click()
    handler.get_by_label("Answer to the reporter").fill("垃圾已经清走")
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
