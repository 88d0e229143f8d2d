"""What the page and the printed sheet of a digest show."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.insight import words
from maplebridge.insight.digest_asked import Asked, ChooseForm
from maplebridge.insight.queries import (
    Content,
    Scope,
    kept_digest,
    read_digest,
    subscribes,
)
from maplebridge.insight.queries.digest import Figure, Part, Warned
from maplebridge.insight.queries.named import last_results, named_matters
from maplebridge.insight.rules import BY_NAME, FEWEST_FOR_RATE
from maplebridge.matters.flow import URGENCIES
from maplebridge.matters.models import Matter
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.templatetags.ui import time_words

TABS = 7  # days one click away; others by their date
# The numbers at the top: name, words, and the tone of a number that is not zero.
STRIP = (
    ("came_in", gettext_lazy("Came in"), ""),
    ("closed", gettext_lazy("Closed"), ""),
    ("open", gettext_lazy("Open now"), ""),
    ("late", gettext_lazy("Late"), "bad"),
    ("today", gettext_lazy("Due today"), ""),
    ("urgent", gettext_lazy("Urgent"), "bad"),
    ("asks", gettext_lazy("Asks for a decision"), "warn"),
    ("returned_twice", gettext_lazy("Returned twice"), "warn"),
    ("paused", gettext_lazy("Suspended"), ""),
)
LIGHTS = ("yellow", "orange", "red")
SETUP_READERS = ("administrator", "supervisor")


def page(wanted: Asked) -> dict[str, Any]:
    """Context of the page: today so far, or what was kept of an earlier day."""
    context: dict[str, Any] = {"wanted": wanted, "form": ChooseForm(wanted)}
    if wanted.scope is None:
        return context
    context |= _days(wanted, wanted.scope)
    context["sent"] = subscribes(wanted.actor, wanted.scope)
    if wanted.today:
        return context | _shown(wanted, read_digest(wanted.scope, wanted.day, wanted.now))
    kept = kept_digest(wanted.scope, wanted.day)
    if kept is None:
        return context
    return context | _shown(wanted, kept.content) | {"made_at": kept.made_at}


def _days(wanted: Asked, scope: Scope) -> dict[str, Any]:
    """Tabs of the last days, and the days before and after the one shown."""

    def url(day: date) -> str:
        return "?" + urlencode({"scope": scope.key, "day": day.isoformat()})

    today = words.local_day()
    days = [today - timedelta(days=n) for n in range(TABS + 1)]
    later = wanted.day + timedelta(days=1)
    return {
        "tabs": [
            {
                "label": _("Today") if day == today else time_words(day),
                "url": url(day),
                "active": day == wanted.day,
            }
            for day in days
        ],
        "earlier_url": url(wanted.day - timedelta(days=1)),
        "later_url": url(later) if later <= today else "",
    }


def _shown(wanted: Asked, content: Content) -> dict[str, Any]:
    figures, days = content["figures"], content["days"]
    came_in: Part = {
        "code": "",
        "n": figures["came_in"]["n"],
        "query": "",
        "before": figures["before"]["n"] or 0,
    }
    whole_day = not wanted.today
    return {
        "digest": content,
        "figures": [
            {"label": label, "n": figures[name]["n"], "url": list_url(figures[name]), "tone": tone}
            for name, label, tone in STRIP
        ],
        "came_in": _compared(came_in, days, whole_day),
        "groups": [
            _compared(part, days, whole_day) | {"label": words.group_label(part["code"])}
            for part in content["groups"]
        ],
        "channels": [
            _compared(part, days, whole_day) | {"label": words.channel_label(part["code"])}
            for part in content["channels"]
        ],
        "lights": [
            {"light": name, "n": figures[name]["n"], "url": list_url(figures[name])}
            for name in LIGHTS
        ],
        "units": [
            {
                "name": words.unit_name(line["unit"]),
                "open": line["open"]["n"],
                "open_url": list_url(line["open"]),
                "late": line["late"]["n"],
                "late_url": list_url(line["late"]),
            }
            for line in content["units"]
        ],
        "places": _places(wanted, content),
        "warnings": [
            words.warning_words(warned) | _where(wanted.actor, warned)
            for warned in content["warnings"]
        ],
        "rates": _rates(figures),
        **_named(wanted, content),
    }


def _where(actor: Actor, warned: Warned) -> dict[str, Any]:
    """The link of a warning: its matters, or the list of the town that wants mending, for whoever
    may open that."""
    page = BY_NAME[warned["rule"]].page
    if page is None:
        return {"n": warned["n"], "url": list_url(warned)}
    label, name, query = page
    url = f"{reverse(name)}?{query % warned['says']}" if actor.holds(*SETUP_READERS) else ""
    return {"n": None, "url": url, "label": label}


def list_url(figure: Figure) -> str:
    """The list behind a number."""
    return f"{reverse('web:matters')}?{figure['query']}"


def _compared(part: Part, days: int, whole_day: bool) -> dict[str, Any]:
    return {
        "n": part["n"],
        "url": list_url(part),
        "mean": words.mean_words(part["before"], days),
        "compared": words.compared(part, days, whole_day=whole_day),
    }


def _rates(figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    """Part and whole of each rate, with their lists; a percentage only of twenty or more."""
    rates = (
        (_("Handled within the first limit"), "kept_first", "timed"),
        (_("Handled within the extended limit"), "kept", "timed"),
        (_("Rated by a reporter"), "rated", "closed_weeks"),
        (_("Satisfied, of those rated"), "satisfied", "rated"),
    )
    return [
        {
            "label": label,
            "part": figures[part]["n"],
            "part_url": list_url(figures[part]),
            "whole": figures[whole]["n"],
            "whole_url": list_url(figures[whole]),
            "percent": (figures[whole]["n"] or 0) >= FEWEST_FOR_RATE,
        }
        for label, part, whole in rates
    ]


def _named(wanted: Asked, content: Content) -> dict[str, Any]:
    """The few matters beside late, suspended and urgent, read anew for this reader."""
    named = content["named"]
    found = named_matters(wanted.actor, [r["matter"] for rows in named.values() for r in rows])
    return {
        f"named_{state}": [
            _matter(found[row["matter"]])
            | {"rung": parse_datetime(row["rung"]) if row["rung"] else None,
               "answered": parse_datetime(row["answered"]) if row["answered"] else None}
            for row in rows
            if row["matter"] in found
        ]
        for state, rows in named.items()
    }  # fmt: skip


def _matter(matter: Matter) -> dict[str, Any]:
    category = matter.category or matter.proposed_category
    return {
        "number": matter.number,
        "url": reverse("web:matter", args=[matter.number]),
        "category": category.label if category else "",
        "place": directory().area_names(matter.area_code),
        "lead": matter.lead.name if matter.lead else "",
        "due_at": matter.due_at,
        "review_on": matter.suspended_until,
        "urgency": dict(URGENCIES).get(matter.urgency, ""),
    }


def _places(wanted: Asked, content: Content) -> list[dict[str, Any]]:
    last = [p["last_closed"] for p in content["places"] if p["last_closed"]]
    there = [number for p in content["places"] if (number := p.get("matter"))]
    found, results = named_matters(wanted.actor, [*last, *there]), last_results(last)
    town = directory()
    return [
        {
            "area": town.area_names(place["area"]),
            "at_address": bool(place.get("matter")),
            "address": a.address if (a := found.get(place.get("matter") or 0)) else "",
            "map_url": f"{reverse('insight:map')}?{place['query']}",
            "group": words.group_label(place["group"]),
            "n": place["n"],
            "url": list_url(place),  # type: ignore[arg-type]
            "lately": place["lately"],
            "last": found.get(place["last_closed"] or 0),
            "result": results.get(place["last_closed"] or 0, ""),
        }
        for place in content["places"]
    ]
