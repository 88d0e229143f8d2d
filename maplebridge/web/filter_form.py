"""The bar that filters matters: its fields as a form, an error at the field it is about."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from maplebridge.kernel.codes import covers
from maplebridge.kernel.errors import InvalidInput
from maplebridge.matters.flow import STATUSES
from maplebridge.matters.models import Report
from maplebridge.matters.queries import STATES, MatterFilter
from maplebridge.matters.queries.filters import LABELS, WORDS_LIMIT
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.forms import Form, Select
from maplebridge.web.forms import SMALL

Choices = list[tuple[str, Any]]
FIRST = ("q", "state", "status", "category", "area")
HIDDEN = ("cell", "same_address")
MORE = ("unit", "since", "until", "closed_since", "closed_until", "channel")


class FilterForm(Form):
    """Takes what an address says; `wanted` is the filter once `is_valid()`."""

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = MatterFilter()
        chosen = {name: str(self.data.get(name, "")) for name in (*FIRST, *MORE, *HIDDEN)}
        for name in (*FIRST, *MORE, *HIDDEN):
            made = forms.CharField(required=False, widget=_widget(name, actor, chosen[name]))
            made.label, made.strip = str(LABELS[name]), True
            self.fields[name] = made

    def clean(self) -> dict[str, Any]:
        """Read the filter; what it refuses stands at its field."""
        try:
            self.wanted = MatterFilter.read(self.data)
        except InvalidInput as error:
            self.add_error(error.field if error.field in self.fields else None, error.message)
        return self.cleaned_data

    @cached_property
    def first(self) -> list[forms.BoundField]:
        """The fields that are always in sight."""
        return [self[name] for name in FIRST]

    @cached_property
    def more(self) -> list[forms.BoundField]:
        """The fields behind "more"."""
        return [self[name] for name in MORE]

    @property
    def more_open(self) -> bool:
        """True when one of the fields behind "more" is set or wrong."""
        return any(self.data.get(field.name) or field.errors for field in self.more)


def _widget(name: str, actor: Actor, chosen: str) -> forms.Widget:
    if name == "q":
        return forms.TextInput(
            attrs={"type": "search", "maxlength": WORDS_LIMIT, "autocomplete": "off"}
        )
    if name in HIDDEN:
        return forms.HiddenInput()
    if name not in _CHOICES:
        return forms.DateInput(attrs={"type": "date"})
    return Select(choices=[("", _("All")), *_CHOICES[name](actor, chosen)])


def _states(_actor: Actor, _chosen: str) -> Choices:
    return [(name, label) for name, (label, _condition) in STATES.items()]


def _categories(_actor: Actor, _chosen: str) -> Choices:
    groups: dict[str, Choices] = {}
    for category in directory().categories.values():
        whole = _("%(group)s: all") % {"group": category.group_label}
        inside = groups.setdefault(category.group_label, [(category.code[:1], whole)])
        inside.append((category.code, category.label))
    return list(groups.items())


def _areas(actor: Actor, chosen: str) -> Choices:
    """Towns with their villages, as far as they touch the actor's areas, and grids of a village
    that is chosen or the only one."""
    town = directory()
    scopes = () if actor.unit_ids else tuple({s for p in actor.posts for s in p.scopes})

    def near(code: str) -> bool:
        return not scopes or any(covers(s, code) or covers(code, s) for s in scopes)

    groups: Choices = []
    for area in town.areas.values():
        if area.level == "town" and near(area.code):
            groups.append((area.name, [(area.code, _("%(area)s: all") % {"area": area.name})]))
            groups[-1][1].extend(
                (village.code, village.name)
                for village in town.areas.values()
                if village.level == "village"
                and covers(area.code, village.code)
                and near(village.code)
            )
    inside = [
        (a.code, a.name)
        for a in town.areas.values()
        if a.level == "grid" and covers(chosen[:12], a.code) and near(a.code)
    ]
    known = {code for _name, group in groups for code, _label in group} | {c for c, _n in inside}
    if inside:
        groups.append((_("Grids"), inside))
    if chosen and chosen not in known and all(map(town.area, chosen.split(","))):
        here = "、".join(town.area_names(code) for code in chosen.split(","))
        groups.append((_("Here"), [(chosen, here)]))
    return groups


def _units(_actor: Actor, _chosen: str) -> Choices:
    offices: Choices = []
    villages: Choices = []
    for unit in directory().units.values():
        (villages if unit.kind in SMALL else offices).append((unit.code, unit.name))
    return [(_("Offices"), offices), (_("Villages and grids"), villages)]


_CHOICES: dict[str, Callable[[Actor, str], Choices]] = {
    "state": _states,
    "status": lambda _actor, _chosen: list(STATUSES.items()),
    "category": _categories,
    "area": _areas,
    "unit": _units,
    "channel": lambda _actor, _chosen: list(Report.Channel.choices),
}
