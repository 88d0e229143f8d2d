"""What the desk's pages of places and visits show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from maplebridge.fieldwork.checklists import CHECKLISTS
from maplebridge.fieldwork.models import Need, Place, Visit
from maplebridge.fieldwork.queries import find_places, needs_seen, visits_of
from maplebridge.fieldwork.rules import ANSWERS, FACTS, KINDS
from maplebridge.kernel.text import whole_number
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages

PAGE = 50
VISITS_SHOWN = 30


@dataclass(frozen=True)
class NeedRow:
    """A need as a row: where, why, and how it stands to its day."""

    need: Need
    title: str
    area: str
    late: bool
    today: bool


def needs_asked(actor: Actor, asked: QueryDict) -> tuple[str, QuerySet[Need]]:
    """Open needs of the actor's areas by day; `kind` narrows them."""
    kind, found = asked.get("kind", ""), needs_seen(actor)
    return kind, found.filter(kind=kind) if kind in Need.Kind.values else found


def places_asked(actor: Actor, asked: QueryDict) -> QuerySet[Place]:
    """Places of the actor's areas by village and name; words and kind narrow them."""
    found = find_places(actor, asked.get("q", "")[:60])
    return found.filter(kind=asked["kind"]) if asked.get("kind") in KINDS else found


def needs_page(actor: Actor, asked: QueryDict, today: date) -> dict[str, Any]:
    """Open needs of the actor's areas by day, fifty at a time; `kind` narrows them."""
    kind, found = needs_asked(actor, asked)
    start = whole_number(asked.get("from")) or 0
    rows = list(found[start : start + PAGE + 1])
    tabs = [("", _("All")), ("visit", _("Visits")), ("inspection", _("Inspections"))]
    return {
        "rows": [need_row(need, today) for need in rows[:PAGE]],
        "tabs": [
            {"label": label, "url": f"?kind={code}" if code else "?", "active": code == kind}
            for code, label in tabs
        ],
        "older_url": f"?kind={kind}&from={start + PAGE}" if len(rows) > PAGE else "",
        "newer_url": f"?kind={kind}&from={max(0, start - PAGE)}" if start else "",
        "ask_url": reverse("fieldwork:places"),
        "book_query": f"kind={kind}",
    }


def need_row(need: Need, today: date) -> NeedRow:
    """One row; overdue is a fact of the need, never of a person."""
    title = need.place.name if need.place else need.matter.title if need.matter else ""
    area = directory().area_names(need.area_code)
    return NeedRow(need, title, area, need.due_on < today, need.due_on == today)


def places_page(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """Places of the actor's areas by village and name, fifty at a time."""
    text = asked.get("q", "")[:60]
    found = places_asked(actor, asked)
    start = whole_number(asked.get("from")) or 0
    places = list(found[start : start + PAGE + 1])
    query = f"q={text}&kind={asked.get('kind', '')}"
    town = directory()
    return {
        "places": [(place, town.area_names(place.area_code)) for place in places[:PAGE]],
        "text": text,
        "kinds": [(code, kind.label) for code, kind in KINDS.items()],
        "chosen": asked.get("kind", ""),
        "book_query": urlencode({"q": text, "kind": asked.get("kind", "")}),
        "older_url": f"?{query}&from={start + PAGE}" if len(places) > PAGE else "",
        "newer_url": f"?{query}&from={max(0, start - PAGE)}" if start else "",
    }


def place_page(place: Place, today: date) -> dict[str, Any]:
    """One place: facts, what is due, what was found, who mended what."""
    needs = place.needs.filter(done_at__isnull=True).order_by("due_on")
    facts: list[tuple[object, object]] = [
        (_("Kind"), place.get_kind_display()),
        (_("Address"), place.address),
    ]
    facts.append((_("Area"), directory().area_names(place.area_code)))
    facts += [
        (FACTS[name].label, _said(name, place.facts.get(name))) for name in KINDS[place.kind].facts
    ]
    # What it was entered with stands among the facts; here is what became different.
    mended = place.changes.exclude(at=place.created_at)
    changes = mended.select_related("person")[:VISITS_SHOWN]
    return {
        "place": place,
        "facts": facts,
        "checklist": KINDS[place.kind].checklist,
        "needs": [need_row(need, today) for need in needs.select_related("place", "matter")],
        "visits": visit_events(visits_of(place)[:VISITS_SHOWN]),
        "changes": [
            (change, _label(change.field), _said(change.field, change.before),
             _said(change.field, change.after))
            for change in changes
        ],
    }  # fmt: skip


def visit_events(visits: Iterable[Visit]) -> list[dict[str, Any]]:
    """Visits as the timeline part draws them; the words come from their passages."""
    shown = list(visits)
    words = passages([v.passage_id for v in shown if v.passage_id])
    return [_event(visit, words) for visit in shown]


def _event(visit: Visit, words: dict[Any, str]) -> dict[str, Any]:
    faults = _faults(visit)
    return {
        "at": visit.made_at,
        "title": visit.get_kind_display(),
        "who": visit.person.name if visit.person else "",
        "facts": " · ".join(str(fact) for fact in (visit.get_met_display(), *faults) if fact),
        "note": words.get(visit.passage_id, "") if visit.passage_id else "",
        "tone": "warn" if faults else "good",
        "icon": "alert" if faults else "check",
        "photos": [_photo(visit, hash_name) for hash_name in visit.photos],
    }


def _photo(visit: Visit, sha256: str) -> dict[str, str]:
    url = reverse("fieldwork:photo", args=[visit.id, sha256])
    return {"url": url, "thumb": f"{url}?side=160", "alt": ""}


def _faults(visit: Visit) -> list[object]:
    sheet = CHECKLISTS.get(visit.checklist)
    labels = {item.code: item.label for item in sheet.items} if sheet else {}
    return [
        _("%(item)s: %(answer)s") % {"item": labels.get(code, code), "answer": ANSWERS["fault"]}
        for code, answer in visit.items.items()
        if answer == "fault"
    ]


def _label(name: str) -> object:
    if name in FACTS:
        return FACTS[name].label
    return getattr(Place._meta.get_field(name), "verbose_name", name)


def _said(name: str, value: Any) -> object:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return pgettext("it is so", "Yes") if value else pgettext("it is so", "No")
    return KINDS[value].label if name == "kind" and value in KINDS else value


def today() -> date:
    """This day in the township."""
    return timezone.localdate()
