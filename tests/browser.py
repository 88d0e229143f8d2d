"""A real Chromium and a real server for the browser tests: one of each in a run's process."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from urllib.parse import quote
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from maplebridge.org.models import Person
from tests.org.builders import build_town
from tools.browser import installed

CHROMIUM = os.environ.get("MAPLEBRIDGE_CHROMIUM") or installed()
NO_BROWSER = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
PASSWORD = "maple-bridge-9"
AXE = Path("node_modules/axe-core/axe.min.js")
# What Playwright leaves out of Chromium for the sake of tests, and its address bar's suggestions and
# spare processes, which cost each new window as much as a page.
LEFT_OUT = (
    "AimEnabled,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,"
    "NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch,"
    "SpareRendererForSitePerProcess,ThirdPartyStoragePartitioning,WebUIOmniboxAimPopup,"
    "WebUIOmniboxPopup"
)
# A machine without a graphics card still draws maps; nobody is asked for the microphone.
FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    f"--disable-features={LEFT_OUT}",
]
LAUNCH = {"executable_path": CHROMIUM, "args": FLAGS}
# One thread answers one after another: its answer to one question says that it is done with those
# before it.
SERVE = "from granian import Granian; Granian('tests.served:application', port=%d, interface='wsgi', blocking_threads=1, log_access=False).serve()"
expect.set_options(timeout=20_000)
# Maps are drawn slowly without a graphics card; pages are made to do without.
NO_MAPS = """{
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind.startsWith("webgl") ? null : get.call(this, kind, ...more);
  };
}"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Its event loop stays in this thread until the end; our queries are not in it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**LAUNCH)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real server, a process of its own on the tests' database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    facts = connection.settings_dict
    url = f"postgresql://{facts['USER']}@{quote(facts['HOST'], safe='')}/{facts['NAME']}"
    env = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "maplebridge.config.settings_test",
        "MAPLEBRIDGE_DATA": str(tmp_path_factory.mktemp("server")),
    }
    process = subprocess.Popen([sys.executable, "-c", SERVE % port], env=env)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{address}/healthz").close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def town(transactional_db: None) -> SimpleNamespace:
    """A town that the server sees."""
    return build_town()


@pytest.fixture
def site(transactional_db: None, town: SimpleNamespace, server: str) -> Iterator[str]:
    """The address of the server; everybody in town has the same password."""
    Person.objects.update(password=make_password(PASSWORD))
    yield server
    urlopen(f"{server}/done").close()  # and so is all that the test set going


@pytest.fixture
def people(site: str, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """people("li") is a page of li's own browser, signed in; people() a resident's. `maps` are
    drawn where the test is about them."""

    def start(
        name: str | None = None, width: int = 1024, locale: str = "en-GB", *, maps: bool = False
    ) -> Page:
        # Maps cost by the pixel here.
        seen = {"width": width, "height": 600 if maps else 900}
        context = chromium.new_context(viewport=seen, locale=locale)
        if not maps:
            context.add_init_script(NO_MAPS)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if name:
            visitor = Client()
            visitor.force_login(
                Person.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
            )
            key = visitor.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
            page.goto(f"{site}/desk/")
        return page

    yield start
    for context in chromium.contexts:
        context.close()


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing about each request."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def pages_served() -> Iterator[str]:
    """The address of a server in a thread, for pages that need no database; `urls` may be marked."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), _Threads, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


# Whatever else axe finds costs more to carry here than to find.
BROKEN = """axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], resultTypes: ["violations"], selectors: false,
  preload: false,
}).then((found) => found.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120))]))"""


def accessible(page: Page) -> None:
    """No rule of WCAG 2.2 AA that axe knows is broken on this page."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(BROKEN) == []
