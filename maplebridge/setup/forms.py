"""The forms of setup: one for any list, made from its table; those of accounts and the dry run."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.text import whole_number
from maplebridge.org import models
from maplebridge.org.lists import KeptList, fingerprint
from maplebridge.setup.fields import (
    all_areas,
    area_code_choices,
    category_code_choices,
    field_for,
    unit_code_choices,
)
from maplebridge.ui.forms import RENDERER, Day, Form, Select

REASON = gettext_lazy("The decision, document or call it follows from. It stands in the history.")
_OWN = ("command_id", "seen", "reason", "holds_from", "holds_to")


class Reasoned(Form):
    """What every change asks: why, and under which id."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, help_text=REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"command_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class KeptForm(forms.ModelForm):  # type: ignore[type-arg]
    """Fields of one row and the reason; `values` are what `actions.change` takes."""

    command_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, help_text=REASON)
    default_renderer = RENDERER
    kept: KeptList

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row = kwargs["instance"]
        seen = fingerprint(self.kept, row) if row.pk else ""
        kwargs["initial"] = {"command_id": uuid4(), "seen": seen} | kwargs.get("initial", {})
        super().__init__(*args, label_suffix="", **kwargs)
        if self.kept.by_day:
            self._ask_day(row)
        if self.kept.planned and row.pk:
            self._ask_days()
        elif self.kept.planned:
            self.initial["valid_from"] = timezone.localdate()
        for name in ("reason", "command_id", "seen"):
            self.fields[name] = self.fields.pop(name)

    def _ask_day(self, row: Any) -> None:
        day = self.fields["valid_from"]
        tomorrow = timezone.localdate() + timedelta(days=bool(row.pk))
        self.initial["valid_from"] = max(row.valid_from, tomorrow) if row.pk else tomorrow
        day.label = _("From which day on")
        if row.pk:
            day.help_text = _(
                "The present entry ends the day before and stays in the history. An end date or "
                "a note alone takes hold at once."
            )

    def _ask_days(self) -> None:
        """From when to when a change of the one row holds that everything refers to."""
        for name, required in (("holds_from", True), ("holds_to", False)):
            self.fields[name] = Day(required=required)
        self.initial["holds_from"] = timezone.localdate()
        day, until = self.fields["holds_from"], self.fields["holds_to"]
        day.label, until.label = _("The change holds from"), _("The change holds to")
        day.help_text = _("Today: at once. A later day: it is planned and takes hold by itself.")
        until.help_text = _("Afterwards it is again as it was before. Empty: for good.")
        self.fields["valid_to"].label = _("Last day of this entry")

    def clean(self) -> dict[str, Any]:
        """The dates are in order; said here, where the two fields are."""
        said = super().clean() or self.cleaned_data
        first, last = said.get("valid_from"), said.get("valid_to")
        ends_only = self.instance.pk and self.kept.by_day
        if first and last and last < first and not ends_only:
            self.add_error("valid_to", _("The last day comes after the first."))
        return said

    def _get_validation_exclusions(self) -> set[str]:
        """Dates are checked by the act, which knows what is closed and what is opened."""
        return super()._get_validation_exclusions() | {"valid_from", "valid_to"}  # type: ignore[misc]

    @property
    def day(self) -> date | None:
        """From which day on the change holds; None where the list has no such day."""
        found: date | None = self.cleaned_data.get(
            "valid_from" if self.kept.by_day else "holds_from"
        )
        return found

    def values(self) -> dict[str, Any]:
        """Model values by field name."""
        by_act = {"valid_from"} if self.kept.by_day else set()
        return {n: v for n, v in self.cleaned_data.items() if n not in {*_OWN, *by_act}}


class ShiftForm(KeptForm):
    """A shift as people say it: a day, from when to when; an earlier end is the next morning."""

    day_of = Day(label=gettext_lazy("Day"))
    starts = forms.TimeField(
        label=gettext_lazy("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=gettext_lazy("To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Not later than the beginning: the next morning."),
    )
    field_order = ("post", "day_of", "starts", "ends")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row = kwargs["instance"]
        if row.pk:
            first, last = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
            given = {"day_of": first.date(), "starts": first.time(), "ends": last.time()}
            kwargs["initial"] = given | kwargs.get("initial", {})
        unit = kwargs.get("initial", {}).pop("unit", "")
        super().__init__(*args, **kwargs)
        if chosen := whole_number(unit):  # the roster says whose shift it is
            posts: Any = self.fields["post"]
            posts.queryset = posts.queryset.filter(unit=chosen)

    def values(self) -> dict[str, Any]:
        """Post and the two moments."""
        said = self.cleaned_data
        day, starts, ends = said["day_of"], said["starts"], said["ends"]
        last = day + timedelta(days=ends <= starts)
        return {
            "post": said["post"],
            "starts_at": timezone.make_aware(datetime.combine(day, starts)),
            "ends_at": timezone.make_aware(datetime.combine(last, ends)),
        }


def row_form(kept: KeptList, row: Any, *args: Any, **kwargs: Any) -> KeptForm:
    """The form that changes a row of a list, or adds one when the row is new."""
    shown = [n for n in kept.fields if not (row.pk and n in kept.fixed)]
    if kept.planned and row.pk and row.valid_from <= timezone.localdate():
        shown.remove("valid_from")  # it has begun; from when the change holds is asked
    base = KeptForm
    if kept.name == "shift":
        base, shown = ShiftForm, ["post"]
    if kept.name == "person":
        shown = ["name"]
    made = forms.modelform_factory(
        kept.model, form=base, fields=shown, formfield_callback=field_for
    )
    made.kept = kept
    return made(*args, instance=row, **kwargs)  # type: ignore[no-any-return]


class AccountForm(Reasoned):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("Username"), max_length=40,
        help_text=gettext_lazy("For signing in: letters and digits, for example the staff number."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    field_order = ("username", "name", "reason")


class PasswordForm(Form):
    """Replace the own password."""

    present = forms.CharField(label=gettext_lazy("Present password"), widget=forms.PasswordInput)
    new = forms.CharField(
        label=gettext_lazy("New password"), widget=forms.PasswordInput, strip=False,
        help_text=gettext_lazy("At least 10 characters, not digits alone."),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("New password once more"), widget=forms.PasswordInput, strip=False
    )

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        said = super().clean() or {}
        if said.get("new") and said.get("new") != said.get("again"):
            self.add_error("again", _("The two new passwords differ."))
        return said


class DutyFilter(Form):
    """Which entries of the duty list are shown."""

    SHOWN = [
        ("", gettext_lazy("All")),
        ("temporary", gettext_lazy("Temporary")),
        ("precedent", gettext_lazy("Precedents")),
        ("planned", gettext_lazy("Planned")),
        ("ended", gettext_lazy("Ended")),
    ]
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), required=False, widget=Select,
        choices=category_code_choices,
    )  # fmt: skip
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), required=False, widget=Select, choices=unit_code_choices
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Place"), required=False, widget=Select, choices=all_areas
    )
    day = Day(label=gettext_lazy("Valid on"), required=False)
    only = forms.ChoiceField(
        label=gettext_lazy("Only"), required=False, widget=Select, choices=SHOWN
    )


class HistoryFilter(Form):
    """Which changes are shown."""

    list = forms.ChoiceField(label=gettext_lazy("List"), required=False, widget=Select)
    person = forms.ModelChoiceField(
        models.Person.objects.none(), label=gettext_lazy("Who"), required=False, widget=Select,
        empty_label=gettext_lazy("All"),
    )  # fmt: skip
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("To"), required=False)
    words = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)

    def __init__(self, lists: Sequence[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [("", _("All")), *lists]  # type: ignore[attr-defined]
        writers = models.Change.objects.values("person")
        self.fields["person"].queryset = models.Person.objects.filter(pk__in=writers)  # type: ignore[attr-defined]


class DryRunForm(Form):
    """A report that is not made: words or a category, a place, a day."""

    text = forms.CharField(
        label=gettext_lazy("What somebody would write"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), required=False, widget=Select,
        help_text=gettext_lazy("None: proposed from the words, as with a real report."),
    )  # fmt: skip
    area = forms.ChoiceField(
        label=gettext_lazy("Village or grid"), required=False, widget=Select,
        help_text=gettext_lazy("Or put the pin on the map; the pin goes first."),
    )  # fmt: skip
    day = Day(
        label=gettext_lazy("Day"), required=False,
        help_text=gettext_lazy("Today, or a day on which a planned change holds."),
    )  # fmt: skip
    lon = forms.FloatField(widget=forms.HiddenInput, required=False)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = category_code_choices()[1:]
        self.fields["category"].choices = [("", _("Not sure")), *known]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "—"), *area_code_choices()[1:]]  # type: ignore[attr-defined]
        for name in ("category", "area"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one from the list.")

    def clean(self) -> dict[str, Any]:
        """Words or a category, and a place."""
        said = super().clean() or {}
        if not said.get("text") and not said.get("category"):
            self.add_error("text", _("Write some words or choose a category."))
        pinned = said.get("lon") is not None and said.get("lat") is not None
        if not said.get("area") and not pinned and "area" not in self.errors:
            self.add_error("area", _("Choose a village or grid, or put the pin on the map."))
        return said
