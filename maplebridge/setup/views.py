"""One row of any list: look at it with its history, add, change, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.text import day_of
from maplebridge.org.actions import change, copy_week, remove, withdraw_plan
from maplebridge.org.actions.changing import is_removable
from maplebridge.org.lists import LISTS, KeptList, fingerprint
from maplebridge.org.models.replies import FIELDS
from maplebridge.org.queries import planned_changes, return_of
from maplebridge.setup.categories import limits_of
from maplebridge.setup.forms import KeptForm, Reasoned, row_form
from maplebridge.setup.history import line_rows, of_row, planned_of
from maplebridge.setup.queries import sample
from maplebridge.setup.roster import monday_of, week_of
from maplebridge.setup.templatetags.setup import PAGE_OF
from maplebridge.setup.words import facts_of, state_of, told
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.ui.forms import refuse

READERS = ("administrator", "supervisor")
KEEPER = "administrator"
# Rows without a page of their own: they are seen where they stand.
SHIFT_GIVEN = ("unit", "day_of", "starts", "ends")
ON_THEIR_PAGE = {"shift", "day", "year", "limits"}


def _kept(name: str) -> KeptList:
    if name not in LISTS or name == "person":
        raise NotFound(_("There is no such list."))
    return LISTS[name]


def _row(kept: KeptList, pk: int) -> Any:
    found = kept.model._default_manager.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such entry any more."))
    return found


def _where(kept: KeptList, row: Any = None) -> str:
    """The page on which the row is seen."""
    if row is not None and kept.name not in ON_THEIR_PAGE:
        return reverse("setup:row", args=[kept.name, row.pk])
    if kept.name == "limits" and row is not None:
        return reverse("setup:row", args=["category", row.category_id])
    page = reverse(f"setup:{PAGE_OF[kept.name]}")
    if kept.name == "shift" and row is not None:
        return f"{page}?week={monday_of(timezone.localdate(row.starts_at))}"
    if kept.name == "day" and row is not None:
        return f"{page}?year={row.day.year}"
    return page


def _crumbs(kept: KeptList, *more: tuple[str, str]) -> list[dict[str, str]]:
    page = reverse(f"setup:{PAGE_OF[kept.name]}")
    first = [(_("Setup"), reverse("setup:overview")), (str(kept.label), page)]
    return [{"label": label, "url": url} for label, url in (*first, *more)]


@require_GET
@for_posts(*READERS)
def row(request: StaffRequest, name: str, pk: int) -> HttpResponse:
    """A row: every field, what came before and after, and every change with its reason."""
    kept = _kept(name)
    found = _row(kept, pk)
    context = {
        "kept": kept, "row": found, "facts": facts_of(kept, found), "history": of_row(kept, pk),
        "line": line_rows(kept, found), "planned": planned_of(kept, pk),
        "keeper": request.actor.holds(KEEPER),
        "removable": is_removable(kept, found, timezone.now()),
        "crumbs": _crumbs(kept, (str(found), "")),
        "state": state_of(found, timezone.localdate()),
        "limits": limits_of(found, timezone.localdate()) if kept.name == "category" else (),
    }  # fmt: skip
    return render(request, "setup/row.html", context)


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def new_row(request: StaffRequest, name: str) -> HttpResponse:
    """Add a row to a list; a link may have filled in fields."""
    kept = _kept(name)
    given = {k: v for k, v in request.GET.items() if k in {*kept.fields, *SHIFT_GIVEN}}
    return _edit(request, kept, kept.model(), initial=given)


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def change_row(request: StaffRequest, name: str, pk: int) -> HttpResponse:
    """Change a row from a day on, or at once, as its list goes."""
    kept = _kept(name)
    return _edit(request, kept, _row(kept, pk))


def _edit(request: StaffRequest, kept: KeptList, row: Any, **more: Any) -> HttpResponse:
    before, title = _where(kept, row if row.pk else None), str(row) if row.pk else ""
    form = row_form(kept, row, request.POST or None, **more)
    if request.method == "POST" and form.is_valid() and (made := _changed(request, kept, form)):
        messages.success(request, _kept_words(kept, form))
        return redirect(_where(kept, made))
    crumbs = _crumbs(kept, *([(title, before), (_("Change"), "")] if title else [(_("Add"), "")]))
    context = {"kept": kept, "form": form, "back": before, "crumbs": crumbs, "row_title": title}
    context["planned"] = planned_of(kept, row.pk) if row.pk else []
    if kept.name == "reply":
        context |= {"reply_fields": FIELDS.items(), "reply_sample": sample(timezone.now())}
    return render(request, "setup/edit.html", context, status=422 if form.errors else 200)


def _kept_words(kept: KeptList, form: KeptForm) -> str:
    if kept.planned and form.day and form.day > timezone.localdate():
        return _("Planned: it takes hold by itself on %(day)s.") % {"day": form.day}
    return _("Kept, with its reason in the history.")


def _changed(request: StaffRequest, kept: KeptList, form: KeptForm) -> Any:
    """The row that holds afterwards; None when the act refused, which the form then shows."""
    said = form.cleaned_data
    try:
        return change(
            kept.name, form.instance.pk, form.values(), actor=request.actor, reason=said["reason"],
            command_id=said["command_id"], valid_from=form.day,
            until=said.get("holds_to"), seen=said["seen"],
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        refuse(form, error)
        return None


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def withdraw(request: StaffRequest, name: str, pk: int) -> HttpResponse:
    """Take back a row that has not begun to hold."""
    kept = _kept(name)
    found = _row(kept, pk)
    form = Reasoned(request.POST or None)
    back = _where(kept, found)
    if request.method == "POST" and form.is_valid() and _withdrawn(request, kept, found, form):
        messages.success(request, _("Withdrawn; the history keeps it."))
        return redirect(_where(kept, found) if kept.name in ON_THEIR_PAGE else _where(kept))
    facts = facts_of(kept, found)
    crumbs = _crumbs(kept, (str(found), back), (_("Withdraw"), ""))
    context = {"row": found, "form": form, "facts": facts, "back": back, "crumbs": crumbs}
    return render(request, "setup/withdraw.html", context, status=422 if form.errors else 200)


def _withdrawn(request: StaffRequest, kept: KeptList, row: Any, form: Reasoned) -> bool:
    said = form.cleaned_data
    try:
        remove(
            kept.name, row.pk, actor=request.actor, reason=said["reason"],
            command_id=said["command_id"], seen=fingerprint(kept, row),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        refuse(form, error)
        return False
    return True


@require_http_methods(["GET", "POST"])
@for_posts(KEEPER)
def withdraw_planned(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back a planned change whose day has not come."""
    planned = planned_changes().filter(pk=pk).select_related("person").first()
    if planned is None:
        raise NotFound(_("This was carried out or withdrawn meanwhile."))
    kept, form = LISTS[planned.list_name], Reasoned(request.POST or None)
    found = _row(kept, planned.row_id)
    back = _where(kept, found)
    if request.method == "POST" and form.is_valid() and _plan_withdrawn(request, pk, form):
        messages.success(request, _("Withdrawn; the history keeps it."))
        return redirect(back)
    crumbs = _crumbs(kept, (str(found), back), (_("Withdraw"), ""))
    both = told(one for one in (planned, return_of(planned)) if one)
    context = {"kept": kept, "row": found, "form": form, "planned": both, "back": back}
    status = 422 if form.errors else 200
    return render(request, "setup/withdraw.html", context | {"crumbs": crumbs}, status=status)


def _plan_withdrawn(request: StaffRequest, pk: int, form: Reasoned) -> bool:
    said = form.cleaned_data
    try:
        withdraw_plan(pk, actor=request.actor, reason=said["reason"], command_id=said["command_id"])
    except (InvalidInput, Conflict) as error:
        refuse(form, error)
        return False
    return True


@require_http_methods(["POST"])
@for_posts(KEEPER)
def copy_roster(request: StaffRequest) -> HttpResponse:
    """Enter last week's shifts for this week as well."""
    monday = monday_of(day_of(request.POST.get("week")) or timezone.localdate())
    units = [week.unit.pk for week in week_of(monday)]
    form = Reasoned(request.POST)
    if not form.is_valid():
        raise InvalidInput("reason", _("Say why: it stands in the history."))
    said = form.cleaned_data
    made = copy_week(
        monday, units, actor=request.actor, reason=said["reason"], command_id=said["command_id"]
    )
    messages.success(request, _("%(n)s shifts entered for this week.") % {"n": made})
    return redirect(f"{reverse('setup:roster')}?week={monday}")
