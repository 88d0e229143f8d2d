"""A year's holidays from the text of the notice: read, looked at, entered at once."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from maplebridge.kernel.holidays import Holiday, read_notice, weekdays_fit
from maplebridge.kernel.text import whole_number
from maplebridge.org.actions import enter_year
from maplebridge.setup.forms import Reasoned
from maplebridge.setup.views import KEEPER
from maplebridge.ui.doors import StaffRequest, for_posts


class NoticeForm(Reasoned):
    """The notice as it was published, and of which year it is; `holidays` once it is valid."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    text = forms.CharField(
        label=gettext_lazy("Text of the notice"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "Paste the State Council's notice; the numbered paragraphs with the days are enough."
        ),
    )
    field_order = ("year", "text", "reason")
    holidays: list[Holiday]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The notice and its number; it stands in the history.")

    def clean(self) -> dict[str, Any]:
        """At least one holiday can be read."""
        said = super().clean() or {}
        self.holidays = read_notice(said.get("text", ""), said.get("year", 2000))
        if said.get("text") and not self.holidays:
            self.add_error("text", _("No holiday could be read from this text."))
        if not weekdays_fit(said.get("text", ""), said.get("year", 2000)):
            self.add_error("year", _("The weekdays in the text are not those of this year."))
        return said


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def notice(request: StaffRequest) -> HttpResponse:
    """Paste, look at what was read, enter it."""
    asked = request.POST or request.GET
    given = {name: asked[name] for name in ("year", "text", "reason") if name in asked}
    entering = "enter" in request.POST
    form = NoticeForm(request.POST if entering else None, initial=given)
    if entering and form.is_valid():
        return _entered(request, form)
    context = {"form": form, "read": None, "crumbs": _crumbs()}
    if "text" in given:
        year = _year(given.get("year", ""))
        context["read"] = _shown(read_notice(given["text"], year))
        context["fits"] = weekdays_fit(given["text"], year)
    return render(request, "setup/notice.html", context, status=422 if form.errors else 200)


def _entered(request: StaffRequest, form: NoticeForm) -> HttpResponse:
    said = form.cleaned_data
    days = {
        day: (working, holiday.name)
        for holiday in form.holidays
        for day, working in holiday.differing
    }
    n = enter_year(
        said["year"], days, actor=request.actor, reason=said["reason"],
        command_id=said["command_id"],
    )  # fmt: skip
    messages.success(request, _("%(n)s days entered; the year is marked as entered.") % {"n": n})
    return redirect(f"{reverse('setup:calendar')}?year={said['year']}")


def _year(raw: str) -> int:
    year = whole_number(raw)
    return year if year and 2000 <= year <= 2100 else timezone.localdate().year


def _shown(holidays: list[Holiday]) -> list[dict[str, Any]]:
    return [
        {"holiday": holiday, "off": _spans(holiday.off), "on": holiday.on} for holiday in holidays
    ]


def _spans(days: tuple[date, ...]) -> list[tuple[date, date]]:
    """First and last of each run of days."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Setup"), "url": reverse("setup:overview")},
        {"label": _("Work calendar"), "url": reverse("setup:calendar")},
        {"label": _("Enter a year's holidays"), "url": ""},
    ]
