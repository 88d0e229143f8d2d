"""A real server as a process of its own, and real browsers of several people."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.db import connection
from playwright.sync_api import sync_playwright

from tests.org.builders import build_town

CHROMIUM = os.environ.get("MAPLEBRIDGE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
AXE = Path("node_modules/axe-core/axe.min.js")
NO_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
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
    url = f"postgresql://{facts['USER']}@{quote(facts['HOST'], safe='')}/{facts['NAME']}"
    env = os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "maplebridge.config.settings_test",
    }  # fmt: skip
    command = "from granian import Granian; Granian('maplebridge.config.wsgi:application', port=%d, interface='wsgi', log_access=False).serve()"
    server = subprocess.Popen([sys.executable, "-c", command % port], env=env)
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
