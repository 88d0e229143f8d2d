"""What the frame of every staff page shows: menu, person, post."""

from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from maplebridge.matters.queries import ringing
from maplebridge.mediation.queries.entrusted import stations_of
from maplebridge.notify.queries import unread_count
from maplebridge.org.models import Unit
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import ANY_POST
from maplebridge.web.lists import lists_for

OF_A_MATTER = {"web:matter", "web:step", "web:contact"}


def desk(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `desk` for pages of this room, nothing for others."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {}
    frame = {
        "menu": partial(_menu, request, actor),
        "person": actor.name,
        "post": " · ".join(dict.fromkeys(p.title for p in actor.posts)),
        "search_url": reverse("web:matters") if actor.holds(*ANY_POST) else "",
        "sign_out_url": reverse("web:sign_out"),
        "home_url": reverse("web:home"),
    }
    if actor.holds(*ANY_POST):
        frame["messages_url"] = reverse("web:messages")
        frame["bell_url"] = reverse("web:bell")
        frame["rings"] = partial(_rings, actor)
        # Asked when a page shows its bell, and once however often it does.
        frame["unread"] = cache(partial(unread_count, actor.person_id))
    return {"desk": frame}


def _rings(actor: Actor) -> list[dict[str, Any]]:
    """The alarms that wait for this person, as the strip under the head shows them."""
    town = directory()
    return [
        {
            "url": reverse("web:matter", args=[alarm.matter.number]),
            "danger": alarm.matter.get_urgency_display() or _("Urgent"),
            "title": alarm.matter.title or alarm.matter.number,
            "place": town.area_names(alarm.matter.area_code) if alarm.matter.place_known else "",
            "until": alarm.due_at,
        }
        for alarm in ringing(actor)
    ]


def _menu(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    items = [
        {
            "label": made.label,
            "url": made.url,
            "icon": made.icon,
            "key": made.key,
        }
        for made in lists_for(actor)
    ]
    if items:  # an administrator without another post has no matters
        items[0]["group"] = _("Work")
        items.append({
            "label": _("Find matters"), "url": reverse("web:matters"), "icon": "search", "key": "f",
        })  # fmt: skip
        items.append({
            "label": _("Map"), "url": reverse("insight:map"), "icon": "map", "key": "6",
        })  # fmt: skip
    if items:
        items.append({
            "label": _("Visits due"), "url": reverse("fieldwork:needs"), "icon": "visit",
        })  # fmt: skip
        items.append({
            "label": _("Places"), "url": reverse("fieldwork:places"), "icon": "places",
        })  # fmt: skip
    if _mediates(actor):
        items.append({
            "label": _("Mediations"), "url": reverse("mediation:list"), "icon": "handshake",
        })  # fmt: skip
    elif stations_of(actor):
        items.append({
            "label": _("Entrusted for mediation"), "url": reverse("mediation:entrusted"),
            "icon": "handshake",
        })  # fmt: skip
    elif actor.holds("supervisor"):
        items.append({
            "label": _("Figures of mediation"), "url": reverse("mediation:figures"),
            "icon": "handshake",
        })  # fmt: skip
    if actor.holds("dispatcher", "verifier", "supervisor"):
        items.append({
            "label": _("Daily digest"), "url": reverse("insight:digest"), "icon": "chart",
            "key": "7",
        })  # fmt: skip
    if actor.holds("dispatcher", "supervisor"):
        items.append({
            "label": _("Phones at the door"), "url": reverse("field:board"), "icon": "device",
        })  # fmt: skip
    if actor.holds("supervisor"):
        items.append({
            "label": _("Exports"), "url": reverse("web:exports"), "icon": "download",
        })  # fmt: skip
    if actor.holds("dispatcher", "grid_worker"):
        items.append({
            "label": _("New report"), "url": reverse("web:intake"), "icon": "edit",
            "key": "n", "group": _("Record"),
        })  # fmt: skip
    if actor.holds("grid_worker", "handler"):
        items.append({
            "label": _("App for the door"), "url": reverse("field:choose"), "icon": "device",
        })  # fmt: skip
    if actor.holds("administrator", "supervisor") and not _in_setup(request):
        items.append({
            "label": _("Setup"), "url": reverse("setup:overview"), "icon": "building",
            "group": _("Set up"),
        })  # fmt: skip
    if request.user.is_staff:  # type: ignore[union-attr]
        items.append({
            "label": _("Areas and outlines"), "url": reverse("admin:index"), "icon": "area",
        })  # fmt: skip
    _mark_active(request, items)
    return items


def _mark_active(request: HttpRequest, items: list[dict[str, Any]]) -> None:
    """Mark the item this page belongs to; the page of a matter belongs to none."""
    match = request.resolver_match
    if match is not None and match.view_name in OF_A_MATTER:
        return
    for item in items:
        item["active"] = f"{request.path}/".startswith(f"{item['url']}/")


def _mediates(actor: Actor) -> bool:
    """True for whoever handles in a unit that mediates."""
    units = directory().units
    return any(u in units and units[u].kind in Unit.MEDIATING for u in actor.unit_ids)


def _in_setup(request: HttpRequest) -> bool:
    """Its pages bring a menu of their own."""
    return request.resolver_match is not None and request.resolver_match.namespace == "setup"
