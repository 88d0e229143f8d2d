"""Matters in the words of the schemas."""

from typing import Any

from django.utils import timezone

from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import clock_states, kinds_for, light_of
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor


def row(matter: Matter) -> dict[str, Any]:
    """One matter of a list; no query when units and category were read with it."""
    return {
        "number": matter.number,
        "title": matter.title,
        "status": matter.status,
        "label": str(FLOW.statuses[matter.status]),
        "version": matter.version,
        "category": matter.category.code if matter.category else None,
        "area": matter.area_code,
        "place": directory().area_names(matter.area_code) if matter.place_known else "",
        "lead": matter.lead.name if matter.lead else None,
        "urgent": matter.urgent,
        "light": light_of(matter, timezone.now()),
        "due_at": matter.due_at,
        "due_kind": matter.due_kind,
        "reported_at": matter.reported_at,
    }


def whole(actor: Actor, matter: Matter) -> dict[str, Any]:
    """One matter with all that belongs to it, and the steps the actor may take now."""
    kinds = kinds_for(actor, matter)
    clocks = clock_states(matter.clocks.order_by("-started_at", "id"), timezone.now())
    return row(matter) | {
        "lon": matter.lon,
        "lat": matter.lat,
        "address": matter.address,
        "reports": list(
            matter.reports.order_by("reported_at", "id").values(
                "channel", "text", "photos", "reported_at"
            )
        ),
        "events": list(
            matter.events.order_by("version").values("version", "step", "at", "to_status")
        ),
        "clocks": [
            {
                "kind": state.clock.kind,
                "limit": state.clock.limit,
                "light": state.light,
                "first_due_at": state.clock.first_due_at,
                "due_at": state.clock.due_at,
            }
            for state in clocks
        ],
        "assignments": [
            {"unit": given.unit.name, "role": given.role, "state": given.state}
            for given in matter.assignments.select_related("unit").order_by("id")
        ],
        "allowed": [s.name for s in FLOW.available(matter.status, kinds) if s.who != {"anyone"}],
    }
