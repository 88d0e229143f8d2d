"""A step's form, made from the flow table and the kinds of its fields."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from maplebridge.files.uploads import hash_name
from maplebridge.kernel.codes import covers
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.kernel.flow import Step
from maplebridge.matters.flow import FIELDS, STATUSES
from maplebridge.matters.models import Matter
from maplebridge.org.models import Category, Unit
from maplebridge.org.queries import directory
from maplebridge.ui.forms import Checkboxes, Day, Form, Select
from maplebridge.web.replies import replies_for

FEW_CHOICES = 5
Choices = list[tuple[str, Any]]


class StepForm(Form):
    """The fields of one step on one matter; the act itself checks them."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, step: Step, matter: Matter, *args: Any, **kwargs: Any) -> None:
        given = {"command_id": uuid4(), "version": matter.version, **_proposed(step, matter)}
        kwargs["initial"] = given | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.step, self.matter = step, matter
        self.photo_fields = [n for n in step.optional if FIELDS[n].kind == "photos"]
        self.with_map = "lon" in step.optional
        for name in (*step.needs, *step.optional):
            if (made := _field(name, matter)) is not None:
                made.required = name in step.needs
                self.fields[name] = made
        if step.name == "dispatch":  # the key of the desk's screens
            key = {"data-key": "d", "data-key-focus": _("Change the proposal")}
            self.fields["category"].widget.attrs |= key

    @property
    def needed(self) -> list[forms.BoundField]:
        """The fields that must be filled, in the order of the table."""
        return [self._offered(f) for f in self.visible_fields() if f.field.required]

    @property
    def extra(self) -> list[forms.BoundField]:
        """The fields that may stay empty."""
        return [self._offered(f) for f in self.visible_fields() if not f.field.required]

    @property
    def unfolded(self) -> bool:
        """Whether what may stay empty is open at once: a mere note may stay folded away."""
        mere_note = [f.name for f in self.extra] == ["note"]
        return bool(self.errors) or self.step.name == "handle" or not (self.needed or mere_note)

    def _offered(self, field: forms.BoundField) -> forms.BoundField:
        """The field with the reply templates that fit it, their braces filled in."""
        field.replies = self.replies.get(field.name, [])  # type: ignore[attr-defined]
        return field

    @cached_property
    def replies(self) -> dict[str, list[dict[str, str]]]:
        """Reply templates by field, for this unit, category and day."""
        return replies_for(self.matter, [n for n in self.fields if FIELDS.get(n)])

    def refuse(self, error: MaplebridgeError) -> None:
        """Show why the act refused; after a conflict the form is for the matter as it is now."""
        super().refuse(error)
        if (version := getattr(error, "version", None)) is not None:
            self.put_back("version", str(version))

    def values(self) -> dict[str, Any]:
        """The step's plain values as `take_step` takes them, with the photos taken before."""
        own = {"command_id", "version"}
        values = {
            k: v for k, v in self.cleaned_data.items() if k not in own and v not in (None, "")
        }
        photos = {name: self.photos_in(name) for name in self.photo_fields}
        return values | {name: hashes for name, hashes in photos.items() if hashes}

    @property
    def photo_inputs(self) -> list[dict[str, Any]]:
        """What the photo part needs for each field of photos; those from before stand first."""
        labels = {n: str(FIELDS[n].label) for n in self.photo_fields}
        if "before" in labels:
            labels["photos"] = _("Photos from after the work")
        return [
            {
                "name": n,
                "label": labels[n],
                "hash_name": hash_name(n),
                "id": f"id_{n}",
                "hashes": self.photos_in(n),
            }
            for n in reversed(self.photo_fields)
        ]


def _proposed(step: Step, matter: Matter) -> dict[str, Any]:
    """What the form begins with: the proposal for a dispatch, the present place for a mending."""
    category = matter.category or matter.proposed_category
    start: dict[str, Any] = {
        "category": category.code if category else "",
        "area": matter.area_code,
        "address": matter.address,
        "lon": matter.lon,
        "lat": matter.lat,
    }
    if category and step.name in {"dispatch", "rule"}:
        match = directory().duty_for(category, matter.area_code, timezone.localdate())
        if match:
            start["lead"] = match.lead.code
            start["helpers"] = [unit.code for unit in match.helpers]
    return {name: value for name, value in start.items() if name in (*step.needs, *step.optional)}


def _field(name: str, matter: Matter) -> forms.Field | None:
    asked = FIELDS[name]
    made: forms.Field | None
    match asked.kind:
        case "photos" | "voices":
            return None  # drawn by the photo part, read by sent_photos
        case "text":
            made = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
        case "choice":
            few = len(asked.choices) <= FEW_CHOICES
            made = forms.ChoiceField(
                choices=list(asked.choices) if few else [("", "—"), *asked.choices],
                widget=forms.RadioSelect if few else Select,
            )
        case "unit":
            made = forms.ChoiceField(
                choices=[("", "—"), *unit_choices(matter.area_code)], widget=Select
            )
        case "units":
            near = dict(unit_choices(matter.area_code, near_only=True))
            made = forms.MultipleChoiceField(
                choices=[pair for group in near.values() for pair in group],
                widget=Checkboxes,
            )
        case "category":
            made = forms.ChoiceField(choices=[("", "—"), *category_choices()], widget=Select)
        case "area":
            made = forms.ChoiceField(
                choices=[("", "—"), *area_choices(matter.area_code)], widget=Select
            )
        case "date":
            made = Day()
        case "status":
            made = forms.ChoiceField(choices=[("", "—"), *STATUSES.items()], widget=Select)
        case "number":
            made = forms.FloatField(widget=forms.HiddenInput)
        case _:
            made = forms.CharField(max_length=200)
    made.label, made.help_text = str(asked.label), str(asked.help)
    return made


def unit_choices(area_code: str, *, near_only: bool = False) -> Choices:
    """Units in two groups: those whose area holds the place, and the others."""
    today = timezone.localdate()
    near, far = [], []
    for unit in directory().units.values():
        if unit.is_valid_on(today):
            holds = covers(unit.area.code, area_code) or unit.kind not in SMALL
            (near if holds else far).append((unit.code, unit.name))
    groups = [(_("Responsible here"), near)]
    return groups if near_only else [*groups, (_("Elsewhere"), far)]


SMALL = {Unit.Kind.GRID, Unit.Kind.VILLAGE, Unit.Kind.VILLAGE_MEDIATION}


def category_choices(only: Iterable[Category] | None = None) -> Choices:
    """Categories by group, without those that are handed over."""
    today = timezone.localdate()
    groups: dict[str, Choices] = {}
    for category in only if only is not None else directory().categories.values():
        if not category.hand_over and category.is_valid_on(today):
            groups.setdefault(category.group_label, []).append((category.code, category.label))
    return list(groups.items())


def area_choices(present: str = "") -> Choices:
    """Villages by town, the grids of the present village, and the present area."""
    town = directory()
    groups: dict[str, Choices] = {}
    for area in town.areas.values():
        if area.level == "village" and area.valid_to is None:
            above = town.area(area.code[:9])
            groups.setdefault(above.name if above else "", []).append((area.code, area.name))
    inside = [
        (a.code, a.name)
        for a in town.areas.values()
        if a.code == present
        or (a.level == "grid" and len(present) >= 12 and covers(present[:12], a.code))
    ]
    return [(_("Here"), inside), *groups.items()] if inside else list(groups.items())
