"""What changes seldom and every phone needs: who one is, forms, steps, categories, outlines."""

from base64 import b64encode
from typing import Any

from django.utils import timezone
from shapely.geometry import mapping

from maplebridge.fieldwork.forms import checklists, forms, place_kinds
from maplebridge.matters.flow import FIELDS, FLOW, STATUSES
from maplebridge.org.queries import directory
from maplebridge.org.rules import PostFact
from maplebridge.sync.queries.scopes import Scopes
from maplebridge.sync.rules import KINDS, STATES

# Degrees: about five metres, which no finger on a map is finer than.
SMOOTH = 0.00005
DIGITS = 5
STAFF_STEPS = frozenset({"grid_worker", "handler", "helper"})


def pack(scopes: Scopes, name: str, public_key: bytes) -> dict[str, Any]:
    """The pack of one worker, in the reader's language."""
    today = timezone.localdate()
    return {
        "me": {
            "name": name,
            "posts": [_post(p) for p in scopes.actor.posts],
            "areas": scopes.named,
        },
        "key": b64encode(public_key).decode(),
        "forms": forms(),
        "checklists": checklists(),
        "place_kinds": place_kinds(),
        "categories": [
            {
                "code": c.code, "label": c.label, "group": c.group_label, "on_spot": c.on_spot,
                "dispute": bool(c.mediation_type), "hand_over": c.hand_over,
                "words": c.keywords,  # by which the phone suggests it
            }
            for c in directory().categories.values()
            if c.is_valid_on(today)
        ],
        "steps": [_step(step) for step in FLOW.steps if step.who & STAFF_STEPS],
        "fields": {
            name: {
                "label": str(f.label), "kind": f.kind, "help": str(f.help),
                "choices": [[value, str(label)] for value, label in f.choices],
            }
            for name, f in FIELDS.items()
        },
        "statuses": {key: str(label) for key, label in STATUSES.items()},
        "kinds": {key: str(label) for key, label in KINDS.items()},
        "states": {key: str(label) for key, label in STATES.items()},
        "units": [
            {"code": u.code, "name": u.name}
            for u in directory().units.values()
            if u.is_valid_on(today)
        ],
        "outlines": [
            {
                "code": area.code, "name": scopes.called(area.code, area.name),
                "shape": _shape(outline),
            }
            for area, outline in directory().outlines(scopes.areas)
        ],
    }  # fmt: skip


def _post(post: PostFact) -> dict[str, Any]:
    unit = directory().units.get(post.unit_id)
    return {
        "kind": post.kind, "title": post.title, "unit": unit.name if unit else "",
        "areas": list(post.scopes),
    }  # fmt: skip


def _step(step: Any) -> dict[str, Any]:
    return {
        "name": step.name, "label": str(step.label), "needs": list(step.needs),
        "optional": list(step.optional), "primary": step.primary,
    }  # fmt: skip


def _shape(outline: Any) -> dict[str, Any]:
    found = mapping(outline.simplify(SMOOTH))
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    return round(value, DIGITS)
