"""The forms of the residents' pages."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.geography import check_point
from maplebridge.kernel.masks import is_phone
from maplebridge.matters.flow import SATISFIED, SOLVED, URGENCIES
from maplebridge.org.queries import directory
from maplebridge.ui.forms import Form, Photos, Select, Text

_CHOOSE = {"invalid_choice": _("Choose one of the given answers.")}
# Which fields each screen shows; the others travel hidden.
SCREENS: tuple[tuple[str, ...], ...] = (
    ("text", "category", "urgency"),
    ("area", "address", "lon", "lat"),
    ("name", "phone", "photos"),
)


class ReportForm(Form):
    """A report over three screens."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    text = Text(
        label=_("What is the matter?"), required=False, limit=10_000,
        help_text=_("A few words are enough. Please write no names of other people."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=_("What kind is it?"), required=False, widget=Select, error_messages=_CHOOSE,
        help_text=_("If you are not sure, leave it: we sort it."),
    )  # fmt: skip
    urgency = forms.ChoiceField(
        label=_("Is there danger at this moment?"), required=False, widget=Select,
        error_messages=_CHOOSE,
        help_text=_("Then call 110, 119 or 120 first; here it reaches whoever is on duty at once."),
    )  # fmt: skip
    area = forms.ChoiceField(
        label=_("Which village?"), required=False, widget=Select, error_messages=_CHOOSE
    )
    address = Text(
        label=_("Where exactly?"), limit=200, required=False,
        help_text=_("For example: 50 m below the bridge, left side."),
    )  # fmt: skip
    lon = forms.FloatField(
        label=_("The place on the map"), widget=forms.HiddenInput, required=False
    )
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)
    photos = Photos(label=_("Photos, if you have any"))
    name = Text(
        label=_("Your name"), limit=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = Text(
        label=_("Your telephone"), limit=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"command_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Not sure")), *_categories()]  # type: ignore[attr-defined]
        self.fields["urgency"].choices = [("", _("No")), *URGENCIES]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("Not sure")), *_villages()]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """Empty, or a number that can be called."""
        phone: str = self.cleaned_data["phone"]
        if phone and not is_phone(phone):
            raise forms.ValidationError(_("This is not a phone number."))
        return phone

    def clean(self) -> dict[str, Any]:
        """Words or a kind must be there; a point is whole and on Earth, or forgotten."""
        said = super().clean() or {}
        if not (said.get("text") or said.get("category") or self.errors):
            self.add_error("text", _("Say in a few words what is the matter."))
        if not self._point_stands(said.get("lon"), said.get("lat")):
            for name in ("lon", "lat"):
                self.errors.pop(name, None)
                self.put_back(name, "")
            self.add_error(
                "lon", _("This point cannot be used. Set it once more, or say it in words.")
            )
        if "command_id" in self.errors:
            del self.errors["command_id"]
            self.put_back("command_id", str(uuid4()))
            self.add_error(None, _("Please send it once more."))
        return said

    def _point_stands(self, lon: float | None, lat: float | None) -> bool:
        if "lon" in self.errors or "lat" in self.errors or (lon is None) != (lat is None):
            return False
        try:
            if lon is not None and lat is not None:
                check_point(lon, lat)
        except InvalidInput:
            return False
        return True

    @property
    def first_bad_screen(self) -> int:
        """The first screen (from 1) with an error, 0 when there is none."""
        bad = (n for n, names in enumerate(SCREENS, 1) if any(n in self.errors for n in names))
        return next(bad, len(SCREENS) if self.errors else 0)

    def shown(self, screen: int) -> list[forms.BoundField]:
        """The fields of a screen that people fill in."""
        return [
            self[name]
            for name in SCREENS[screen - 1]
            if name != "photos" and not self[name].is_hidden
        ]

    def carried(self, screen: int) -> list[forms.BoundField]:
        """The fields that travel hidden on a screen; photos travel by their hashes."""
        now = {"photos", *(f.name for f in self.shown(screen))}
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


class RatingForm(Form):
    """Solved, satisfied, contacted."""

    solved = forms.ChoiceField(label=_("Is it solved?"), choices=SOLVED, widget=forms.RadioSelect)
    satisfied = forms.ChoiceField(
        label=_("Are you satisfied?"), choices=SATISFIED, widget=forms.RadioSelect
    )
    contacted = forms.ChoiceField(
        label=_("Were you contacted?"), choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = Text(
        label=_("Anything else?"),
        required=False,
        limit=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(Form):
    """Something to add."""

    note = Text(
        label=_("What do you want to add?"), limit=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = Photos(label=_("Photos, if you have any"))


class ReasonForm(Form):
    """Why it should be reopened."""

    reason = Text(
        label=_("What is not solved?"), limit=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class WithdrawForm(Form):
    """Taking a report back; a reason may stay out."""

    reason = Text(label=_("Why (may stay empty)"), required=False, limit=5000)


class PhoneForm(Form):
    """The telephone that was left, to prove that the data is one's own."""

    phone = Text(
        label=_("The telephone number you left"), limit=30,
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
