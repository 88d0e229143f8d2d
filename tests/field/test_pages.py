"""The shell of the phone's app, the door to enrolment, and that shell and modules fit each other."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from maplebridge.field import shell
from maplebridge.field.service_worker import shell_text
from maplebridge.ui import importmap
from tests.org.builders import build_town

ROOM = Path(shell.__file__).parent
MODULES = {path: path.read_text() for path in (ROOM / "static/field").rglob("*.js")}
CODE = "\n".join(MODULES.values())


@pytest.fixture
def town(db):
    return build_town()


def client(person=None, language="zh"):
    made = Client(headers={"accept-language": language})
    if person:
        made.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return made


def test_the_language_is_chosen_by_the_reader():
    assert client().get("/field/").url == "/field/zh/"
    assert client(language="en-GB").get("/field/").url == "/field/en/"


def test_the_shell_is_the_same_for_everybody(town):
    stranger, worker = client(), client(town.people.lin)
    worker.cookies["mb_view"] = "elder"
    for address in ("/field/zh/", "/field/en/"):
        answers = [who.get(address) for who in (stranger, worker)]
        assert answers[0].content == answers[1].content
        text, policy = answers[0].content.decode(), answers[0]["Content-Security-Policy"]
        assert "nonce" not in text + policy
        for person in vars(town.people).values():
            assert person.name not in text
        import_map = re.search(r'<script type="importmap">(.*?)</script>', text)[1]
        digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
        assert re.findall(r"<script(?! type=\"importmap\")[^>]*>", text) == [
            f'<script type="module" src="{shell.modules()["mb/field/app"]}">'
        ]


def test_other_pages_are_spared_the_names_of_its_modules(client):
    assert "mb/field/" not in client.get("/desk/sign-in").content.decode()


def test_only_whoever_works_at_the_door_enrols(town):
    assert "/desk/sign-in" in client().get(reverse("field:enrol")).url
    for name in ("wu", "li", "zhao"):
        assert client(getattr(town.people, name)).get(reverse("field:enrol")).status_code == 403
    for name in ("lin", "wang"):
        answer = client(getattr(town.people, name)).get(reverse("field:enrol"))
        assert answer.url == "/field/zh/#/enrol"
        assert answer.cookies["csrftoken"].value


def words():
    """Keys of all sentences that stand in the shell."""
    found = set()
    for name, inside in re.findall(
        r'<template id="((?:\w|-)*words)">(.*?)</template>', shell_text("en"), re.DOTALL
    ):
        group = "" if name == "words" else f"{name.removesuffix('-words')}."
        found |= {group + key for key in re.findall(r'data-word="([\w-]+)"', inside)}
    return found


def test_every_sentence_that_a_module_says_stands_in_the_shell_and_the_other_way_round():
    known = words()
    plain = set(re.findall(r'\bsay\(\s*"([\w.-]+)"', CODE))
    plain |= {
        key
        for two in re.findall(r'\bsay\([^"()]*\? "([\w.-]+)" : "([\w.-]+)"', CODE)
        for key in two
    }
    assert plain - known == set()
    made = re.findall(r"\bsay\(`([^`]+)`", CODE)  # say(`state_${state}`)
    patterns = [re.compile(re.sub(r"\$\{[^}]+\}", r"[\\w-]+", one)) for one in made]
    quoted = set(re.findall(r'"([\w.-]+)"', CODE))
    assert {
        key
        for key in known - plain - quoted
        if not any(pattern.fullmatch(key) for pattern in patterns)
    } == set()


def test_every_template_that_a_module_fills_stands_in_the_shell_and_the_other_way_round():
    text = shell_text("zh")
    known = set(re.findall(r'<template id="t-([\w-]+)"', text))
    filled = {
        one
        for two in re.findall(r'\bfill\([^"()]*"([\w-]+)"(?: : "([\w-]+)")?', CODE)
        for one in two
    }
    filled.discard("")
    assert filled - known == set()
    drawn = {one for one in known if one.startswith(("light-", "status-"))}
    assert known - filled - drawn == {"area-label"}
    ids = re.findall(r'<template id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_shell_is_complete_in_both_languages():
    english, chinese = shell_text("en"), shell_text("zh")
    for inside in re.findall(r'data-word="\w+">([^<]+)<', chinese):
        assert re.search(r"[\u4e00-\u9fff]", inside) or inside == "、", inside
    with translation.override("en"):
        left = set(re.findall(r"[\u4e00-\u9fff]+", english))
    assert left == {"中文"}  # the way to the other language


def test_modules_import_by_name_only():
    """A relative import would miss the hash in the other module's name."""
    known = importmap.own_modules().keys() | importmap.PACKAGES.keys()
    for path, code in MODULES.items():
        for name in re.findall(r"""(?:from|import\()\s*["']([^"']+)""", code):
            assert name in known, (path.name, name)
        assert len(code.splitlines()) <= 300, path.name


def test_what_people_typed_never_becomes_markup():
    for path, code in MODULES.items():
        assert not re.search(
            r"innerHTML\s*=|insertAdjacentHTML|outerHTML\s*=[^=]|document\.write|eval\(", code
        ), path.name
