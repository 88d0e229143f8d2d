"""To which committee a dispute is passed on: those above and the village's own stand open, the
others are folded by level, so that nobody looks through thirty villages."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from maplebridge.kernel.codes import covers
from maplebridge.mediation.models import Committee, Mediation
from maplebridge.mediation.rules import TIERS, TYPE_LISTS, TYPES_2021

COUNTY = 6  # digits of a county's code


@dataclass(frozen=True)
class Group:
    """Committees of one level; `open` when they are offered at once."""

    label: str
    open: bool
    choices: tuple[tuple[str, str], ...]


def committees_for(mediation: Mediation) -> list[Group]:
    """Where a dispute may be passed on to, the next level first, then back down.

    At once stand: of the levels above those in charge of the place and of this type, below the
    place's own, and any that had this dispute before.
    """
    found = Committee.objects.exclude(pk=mediation.committee_id).select_related("unit__area")
    before = set(mediation.matter.mediations.values_list("committee_id", flat=True))
    groups: list[Group] = []
    for code in _order(mediation.committee.tier):
        level = [one for one in found if one.tier == code]
        near = _near(level, mediation, before)
        here = [(c.unit.code, _label(c, before)) for c in level if c.pk in near]
        elsewhere = [(c.unit.code, _label(c, before)) for c in level if c.pk not in near]
        groups += [Group(str(TIERS[code].label), True, tuple(here))] if here else []
        label = _("%(level)s: others") % {"level": TIERS[code].label}
        groups += [Group(label, False, tuple(elsewhere))] if elsewhere else []
    if groups and not any(group.open for group in groups):  # nothing is nearer: all is offered
        groups = [replace(group, open=True) for group in groups]
    return groups


def _order(tier: str) -> list[str]:
    """Levels from the next one up, then down from one's own."""
    levels = list(TIERS)
    at = levels.index(tier)
    return [*levels[at + 1 :], *reversed(levels[: at + 1])]


def _near(level: list[Committee], mediation: Mediation, before: set[int]) -> set[int]:
    """Of one level those in charge of the place and of this type, and that had it before; where
    no committee above the villages is in charge of the place, those of its county, as with duties.
    """
    fit = [c for c in level if not c.types or mediation.type in ("", *c.types)]
    place = mediation.area_code
    near = {c.pk for c in fit if covers(c.unit.area.code, place)}
    if not near:
        above = [c for c in fit if c.tier != "village"]
        near = {c.pk for c in above if covers(place[:COUNTY], c.unit.area.code)}
    return near | (before & {c.pk for c in level})


def _label(committee: Committee, before: set[int]) -> str:
    told = "、".join(str(TYPES_2021[t]) for t in committee.types if t in TYPES_2021)
    name = f"{committee.unit.name}（{told}）" if told else committee.unit.name
    if committee.pk in before:
        return _("%(committee)s, had this dispute before") % {"committee": name}
    return name


def types_for(mediation: Mediation) -> list[tuple[str, Any]]:
    """The types of the list, at a specialised committee those it is there for."""
    own, listed = mediation.committee.types, TYPE_LISTS[mediation.type_list].items()
    return [(code, label) for code, label in listed if not own or code in own]


class CommitteeWidget(forms.RadioSelect):
    """One choice among groups; those that are not open are folded, and open again where the
    chosen one is inside."""

    groups: list[Group]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The groups with their choices, escaped."""
        base = (attrs or {}).get("id", f"id_{name}")
        number = iter(range(1000))
        parts = [(_group(name, value, base, group, number),) for group in self.groups]
        return format_html('<div id="{}">{}</div>', base, format_html_join("", "{}", parts))


def _group(name: str, value: Any, base: str, group: Group, number: Iterator[int]) -> SafeString:
    radios = _radios(name, value, base, group, number)
    if group.open:
        return format_html('<p class="muted">{}</p>{}', group.label, radios)
    chosen = any(str(code) == str(value) for code, _name in group.choices)
    return format_html(
        "<details{}><summary>{} <span class='count'>{}</span></summary>{}</details>",
        SafeString(" open" if chosen else ""), group.label, len(group.choices), radios,
    )  # fmt: skip


def _radios(name: str, value: Any, base: str, group: Group, number: Iterator[int]) -> SafeString:
    return format_html_join(
        "",
        '<div><label for="{}"><input type="radio" name="{}" value="{}" id="{}"{}> {}</label></div>',
        (
            (
                ident,
                name,
                code,
                ident,
                SafeString(" checked" if str(code) == str(value) else ""),
                label,
            )
            for code, label in group.choices
            for ident in [f"{base}_{next(number)}"]
        ),
    )


def committee_field(mediation: Mediation) -> forms.ChoiceField:
    """The field that asks to which committee."""
    groups = committees_for(mediation)
    widget = CommitteeWidget()
    widget.groups = groups
    choices = [choice for group in groups for choice in group.choices]
    return forms.ChoiceField(choices=choices, widget=widget)
