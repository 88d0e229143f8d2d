"""What the page of the map shows beside the drawing: filter, words, counts, the newest matters."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from maplebridge.insight.queries.layers import jurisdiction_kinds
from maplebridge.insight.queries.map import (
    NO_GROUP,
    SINGLES_FROM,
    counts_by_area,
    extent,
    newest_points,
    placed_count,
)
from maplebridge.kernel.codes import covers, level_of
from maplebridge.matters.flow import STATUSES
from maplebridge.matters.queries import STATES, MatterFilter
from maplebridge.matters.queries.filters import LABELS
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.forms import Day, Form, Select
from maplebridge.ui.tones import LIGHTS

SHOWN = 50


def asked(given: Mapping[str, Any]) -> MatterFilter:
    """The filter of an address. Without a state or status it is the open matters; a chosen
    status says more than "open" and stands alone."""
    wanted = MatterFilter.read(given)
    if "state" not in given and not wanted.status:
        return replace(wanted, state="open")
    return replace(wanted, state="") if wanted.status and wanted.state == "open" else wanted


class MapFilterForm(Form):
    """The fields of `MatterFilter` that people use on a map; it only writes an address."""

    state = forms.ChoiceField(label=LABELS["state"], required=False, widget=Select)
    status = forms.ChoiceField(label=LABELS["status"], required=False, widget=Select)
    category = forms.ChoiceField(label=LABELS["category"], required=False, widget=Select)
    area = forms.ChoiceField(label=LABELS["area"], required=False, widget=Select)
    since = Day(label=LABELS["since"], required=False)
    until = Day(label=LABELS["until"], required=False)
    q = forms.CharField(label=gettext_lazy("Words or number"), required=False, max_length=100)

    def __init__(self, actor: Actor, wanted: MatterFilter) -> None:
        """Choices are those of the actor's areas; what the address asks is chosen."""
        super().__init__(initial=vars(wanted), auto_id="map-%s")
        choices = {
            "state": [("", _("All")), *((k, label) for k, (label, _q) in STATES.items())],
            "status": [("", _("All")), *STATUSES.items()],
            "category": [("", _("All")), *group_labels().items()],
            "area": [("", _("All")), *_areas(actor)],
        }
        for name, known in choices.items():
            value = getattr(wanted, name)
            if value and value not in dict(known):
                known.append((value, {n: w for n, _l, w in wanted.said()}[name]))
            self.fields[name].choices = known  # type: ignore[attr-defined]


def page(actor: Actor, wanted: MatterFilter, now: datetime) -> dict[str, Any]:
    """Context of the page. Every number leads to the list with exactly this filter."""
    counts = counts_by_area(actor, wanted, now)
    total = sum(n for n, _late in counts.values())
    listed = reverse("web:matters")
    box = extent(actor, wanted.area)
    return {
        "form": MapFilterForm(actor, wanted),
        "kept": [(n, v) for n, _l, v in _unshown(wanted)],
        "said": wanted.said(),
        "areas": list(_area_rows(counts, wanted, listed)),
        "total": total,
        "unplaced": total - placed_count(actor, wanted, now) if total else 0,
        "list_url": f"{listed}?{wanted.query()}",
        "query": wanted.query(),
        "newest": [_in_words(point) for point in newest_points(actor, wanted, now, SHOWN)],
        "statuses": STATUSES.items(),
        "lights": [light for light in LIGHTS if light != "stopped"],
        "groups": [(code, sign(code, label), label) for code, label in group_labels().items()],
        "kinds": jurisdiction_kinds(),
        "bounds": ",".join(f"{edge:.6f}" for edge in box) if box else "",
        "facts": json.dumps(_facts(), ensure_ascii=False),
    }


def _in_words(point: dict[str, Any]) -> dict[str, Any]:
    labels = {NO_GROUP: _("No category yet"), **group_labels()}
    return point | {
        "group_label": labels.get(point["group"], ""), "status_label": STATUSES[point["status"]],
    }  # fmt: skip


def group_labels() -> dict[str, str]:
    """The letter of each category group with its name, in the order of the catalogue."""
    found = {c.code[0]: c.group_label for c in directory().categories.values()}
    return dict(sorted(found.items()))


def sign(code: str, label: str) -> str:
    """What stands in a matter's symbol: the first character in Chinese, else the group's letter."""
    return label[0] if (get_language() or "").startswith("zh") else code


def _areas(actor: Actor) -> Iterator[tuple[str, str]]:
    """Towns and villages a reader's posts reach, villages set in below their town."""
    scopes = actor.scopes(AREA_KINDS)
    for code, area in sorted(directory().areas.items()):
        within = not scopes or any(covers(s, code) or covers(code, s) for s in scopes)
        if within and level_of(code) in {"town", "village"}:
            yield code, area.name if level_of(code) == "town" else f"　{area.name}"


def _unshown(wanted: MatterFilter) -> list[tuple[str, str, str]]:
    """Parts of the filter without a field here; the form carries them on."""
    return [
        (name, label, str(getattr(wanted, name)))
        for name, label, _value in wanted.said()
        if name not in MapFilterForm.base_fields
    ]


def _area_rows(
    counts: Mapping[str, tuple[int, int]], wanted: MatterFilter, listed: str
) -> Iterator[dict[str, Any]]:
    town = directory()
    told = wanted.state in {"", "open", "late"}  # another state cannot be asked together with late
    for code, (n, late) in counts.items():
        here = replace(wanted, area=code)
        yield {
            "name": town.area_names(code),
            "n": n,
            "late": late,
            "url": f"{listed}?{here.query()}",
            "late_url": f"{listed}?{replace(here, state='late').query()}" if told else "",
            "map_url": f"?{here.query()}",
        }


def _facts() -> dict[str, Any]:
    """Addresses and words for the script."""
    return {
        "points": reverse("insight:map_points"),
        "layers": reverse("insight:map_layers"),
        "matter": reverse("web:matter", args=["NUMBER"]),
        "singlesFrom": SINGLES_FROM,
        "signs": {
            NO_GROUP: "?",
            **{code: sign(code, label) for code, label in group_labels().items()},
        },
        "groups": {NO_GROUP: _("No category yet"), **group_labels()},
        "words": {
            "view": [
                ngettext("%(n)s matter in view, %(late)s late",
                         "%(n)s matters in view, %(late)s late", n) for n in (1, 2)
            ],
            "about": _("About %(n)s matters in view, about %(late)s late"),
            "none": _("Nothing in view. Move the map, zoom out or change the filter."),
            "late": _("%(late)s late"),
            "allInTime": _("none late"),
            "square": [
                ngettext("%(n)s matter close together", "%(n)s matters close together", n)
                for n in (1, 2)
            ],
            "near": _("Near %(place)s"),
            "rest": _("And %(n)s more. Zoom in or narrow the filter."),
            "more": _("Too many here: the newest %(n)s are drawn. Narrow the filter."),
            "failed": _("The map could not be renewed. What you see is from before."),
            "here": [
                ngettext("%(n)s matter at this place", "%(n)s matters at this place", n)
                for n in (1, 2)
            ],
            "units": _("Units here"),
        },
    }  # fmt: skip
