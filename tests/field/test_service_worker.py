"""The app on the phone: exactly its files, few bytes, there from the first load, never half new."""

import gzip
import json
import re

import brotli
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from maplebridge.field import service_worker, shell
from maplebridge.ui import importmap
from maplebridge.ui.storage import bare
from tests.browser import NO_BROWSER
from tests.field.conftest import MODULES

IMPORTS = re.compile(r"""(?:from|import\()\s*["']([^"']+)["']""")
BUDGET, CORE_BUDGET = 80_000, 30_000  # bytes on the wire
browser = [pytest.mark.browser, pytest.mark.urls("tests.field.pages"), NO_BROWSER]


def wire(path):
    """Bytes of a file as the site serves it: without comments, and packed."""
    text = path.read_text()
    return len(brotli.compress((text if path.suffix == ".svg" else bare(text)).encode()))


@pytest.fixture
def release(monkeypatch):
    """release("name") makes the server offer another build of the app."""
    files = service_worker.files

    def offer(name, **lies):
        service_worker.shells.cache_clear()
        service_worker.script.cache_clear()
        monkeypatch.setattr(service_worker, "build", lambda: name)
        if lies:
            monkeypatch.setattr(service_worker, "files", lambda: files() | lies)

    yield offer
    monkeypatch.undo()
    forget()


def forget():
    for each in (
        service_worker._shell,
        service_worker.build,
        service_worker.files,
        service_worker.shells,
        service_worker.script,
    ):
        each.cache_clear()


@pytest.fixture
def phone(chromium, pages):
    """A browser in which the app was opened once, and its service worker is at work."""
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{pages}/field/zh/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    yield page
    context.close()


BUILD = "document.querySelector('meta[name=mb-build]').content"


def the_app():
    return sorted([*service_worker.files(), "/field/zh/"])


KEPT = """async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith("field-app-")).map(async (name) =>
  (await (await caches.open(name)).keys()).map(({url}) => new URL(url).pathname)))).flat().sort()"""


def test_the_list_is_exactly_what_the_app_is_made_of():
    names, wanted, seen = shell.modules(), ["mb/field/app"], set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            wanted += IMPORTS.findall(service_worker._static(names[name]).read_text())
    assert seen == set(names)  # no module that nobody needs, none that is missing
    reached = {names[name] for name in seen} | {
        settings.STATIC_URL + name for name in (*shell.STYLES, *shell.PICTURES)
    }
    assert set(service_worker.files()) == reached
    assert set(service_worker.shells()) == {"/field/zh/", "/field/en/"}
    for language in shell.LANGUAGES:
        asked = re.findall(rf'"({settings.STATIC_URL}[^"#]+)', service_worker.shell_text(language))
        assert set(asked) <= reached


def test_the_app_is_small():
    """What a phone fetches to have the app: its files, the worker, the shell in one language."""
    sizes = {address: wire(service_worker._static(address)) for address in shell.files()}
    shells = [
        len(brotli.compress(service_worker.shell_text(one).encode())) for one in shell.LANGUAGES
    ]
    worker = len(brotli.compress(service_worker.script().encode()))
    whole = sum(sizes.values()) + max(shells) + worker
    names = shell.modules()
    core = sum(sizes[names[f"mb/field/{name}"]] for name in MODULES.split()) + sizes[names["idb"]]
    print(f"\nwhole {whole}, core {core}, {len(sizes)} files, shells {shells}, worker {worker}")
    assert whole <= BUDGET
    assert core <= CORE_BUDGET


def test_any_change_makes_another_build(monkeypatch):
    before = service_worker.build()
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    forget()
    assert service_worker.build() == before
    monkeypatch.setattr(shell, "PICTURES", shell.PICTURES[:1])
    forget()
    assert service_worker.build() != before
    forget()


def test_shell_and_worker_are_packed_and_not_sent_twice():
    for path, text in (
        ("/field/zh/", service_worker.shell_text("zh")),
        ("/field/sw.js", service_worker.script()),
    ):
        for way, unpack in (
            ("br", brotli.decompress), ("gzip", gzip.decompress), ("identity", bytes)
        ):  # fmt: skip
            answer = Client().get(path, headers={"accept-encoding": way})
            assert answer.get("Content-Encoding", "identity") == way
            assert unpack(answer.content).decode() == text
            assert "Accept-Encoding" in answer["Vary"]
        again = Client().get(path, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        ours = [re.sub(r"'nonce-[^']*'", "", a["Content-Security-Policy"]) for a in (answer, again)]
        assert ours[0] == ours[1]  # or the page that was kept would lose its import map


class TestPhone:
    pytestmark = browser

    def test_it_opens_offline_from_the_first_load_on(self, phone, pages):
        page, context = phone, phone.context
        assert page.evaluate(KEPT) == the_app()
        page.goto(f"{pages}/field/en/")  # the other language is kept when it was opened
        page.goto(f"{pages}/field/zh/")
        assert page.evaluate(KEPT) == sorted([*the_app(), "/field/en/"])
        context.set_offline(True)
        assert page.reload().from_service_worker
        assert page.evaluate(BUILD) == service_worker.build()
        expect(page.locator("main h1")).to_be_visible()
        for path, language in (
            ("/field/", "zh-CN"),
            ("/field/en/", "en"),
            ("/field/", "en"),  # as it was opened last
            ("/field/enrol", "en"),  # the server's own page, were there a network
        ):
            page.goto(pages + path)
            assert page.evaluate("document.documentElement.lang") == language, path
        loaded = page.evaluate(
            "Promise.all(given.map((name) => import(name))).then((all) => all.length)".replace(
                "given", json.dumps(sorted(shell.modules()))
            )
        )
        assert loaded == len(shell.modules())

    def test_nothing_of_the_server_but_the_app_is_kept(self, phone, pages):
        page = phone
        status = page.evaluate("fetch('/api/v1/openapi.json').then((answer) => answer.status)")
        page.evaluate("fetch('/field/sw.js')")
        page.goto(f"{pages}/field/enrol")
        assert "sign-in" in page.url  # the server answered
        page.goto(f"{pages}/field/zh/")
        assert status == 200
        assert page.evaluate(KEPT) == the_app()

    def test_a_new_app_is_not_taken_under_an_open_form(self, phone, pages, release):
        page, context = phone, phone.context
        old = page.evaluate(BUILD)
        other = context.new_page()
        other.goto(f"{pages}/field/zh/")
        expect(other.locator("main h1")).to_be_visible()
        other.evaluate("document.body.dataset.screen = 'form'")
        release("new-build-1")
        page.evaluate("navigator.serviceWorker.ready.then((all) => all.update())")
        expect(page.locator("#news")).to_be_visible()
        assert page.evaluate(BUILD) == old
        taken = "import('mb/field/update').then((update) => update.take()).then(() => null, (error) => error.code)"
        assert page.evaluate(taken) == "form_open"
        page.reload()  # even so the old one answers, and all of it is there
        assert page.evaluate(BUILD) == old
        context.set_offline(True)
        page.reload()
        assert page.evaluate(BUILD) == old
        context.set_offline(False)
        page.reload()
        expect(page.locator("#news")).to_be_visible()
        other.evaluate("document.body.dataset.screen = 'today'")
        page.locator("#news-use").click()
        for tab in (page, other):
            expect(tab.locator("meta[name=mb-build]")).to_have_attribute("content", "new-build-1")
        assert page.evaluate(KEPT) == the_app()
        names = page.evaluate("caches.keys()")
        assert [name for name in names if "app" in name] == ["field-app-new-build-1"]

    def test_a_language_that_was_never_opened_is_no_empty_page(self, phone, pages):
        phone.context.set_offline(True)
        phone.goto(f"{pages}/field/en/")
        assert phone.evaluate("document.documentElement.lang") == "zh-CN"

    def test_a_file_that_is_not_what_it_should_be_stops_the_whole_app(self, phone, release):
        page = phone
        old = page.evaluate(BUILD)
        release("new-build-2", **{"/static/field/field.css": "0" * 16})
        state = page.evaluate(
            """async () => {
              const registration = await navigator.serviceWorker.ready;
              const ended = new Promise((done) => registration.addEventListener("updatefound", () => {
                const worker = registration.installing;
                worker.addEventListener("statechange", () => done(worker.state));
              }));
              await registration.update().catch(() => {});
              return ended;
            }"""
        )
        assert state == "redundant"
        page.reload()
        assert page.evaluate(BUILD) == old


class TestServedCode:
    pytestmark = browser

    def test_without_its_comments_every_module_is_the_same_code(self, chromium, pages):
        page = chromium.new_context(bypass_csp=True).new_page()
        page.goto(f"{pages}/bare")
        for name, file in importmap.own_modules().items():
            code = service_worker._static(settings.STATIC_URL + file).read_text()
            less = bare(code)
            assert all(line.count("`") % 2 == 0 for line in less.splitlines()), name
            whole = (line.strip() for line in code.splitlines())
            assert all(
                any(said == line or said.startswith(f"{line} // ") for said in whole)
                for line in less.splitlines()
            ), name  # every line is one of the file, in its order
            error = page.evaluate(
                """(code) => import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})))
                  .then(() => "", (error) => error.name)""",
                less,
            )
            assert error != "SyntaxError", name
        page.context.close()
