"""The phone's modules in a real Chromium, served by a real server."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Page

from maplebridge.sync.seal import raw_public, unseal
from tests.browser import LAUNCH, NO_BROWSER, pages_served

__all__ = ["LAUNCH", "NO_BROWSER"]
MODULES = (
    "bytes signal store vault seal drafts files outbox holdings likely net send read sync update"
)
PRELUDE = f"""async (given) => {{
  const names = "{MODULES}".split(" ");
  const loaded = await Promise.all(names.map((name) => import(`mb/field/${{name}}`)));
  const [{MODULES.replace(" ", ", ")}] = loaded;
  const code = (work) => work.then(() => null, (error) => error.code ?? String(error));
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
"""
PIN = "135790"
FORM = {
    "key": "report", "version": 3, "label": "上报", "icon": "report",
    "fields": [{"name": "text", "label": "What", "kind": "text", "required": True}],
}  # fmt: skip


@pytest.fixture(scope="module")
def pages():
    """The address of a server for the pages that need no database."""
    with pages_served() as address:
        yield address


@pytest.fixture
def phone(chromium, pages):
    """A phone's browser with an empty page open."""
    context = chromium.new_context(permissions=["microphone"])
    yield open_page(context, f"{pages}/bare")
    context.close()


def open_page(context, url) -> Page:
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(url)
    return page


def call(page: Page, body: str, given=None):
    """Run JavaScript in a page; the modules stand under their names, `given` is plain data."""
    return page.evaluate(PRELUDE + body + "}", given)


@pytest.fixture(scope="session")
def server_key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def enrolled(phone, server_key):
    """A phone with an open vault, as after enrolment."""
    enrol(phone, server_key)
    return phone


def enrol(page, key, **facts):
    call(
        page,
        """await vault.enrol(given.pin, {server_key: Uint8Array.from(given.key), device: "0190a000-0000-7000-8000-000000000001", epoch: "e1", ...given.facts})""",
        {"pin": PIN, "key": list(raw_public(key.public_key())), "facts": facts},
    )


def opened(key, sealed) -> bytes:
    """What the server reads in sealed bytes."""
    return unseal(key, raw_public(key.public_key()), bytes(sealed))
