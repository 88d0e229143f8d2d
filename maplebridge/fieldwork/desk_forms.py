"""The desk's forms: for whoever has no phone at hand, and for those who ask somebody to go."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maplebridge.fieldwork.checklists import CHECKLISTS, Checklist
from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.rules import ANSWERS, FACTS, FOUND, KINDS, MET, REASONS
from maplebridge.files.uploads import sent_photos
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.forms import ActForm, Day, Select

YES_NO = [
    ("", "—"),
    ("yes", pgettext_lazy("it is so", "Yes")),
    ("no", pgettext_lazy("it is so", "No")),
]
Values = dict[str, Any]


class PlaceForm(ActForm):
    """A place: what it is, where it is, and the facts of its kind."""

    name = forms.CharField(
        label=_("Name of the place"), max_length=60,
        help_text=_("Of the place, as people call it; not of a person."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    area = forms.ChoiceField(
        label=_("Village or grid"), required=False, widget=Select,
        help_text=_("Only where no point is set on the map."),
    )  # fmt: skip
    lon = forms.FloatField(widget=forms.HiddenInput, required=False)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, kind: str, actor: Actor, *args: Any, place: Place | None = None, **kwargs: Any
    ):
        if place is not None:
            facts = {n: _shown(n, place.facts.get(n)) for n in KINDS[kind].facts}
            kept = {n: getattr(place, n) for n in ("name", "address", "lon", "lat")}
            kwargs["initial"] = kept | facts | {"area": place.area_code}
        super().__init__(*args, **kwargs)
        self.kind, self.place = kind, place
        self.fields["area"].choices = [("", "—"), *_areas(actor)]  # type: ignore[attr-defined]
        for name in KINDS[kind].facts:
            self.fields[name] = _fact_field(name)
            self.fields[name].required = False

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields of the facts."""
        return [self[name] for name in KINDS[self.kind].facts]

    @property
    def point(self) -> Values:
        """The point set so far, for the map."""
        said = getattr(self, "cleaned_data", None) or self.initial
        return {"lon": said.get("lon"), "lat": said.get("lat")}

    def values(self) -> Values:
        """The fields as `keep_place` takes them."""
        said = {k: v for k, v in self.cleaned_data.items() if k != "command_id"}
        for name in KINDS[self.kind].facts:
            said[name] = _meant(name, said[name])
        return said | {"kind": self.kind}

    def changes(self) -> dict[str, Values]:
        """What differs from the place, as `mend_place` takes it; what one saw stands as base."""
        assert self.place is not None
        said = self.values()
        seen = {n: getattr(self.place, n) for n in ("name", "address", "lon", "lat")}
        seen |= {n: self.place.facts.get(n) for n in KINDS[self.kind].facts}
        return {n: {"base": s, "mine": said[n]} for n, s in seen.items() if said[n] != s}


class AskForm(ActForm):
    """Ask somebody to go to a place, or about a matter."""

    kind = forms.ChoiceField(
        label=_("What for"), choices=Need.Kind.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=_("Reason"), widget=Select,
        choices=[(code, label) for code, label in REASONS.items() if code not in FOUND],
    )  # fmt: skip
    due_on = Day(label=_("By when"))
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False,
        help_text=_("What whoever goes must know. No names, no telephone numbers."),
    )  # fmt: skip

    def __init__(self, place: Place | None, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": "visit"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if place is None or not KINDS[place.kind].checklist:
            self.fields["kind"].choices = [Need.Kind.choices[0]]  # type: ignore[attr-defined]


class VisitForm(ActForm):
    """What was found at a visit, or the answers to a checklist."""

    result = forms.CharField(
        label=_("What did you find, what do they need?"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    next_on = Day(label=_("Go again on"), required=False)

    def __init__(self, kind: str, place: Place | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.sheet: Checklist | None = None
        if kind == Need.Kind.INSPECTION and place is not None:
            self.sheet = CHECKLISTS[KINDS[place.kind].checklist]
            for item in self.sheet.items:
                self.fields[f"item_{item.code}"] = forms.ChoiceField(
                    label=str(item.label), choices=list(ANSWERS.items()), widget=forms.RadioSelect,
                    required=False,
                )  # fmt: skip
            self.fields["report_faults"] = forms.BooleanField(
                label=_("Make a matter of each fault"), required=False
            )
        else:
            self.fields["met"] = forms.ChoiceField(
                label=_("Did you meet somebody?"), choices=list(MET.items()),
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.order_fields(["command_id", "met"])

    @property
    def items(self) -> list[forms.BoundField]:
        """The questions of the checklist."""
        return [self[n] for n in self.fields if n.startswith("item_")]

    def values(self, request: HttpRequest, actor: Actor) -> Values:
        """What `record_visit` takes; photos are stored."""
        said = self.cleaned_data
        told: Values = {
            "visit_id": said["command_id"], "kind": self.kind, "result": said["result"],
            "next_on": said["next_on"], "photos": sent_photos(request, actor),
            "met": said.get("met", ""),
        }  # fmt: skip
        if self.sheet is not None:
            items = {i.code: said[f"item_{i.code}"] for i in self.sheet.items}
            answered = {code: answer for code, answer in items.items() if answer}
            faults = [code for code, answer in answered.items() if answer == "fault"]
            told |= {
                "checklist": self.sheet.code, "checklist_version": self.sheet.version,
                "items": answered, "report_faults": faults if said["report_faults"] else [],
            }  # fmt: skip
        return told


def _fact_field(name: str) -> forms.Field:
    fact = FACTS[name]
    if fact.kind == "count":
        return forms.IntegerField(label=fact.label, min_value=0, max_value=9999)
    if fact.kind == "yesno":
        return forms.ChoiceField(label=fact.label, choices=YES_NO, widget=Select)
    return forms.CharField(label=fact.label, max_length=100)


def _shown(name: str, value: Any) -> Any:
    if FACTS[name].kind == "yesno":
        return "" if value is None else "yes" if value else "no"
    return value


def _meant(name: str, value: Any) -> Any:
    if FACTS[name].kind == "yesno":
        return {"yes": True, "no": False}.get(value)
    return None if value == "" else value


def _areas(actor: Actor) -> list[tuple[str, str]]:
    town = directory()
    return [
        (area.code, town.area_names(area.code))
        for area in town.areas.values()
        if area.level in {"village", "grid"}
        and area.valid_to is None
        and any(p.reaches(area.code) for p in actor.posts)
    ]
