"""The history of a mediation as the timeline part draws it."""

from typing import Any

from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation, MediationEvent
from maplebridge.mediation.rules import REMEDIES
from maplebridge.trust.queries import passages

TONES = {
    "registered": "info", "accepted": "info", "mediating": "busy", "agreed": "good",
    "performed": "good", "broken": "bad", "failed": "warn", "refused": "calm",
    "withdrawn": "calm", "passed_on": "calm",
}  # fmt: skip
ICONS = {
    "good": "check-circle", "bad": "alert", "warn": "x-circle", "busy": "progress",
    "info": "inbox", "calm": "circle",
}  # fmt: skip

# Steps that stand outside the table: they are acts of their own.
BESIDE = {
    "register": gettext_lazy("Registered"),
    "void": gettext_lazy("Number declared void"),
    "claim": gettext_lazy("Subsidy claimed"),
    "decide": gettext_lazy("Subsidy decided"),
    "draw": gettext_lazy("Drawn by lot for review"),
    "review": gettext_lazy("Dossier reviewed"),
}


def timeline(mediation: Mediation) -> list[dict[str, Any]]:
    """Steps from the first to the last, with their words."""
    events = list(mediation.events.select_related("person").order_by("version"))
    words = passages([e.passage_id for e in events if e.passage_id])
    return [_event(e, words) for e in events]


def _event(event: MediationEvent, words: dict[Any, str]) -> dict[str, Any]:
    try:
        label = FLOW.step(event.step).label
    except NotFound:
        label = BESIDE[event.step]
    return {
        "at": event.at,
        "title": label,
        "who": event.person.name if event.person else "",
        "note": words.get(event.passage_id, "") if event.passage_id else "",
        "facts": str(REMEDIES) if event.data.get("remedies") else event.data.get("instead", ""),
        "tone": TONES[event.to_status] if event.from_status != event.to_status else "calm",
        "icon": ICONS[TONES[event.to_status]] if event.from_status != event.to_status else "circle",
    }
