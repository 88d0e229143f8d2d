"""Every part renders in both languages, in both views, without inline code, with real icons."""

import datetime as dt
import re
import xml.dom.minidom
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from maplebridge.ui import importmap
from maplebridge.ui.templatetags import ui
from maplebridge.ui.tones import LIGHTS, STATUS

ROOM = Path(importmap.__file__).parent
PACKAGE = ROOM.parent
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOM / "static/ui/icons.svg").read_text()))
pytestmark = pytest.mark.urls("ui_pages")
UTC8 = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("view", ["normal", "elder"])
@pytest.mark.parametrize("page", ["public", "public?bad", "desk", "login"])
def test_pages(page, view, language):
    client = Client(headers={"accept-language": language})
    client.cookies["mb_view"] = view
    response = client.get(f"/{page}")
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}"' in html
    assert ('class="elder"' in html) == (view == "elder")
    assert not re.search(r"<[^>]*\sstyle\s*=|<style|<[a-z][^>]*\son[a-z]+\s*=|javascript:", html)
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
    for tag in re.findall(r"<script[^>]*>", html):
        assert f'nonce="{nonce}"' in tag or " src=" in tag, tag
    used = set(re.findall(r'href="[^"]*icons[^"#]*#([\w-]+)"', html))
    assert used
    assert used <= SYMBOLS, used - SYMBOLS
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"
    assert html.count("<h1") == (page != "login")
    assert html.count("<main") == 1


def test_form_names_its_errors():
    html = Client(headers={"accept-language": "en"}).get("/public?bad").content.decode()
    assert 'href="#id_text"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_error"' in html
    assert 'href="#id_kind_0"' in html
    assert 'id="id_kind_0"' in html


def test_typed_text_stays_text():
    html = str(ui.user_text('<b hx-get="/x">\n1 < 2\n\nnext'))
    assert html.startswith('<div class="user-text" dir="auto" hx-ignore>')
    assert "<b" not in html.removeprefix("<div").replace("<br>", "")
    assert "&lt;b hx-get=&quot;/x&quot;&gt;<br>1 &lt; 2" in html
    assert str(ui.user_text(None)).count("hx-ignore") == 1


def test_views_are_switched_without_javascript():
    client = Client()
    answer = client.post("/ui/view/", {"view": "elder", "next": "/desk?page=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk?page=2")
    assert 'class="elder"' in client.get("/desk").content.decode()
    client.post("/ui/view/", {"view": "normal"})
    assert 'class="elder"' not in client.get("/desk").content.decode()
    assert client.post("/ui/view/", {"next": "https://evil.example/"})["Location"] == "/"
    assert client.get("/ui/view/").status_code == 405
    client.post("/ui/language/", {"language": "en", "next": "/desk"})
    assert '<html lang="en"' in client.get("/desk").content.decode()


@pytest.mark.parametrize("code", ["400", "403", "404", "409", "403_csrf", "500"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_messages_need_no_request(code, language):
    with translation.override(language):
        html = render_to_string(f"{code}.html")
    assert "<h1>" in html
    assert 'href="/"' in html


@pytest.mark.parametrize(
    ("style", "zh", "en"),
    [
        ("", "2024年3月5日 09:07", "5 Mar 2024 09:07"),
        ("date", "2024年3月5日", "5 Mar 2024"),
        ("relative", "2024年3月5日 09:07", "5 Mar 2024 09:07"),
    ],
)
def test_local_time(style, zh, en):
    moment = dt.datetime(2024, 3, 5, 1, 7, tzinfo=dt.UTC)
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            html = ui.local_time(moment, style)
        assert f">{words}</time>" in html
        assert ("data-relative" in html) == (style == "relative")
    assert ui.local_time(None) == "—"
    for language, words in (("zh-hans", "甲、乙"), ("en", "甲, 乙")):
        with translation.override(language):
            assert ui.listed(["甲", "乙"]) == words
    assert 'datetime="2024-03-05"' in ui.local_time(dt.date(2024, 3, 5))


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(3, 7, "43%"), (0, 9, "0%"), (7, 7, "100%"), (0, 0, "—"), (None, 4, "—"), (1, None, "—")],
)
def test_share(part, whole, shown):
    assert ui.share(part, whole) == shown


def test_lights_differ_in_shape_and_word():
    assert len({tone.icon for tone, _ in LIGHTS.values()}) == len(LIGHTS)
    with translation.override("en"):
        assert len({str(word) for _, word in LIGHTS.values()}) == len(LIGHTS)
    assert {tone.icon for tone in STATUS.values()} <= SYMBOLS
    assert {tone.icon for tone, _ in LIGHTS.values()} <= SYMBOLS
    assert ui.light(None) == ""
    with pytest.raises(KeyError):
        ui.light("purple")


def test_query_code_and_qr():
    assert re.sub(r"<[^>]+>", "", ui.query_code("K7MQ2XWP")) == "K7MQ2XWP"
    svg = ui.qr("http://127.0.0.1/t/K7MQ2XWP?a=1&b=<")
    assert 'class="qr"' in svg
    assert "style" not in svg
    xml.dom.minidom.parseString(svg)


def test_icons_named_in_any_template_exist():
    """Icons named outright in `{% icon "x" %}` or `icon_name="x"`, in every room."""
    for path in PACKAGE.glob("*/templates/**/*.html"):
        text = path.read_text()
        for name in re.findall(r"""(?:{% icon |icon_name=)["']([\w-]+)["']""", text):
            assert name in SYMBOLS, f"{path.name}: {name}"


def test_no_inline_code_in_any_template():
    for path in PACKAGE.glob("*/templates/**/*.html"):
        found = re.search(r"""<[a-z][^>]*\s(?:style|on[a-z]+)=["']|<style""", path.read_text())
        assert not found, f"{path.name}: {found[0]}"
