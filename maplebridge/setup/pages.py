"""The lists as pages made for them: duties, categories, calendar, replies, posts, roster."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from maplebridge.kernel.text import day_of, whole_number
from maplebridge.org.lists import LISTS
from maplebridge.setup import dry_run, queries
from maplebridge.setup import history as changes
from maplebridge.setup.categories import categories_by_group
from maplebridge.setup.forms import DryRunForm, DutyFilter, HistoryFilter, Reasoned
from maplebridge.setup.roster import WEEK, monday_of, week_of
from maplebridge.setup.views import KEEPER, READERS
from maplebridge.setup.year import year_of
from maplebridge.ui.doors import StaffRequest, for_posts


def _shown(request: StaffRequest, template: str, **context: Any) -> HttpResponse:
    context |= {"keeper": request.actor.holds(KEEPER), "today": timezone.localdate()}
    return render(request, f"setup/{template}.html", context)


@require_GET
@for_posts(*READERS)
def overview(request: StaffRequest) -> HttpResponse:
    """What there is, what needs attention, what was changed last."""
    today = timezone.localdate()
    week = week_of(monday_of(today))
    latest = changes.page({}, "").changes[:5]
    return _shown(
        request, "overview", counts=queries.counts(today), needs=queries.needs(today, week),
        latest=latest,
    )  # fmt: skip


@require_GET
@for_posts(*READERS)
def duties(request: StaffRequest) -> HttpResponse:
    """The duty list by group of categories."""
    form = DutyFilter(request.GET or None)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    day = said.get("day") or timezone.localdate()
    groups = queries.duties_by_group(said, day)
    found = sum(len(rows) for _g, rows in groups)
    return _shown(request, "duties", form=form, groups=groups, day=day, found=found)


@require_GET
@for_posts(*READERS)
def categories(request: StaffRequest) -> HttpResponse:
    """Categories with their limits, by group."""
    return _shown(request, "categories", groups=categories_by_group(timezone.localdate()))


@require_GET
@for_posts(*READERS)
def calendar(request: StaffRequest) -> HttpResponse:
    """A year of the work calendar."""
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    wanted = whole_number(asked)
    year = wanted if wanted and 2000 <= wanted <= 2100 else this_year
    years = [
        {"label": n, "url": f"?year={n}", "active": n == year}
        for n in sorted({*range(this_year - 1, this_year + 3), year})
    ]
    return _shown(request, "calendar", year=year_of(year), years=years)


@require_GET
@for_posts(*READERS)
def replies(request: StaffRequest) -> HttpResponse:
    """Reply templates with a preview."""
    return _shown(request, "replies", replies=queries.replies(timezone.now()))


@require_GET
@for_posts(*READERS)
def posts(request: StaffRequest) -> HttpResponse:
    """Units with their posts, holders, areas, dates and who stands in today."""
    kind, words = request.GET.get("kind", "offices"), request.GET.get("q", "").strip()
    units = queries.posts_by_unit(kind, words, timezone.localdate())
    tabs = queries.unit_tabs(kind)
    return _shown(request, "posts", units=units, tabs=tabs, words=words, kind=kind)


@require_GET
@for_posts(*READERS)
def absences(request: StaffRequest) -> HttpResponse:
    """Absences of now and later, and those of the last three months."""
    return _shown(request, "absences", **queries.absences(timezone.localdate()))


@require_GET
@for_posts(*READERS)
def roster(request: StaffRequest) -> HttpResponse:
    """Who is on duty in a week."""
    monday = monday_of(day_of(request.GET.get("week")) or timezone.localdate())
    return _shown(
        request, "roster", weeks=week_of(monday), monday=monday, sunday=monday + timedelta(days=6),
        before=monday - WEEK, after=monday + WEEK, form=Reasoned(), now=timezone.now(),
    )  # fmt: skip


@require_GET
@for_posts(*READERS)
def history(request: StaffRequest) -> HttpResponse:
    """Everything that was changed, with filter."""
    lists = [(kept.name, kept.label) for kept in LISTS.values()]
    form = HistoryFilter(lists, request.GET or None)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return _shown(
        request, "history", form=form, page=changes.page(said, request.GET.get("before", ""))
    )


@require_GET
@for_posts(*READERS)
def who_gets(request: StaffRequest) -> HttpResponse:
    """The dry run: who would get such a report, and why. Writes nothing."""
    asked = bool({"text", "category", "area"} & request.GET.keys())
    form = DryRunForm(request.GET if asked else None, initial={"day": timezone.localdate()})
    found = dry_run.answer(form.cleaned_data, timezone.now()) if asked and form.is_valid() else None
    said = getattr(form, "cleaned_data", {})
    point = {"lon": said.get("lon"), "lat": said.get("lat")}
    return _shown(request, "who_gets", form=form, answer=found, point=point)
