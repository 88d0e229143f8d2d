"""The history of a mediation as the timeline part draws it."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.flow import FLOW
from maplebridge.mediation.models import Mediation, MediationEvent
from maplebridge.mediation.models.agreement import SECTIONS
from maplebridge.mediation.queries.people import named
from maplebridge.mediation.rules import REMEDIES, ROOMS
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


def timeline(mediation: Mediation, names: Mapping[UUID, str] | None = None) -> list[dict[str, Any]]:
    """Steps from the first to the last, with their words; `names` by the parties' subjects. The
    sections that a party approved with one press are one line."""
    events = list(mediation.events.select_related("person").order_by("version"))
    words = passages([e.passage_id for e in events if e.passage_id])
    parties = {p.id.hex: named(p, names or {}) for p in mediation.parties.all()}
    pressed = [list(found) for _press, found in groupby(events, key=_press)]
    return [_event(found, words, parties) for found in pressed]


def _press(event: MediationEvent) -> tuple[Any, ...]:
    if event.step != "approve":
        return (event.version,)
    return (event.step, event.at, event.data["party"], event.data["edition"])


def _event(
    found: list[MediationEvent], words: dict[Any, str], parties: dict[str, str]
) -> dict[str, Any]:
    event = found[-1]
    try:
        label = FLOW.step(event.step).label
    except NotFound:
        label = BESIDE[event.step]
    party = parties.get(event.data.get("party", ""), "")
    by_itself = party if event.data.get("by") == "party" else ""
    return {
        "at": event.at,
        "title": label,
        "who": event.person.name if event.person else by_itself,
        "note": words.get(event.passage_id, "") if event.passage_id else "",
        "facts": _facts(found, "" if by_itself else party),
        "tone": TONES[event.to_status] if event.from_status != event.to_status else "calm",
        "icon": ICONS[TONES[event.to_status]] if event.from_status != event.to_status else "circle",
    }


def _facts(found: Iterable[MediationEvent], party: str) -> str:
    """About whom and what a step was: a party, sections, a kind of talk, other ways to go."""
    events = list(found)
    data = events[-1].data
    told = [str(SECTIONS[e.data["section"]]) for e in events if e.data.get("section")]
    told += [str(ROOMS[room]) for room in [data.get("room")] if room in ROOMS]
    told += [_("Chosen by the parties")] if data.get("chosen") else []
    told += [str(REMEDIES)] if data.get("remedies") else []
    told += [data["instead"]] if data.get("instead") else []
    what = _(", ").join(told)
    return (
        _("%(who)s: %(what)s") % {"who": party, "what": what} if party and what else party or what
    )
