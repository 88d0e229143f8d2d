"""Pages that show every part, served by the tests under URLs of their own."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.utils import timezone

from maplebridge.ui.forms import Form
from maplebridge.ui.tones import LIGHTS, STATUS

TYPED = '<b hx-get="/steal">x</b>\n第二行 <script>alert(1)</script>'

PUBLIC = """
{% extends "ui/base.html" %}{% load ui %}
{% block title %}Parts{% endblock %}{% block heading %}Parts{% endblock %}
{% block nav %}<a href="/" aria-current="page">First page</a>{% endblock %}
{% block crumbs %}{% include "ui/parts/crumbs.html" %}{% endblock %}
{% block actions %}{% include "ui/parts/button.html" with label="Close" kind="primary" key="c" icon_name="check" %}
{% include "ui/parts/button.html" with label="Verify" disabled_reason="Not your own work." %}{% endblock %}
{% block columns_class %}with-aside{% endblock %}
{% block content %}<div class="stack-l">
{% include "ui/parts/steps.html" with steps=steps current=2 %}
<form class="form" method="post">{% csrf_token %}{{ form }}
{% include "ui/parts/map.html" with label="Place" pick="lon,lat" bounds="119.0,28.0,119.1,28.1" text="Words do too." %}
{% include "ui/parts/photo_input.html" with label="Photos" %}</form>
{% include "ui/parts/query_code.html" with code="K7MQ2XWP" track_url="http://127.0.0.1/t/K7MQ2XWP" %}
{% include "ui/parts/timeline.html" %}
{% for state in lights %}{% light state now %}{% endfor %}
{% for status in statuses %}{% status_badge status status %}{% endfor %}
{% include "ui/parts/notice.html" with tone="warn" title="Twice?" text="One like it is known." url="/" link="Follow it" %}
{% include "ui/parts/empty.html" with title="Nothing here" why="All is sent." next_url="/" next_label="On" %}
{% include "ui/parts/tabs.html" with label="Lists" %}
<div class="table-box"><table class="table table-cards"><thead><tr><th>Number</th><th>Matter</th></tr></thead>
<tbody><tr data-row><th scope="row"><a href="#1">331181-20261124-0001</a></th><td data-label="Matter">{{ typed|user_text }}</td></tr></tbody></table></div>
{% include "ui/parts/pager.html" with older_url="?after=1" newer_url="?before=1" %}
{% include "ui/parts/tile.html" with href="/" icon_name="edit" title="Report" text="Three steps" primary=True %}
{% include "ui/parts/photos.html" with photos=photos %}
{% share 3 7 %}{{ now|local_time }}{{ now|local_time:"relative" }}{{ now.date|local_time }}
</div>{% endblock %}
{% block aside %}<aside>{% include "ui/parts/facts.html" %}
{% include "ui/parts/map.html" with label="Place" lon=119.05 lat=28.03 small=True places=places %}</aside>{% endblock %}
"""
DESK = """
{% extends "ui/desk.html" %}{% load ui %}
{% block title %}Inbox{% endblock %}{% block heading %}Inbox{% endblock %}
{% block content %}<div class="panes"><section class="pane pane-list"><ul class="rows">{% for n in "123" %}
<li data-row><a class="row-title" data-row-link href="#{{ n }}">Matter {{ n }}</a>
<p class="row-facts"><span>Grid 2</span><span>{{ now|local_time:"relative" }}</span></p>
<div class="row-state">{% light "soon" now %}</div></li>{% endfor %}</ul></section>
<section class="card"><h2>Matter 1</h2>{{ typed|user_text }}</section>
<aside class="pane pane-act"><button class="btn btn-primary" data-key="d">Dispatch<kbd>d</kbd></button></aside></div>{% endblock %}
"""
LOGIN = """
{% extends "ui/base.html" %}{% block title %}Sign in{% endblock %}{% block head %}{% endblock %}
{% block content %}{% include "ui/parts/login.html" with title="Sign in" %}{% endblock %}
"""
LIVE = """
{% extends "ui/base.html" %}{% block title %}Live{% endblock %}{% block heading %}Live{% endblock %}
{% block content %}<a id="ours" href="/desk" hx-get="/answer" hx-target="#out">ours</a>
<div hx-ignore><p id="typed" hx-get="/answer" hx-target="#out">typed</p></div><p id="out">before</p>{% endblock %}
"""
SOURCES = {
    "answer": "<time datetime='2020-01-01T00:00:00Z' data-relative>x</time>",
    "live": LIVE,
} | {"public": PUBLIC, "desk": DESK, "login": LOGIN}


class Telling(Form):
    text = forms.CharField(label="What happened", help_text="No names.", widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[(1, "Road"), (2, "Wall")], widget=forms.RadioSelect)
    phone = forms.CharField(required=False)
    lon = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)


def context(bad_form: bool = False) -> dict[str, Any]:
    """Return what the parts are fed with."""
    now = timezone.now() - dt.timedelta(hours=5)
    return {
        "form": Telling({}) if bad_form else Telling(),
        "steps": ["What", "Where", "Check"],
        "crumbs": [{"label": "Home", "url": "/"}, {"label": "Matter"}],
        "tabs": [{"label": "New", "url": "#", "active": True, "count": 3}, {"label": "Old", "url": "#"}],
        "facts": [("Grid", "331181 002"), ("Basis", "")],
        "events": [
            {"at": now, "who": "Resident", "title": "Reported", "icon": "inbox", "note": TYPED},
            {"at": now, "title": "Corrected", "icon": "edit", "tone": "bad", "correction": True},
        ],
        "places": [{"label": "Bridge", "lon": 119.05, "lat": 28.03, "url": "#b", "note": "1"}],
        "photos": [{"url": "/static/ui/mark.svg", "alt": "The bridge"}],
        "lights": list(LIGHTS),
        "statuses": list(STATUS),
        "now": now,
        "typed": TYPED,
        "desk": {
            "menu": [
                {"group": "Work", "label": "Inbox", "url": "/", "icon": "inbox", "count": 12, "active": True},
                {"label": "Map", "url": "#", "icon": "map"},
            ],
            "person": "Lin Xiaohe",
            "post": "Dispatcher",
            "search_url": "/desk",
            "sign_out_url": "/",
            "home_url": "/desk",
        },
    }  # fmt: skip


def show(request: HttpRequest, name: str) -> HttpResponse:
    """Render one of SOURCES; `?bad` shows the form with errors."""
    page = engines["django"].from_string(SOURCES[name].strip())
    return HttpResponse(page.render(context("bad" in request.GET), request))


urlpatterns = [
    path("ui/", include("maplebridge.ui.urls")),
    path("<name>", show),
]
