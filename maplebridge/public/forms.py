"""The forms of the residents' pages."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.flow import SATISFIED, SOLVED, URGENCIES
from maplebridge.org.queries import directory
from maplebridge.ui.forms import Form, Select

UUID_FIELD = forms.UUIDField()
ValidationError = forms.ValidationError
_LINES = forms.Textarea(attrs={"rows": 4})
# Which fields each screen shows; the others travel hidden.
SCREENS: tuple[tuple[str, ...], ...] = (
    ("text", "category", "urgency"),
    ("area", "address", "lon", "lat"),
    ("name", "phone"),
)


class RefusableForm(Form):
    """A form that can show why the act behind it refused."""

    def refuse(self, error: MaplebridgeError) -> None:
        """Put the refusal at its field, or above the form."""
        field = getattr(error, "field", "").removeprefix("contact.")
        self.add_error(field if field in self.fields else None, error.message)


class ReportForm(RefusableForm):
    """A report over three screens."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is the matter?"), required=False,
        help_text=_("A few words are enough. Please write no names of other people."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 10000}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("What kind is it?"), required=False, widget=Select,
        help_text=_("If you are not sure, leave it: we sort it."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Is there danger at this moment?"), required=False, widget=Select,
        help_text=_("Then call 110, 119 or 120 first; here it reaches whoever is on duty at once."),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("Which village?"), required=False, widget=Select)
    address = forms.CharField(
        label=_("Where exactly?"), max_length=200, required=False,
        help_text=_("For example: 50 m below the bridge, left side."),
    )  # fmt: skip
    lon = forms.FloatField(widget=forms.HiddenInput, required=False)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Your name"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Your telephone"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"command_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Not sure")), *_categories()]  # type: ignore[attr-defined]
        self.fields["urgency"].choices = [("", _("No")), *URGENCIES]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("Not sure")), *_villages()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Words or a kind must be there; a point needs both its halves."""
        said = super().clean() or {}
        if not (said.get("text") or said.get("category") or self.errors):
            self.add_error("text", _("Say in a few words what is the matter."))
        return said

    @property
    def first_bad_screen(self) -> int:
        """The first screen (from 1) with an error, 0 when there is none."""
        bad = (n for n, names in enumerate(SCREENS, 1) if any(n in self.errors for n in names))
        return next(bad, 1 if self.errors else 0)

    def shown(self, screen: int) -> list[forms.BoundField]:
        """The fields of a screen that people fill in."""
        return [self[name] for name in SCREENS[screen - 1] if not self[name].is_hidden]

    def carried(self, screen: int) -> list[forms.BoundField]:
        """The fields that travel hidden on a screen."""
        now = {f.name for f in self.shown(screen)}
        return [field for field in self if field.name not in now]

    @property
    def point(self) -> dict[str, float | None]:
        """The point set so far, for the map."""
        said = getattr(self, "cleaned_data", {})
        return {"lon": said.get("lon"), "lat": said.get("lat")}

    @property
    def summary(self) -> list[tuple[Any, str]]:
        """What was filled in so far, label and words, to be checked before sending."""
        said, town = self.cleaned_data, directory()
        category = town.category(said.get("category") or "")
        place = town.area_names(said["area"]) if said.get("area") else ""
        pinned = _("A point on the map") if said.get("lon") is not None else ""
        where = "，".join(filter(None, (place, said.get("address", ""), str(pinned))))
        return [
            (_("What is the matter?"), said.get("text") or "—"),
            (_("What kind is it?"), category.label if category else str(_("Not sure"))),
            (_("Where exactly?"), where or str(_("Not sure"))),
        ]


class RatingForm(RefusableForm):
    """Solved, satisfied, contacted."""

    solved = forms.ChoiceField(label=_("Is it solved?"), choices=SOLVED, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(
        label=_("Are you satisfied?"), choices=SATISFIED, widget=forms.RadioSelect
    )
    contacted = forms.ChoiceField(
        label=_("Were you contacted?"), choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Anything else?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(RefusableForm):
    """Something to add."""

    note = forms.CharField(
        label=_("What do you want to add?"), widget=forms.Textarea(attrs={"rows": 4})
    )


class ReasonForm(RefusableForm):
    """Why it should be reopened."""

    reason = forms.CharField(
        label=_("What is not solved?"), widget=forms.Textarea(attrs={"rows": 4})
    )


class WithdrawForm(RefusableForm):
    """Taking a report back; a reason may stay out."""

    reason = forms.CharField(label=_("Why (may stay empty)"), required=False, max_length=200)


class PhoneForm(RefusableForm):
    """The telephone that was left, to prove that the data is one's own."""

    phone = forms.CharField(
        label=_("The telephone number you left"), max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


def _categories() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for category in directory().reportable(timezone.localdate()):
        groups.setdefault(category.group_label, []).append((category.code, category.label))
    return list(groups.items())


def _villages() -> list[tuple[str, list[tuple[str, str]]]]:
    town = directory()
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in town.areas.values():
        if area.level == "village" and area.valid_to is None:
            above = town.area(area.code[:9])
            groups.setdefault(above.name if above else "", []).append((area.code, area.name))
    return list(groups.items())
