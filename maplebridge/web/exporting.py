"""Taking a list of matters out as a workbook, and who did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.db.models import F
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.kernel.text import whole_number
from maplebridge.matters.queries import MatterFilter, matching_ids
from maplebridge.matters.queries.exporting import Exported, exported, visible_through
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import note_export, open_subjects
from maplebridge.trust.queries import exports_in
from maplebridge.trust.register import REGISTER
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.ui.forms import Form
from maplebridge.web.finding import address_of
from maplebridge.web.lists import LISTS
from maplebridge.web.matter_page import PURPOSES
from maplebridge.web.sheet import COLUMNS, USUAL, write_sheet

MOST = 100_000
MOST_PERSONAL = 5_000
BATCH = 500
ROWS_A_SECOND = 2_500  # written on one slow core with every column
PERSONAL = ("reporter.name", "reporter.phone")
KEPT = "export_columns"
# What other rooms give out as tables, by the name under which they note it.
TABLES = {
    "mediation:list": gettext_lazy("Mediations"),
    "mediation:figures": gettext_lazy("Figures of mediation"),
    "mediation:records": gettext_lazy("Records (9+X)"),
    "mediation:claims": gettext_lazy("Subsidy sheet"),
    "fieldwork:needs": gettext_lazy("Visits due"),
    "fieldwork:places": gettext_lazy("Places"),
    "field:board": gettext_lazy("Phones at the door"),
    "field:returned": gettext_lazy("Returned records"),
    "field:files": gettext_lazy("Photos missing"),
    "insight:digest": gettext_lazy("Daily digest"),
    "insight:map": gettext_lazy("By village"),
    "web:told": gettext_lazy("Who was told"),
    "web:messages": gettext_lazy("Messages"),
    "web:message_deliveries": gettext_lazy("Channels that fail"),
    "web:exports": gettext_lazy("Exports"),
}
LOGGED = 50


@dataclass(frozen=True)
class Source:
    """The list that is taken out: what it is, where it stands, and the ids of its matters."""

    name: str
    label: str
    back: str
    said: list[tuple[str, str, str]]
    query: str
    ids: list[int]

    @property
    def too_many(self) -> bool:
        return len(self.ids) > MOST

    @property
    def seconds(self) -> int:
        """About how long the workbook takes, in tens of seconds; 0 when nobody would notice."""
        return len(self.ids) // ROWS_A_SECOND // 10 * 10


def _source(request: StaffRequest, name: str) -> Source:
    """A work list, or "matters" with the filter of the address. Raises NotFound, InvalidInput."""
    if name == "matters":
        wanted = MatterFilter.read(request.GET)
        ids = matching_ids(request.actor, wanted, timezone.now(), MOST + 1)
        back = address_of(wanted)
        return Source(name, _("Find matters"), back, wanted.said(), wanted.query(), ids)
    made = LISTS.get(name)
    if made is None or not request.actor.holds(*made.kinds):
        raise NotFound(_("There is no such list, or it is not for your post."))
    matters = made.read(request.actor).order_by(F("due_at").asc(nulls_last=True), "id")
    ids = list(matters.values_list("id", flat=True)[: MOST + 1])
    return Source(name, str(made.label), made.url, [], "", ids)


class ExportForm(Form):
    """Which columns; where the actor may read them in all rows, which personal ones and why."""

    columns = forms.MultipleChoiceField(
        choices=[(c.code, c.label) for c in COLUMNS], widget=forms.CheckboxSelectMultiple
    )
    personal = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    purpose = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, offered: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].label = _("Columns")
        self.fields["personal"].label = _("Personal details")
        self.fields["purpose"].label = _("What do you need them for?")
        personal, purpose = self.fields["personal"], self.fields["purpose"]
        personal.choices = [(c, REGISTER[c].label) for c in offered]  # type: ignore[attr-defined]
        purpose.choices = [(text, _(text)) for text in PURPOSES]  # type: ignore[attr-defined]
        if not offered:
            del self.fields["personal"], self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        """Personal details need a purpose."""
        if self.cleaned_data.get("personal") and not self.cleaned_data.get("purpose"):
            self.add_error("purpose", _("Say what you need these personal details for."))
        return self.cleaned_data


def _offered(actor: Actor, source: Source) -> tuple[list[str], str]:
    """The personal columns the actor may have, or why none."""
    if len(source.ids) > MOST_PERSONAL:
        return [], _("Personal details are given for at most %(most)s matters at a time.") % {
            "most": f"{MOST_PERSONAL:,}"
        }
    offered = [
        code
        for code in PERSONAL
        if len(visible_through(actor, REGISTER[code].readers, source.ids)) == len(source.ids)
    ]
    return offered, "" if offered else _(
        "Personal details are left out: your post may not read them for every matter of this list."
    )


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def export(request: StaffRequest, name: str) -> HttpResponseBase:
    """Choose the columns, then take the workbook; the choice is remembered while signed in."""
    source = _source(request, name)
    offered, why_not = _offered(request.actor, source)
    start = {"columns": request.session.get(KEPT) or USUAL}
    form = ExportForm(offered, request.POST if request.method == "POST" else None, initial=start)
    if form.is_bound and form.is_valid() and not source.too_many:
        request.session[KEPT] = form.cleaned_data["columns"]
        return _workbook(request.actor, source, form.cleaned_data)
    context = {"source": source, "form": form, "why_not": why_not, "most": f"{MOST:,}"}
    return render(request, "web/export.html", context, status=422 if form.errors else 200)


def _workbook(actor: Actor, source: Source, chosen: dict[str, Any]) -> FileResponse:
    fields, purpose = chosen.get("personal") or [], chosen.get("purpose") or ""
    columns = [column for column in COLUMNS if column.code in chosen["columns"]]
    labels = [str(REGISTER[code].label) for code in fields]
    rows = _rows(actor, source.ids, fields, purpose)
    file, count = write_sheet(rows, columns, labels, source.label)
    now = timezone.now()
    note_export(
        actor, source=source.name, query=source.query, columns=chosen["columns"], fields=fields,
        purpose=purpose, rows=count, at=now,
    )  # fmt: skip
    day = timezone.localdate(now)
    return FileResponse(file, as_attachment=True, filename=f"{source.label}-{day}.xlsx")


def _rows(
    actor: Actor, ids: Sequence[int], fields: Sequence[str], purpose: str
) -> Iterator[tuple[Exported, list[str]]]:
    """Rows with their personal values, read and logged a batch at a time."""
    left = iter(ids)
    while batch := list(islice(left, BATCH)):
        rows = exported(actor, batch)
        subjects = {subject for row in rows for subject in row.subjects}
        opened = (
            open_subjects(subjects, fields, actor, purpose, at=timezone.now()) if fields else {}
        )
        for row in rows:
            kept = [opened[s] for s in row.subjects if s in opened]
            yield row, ["、".join(k[code] for k in kept if code in k) for code in fields]


@require_GET
@for_posts("supervisor")
def exports(request: StaffRequest) -> HttpResponse:
    """Who took which list out, when, with how many rows and which personal details."""
    after = request.GET.get("after", "")
    before = whole_number(after)
    if after and before is None:
        raise InvalidInput("after", _("This cursor is not valid; begin at the first page."))
    found = exports_in(request.actor.scopes(["supervisor"]), before, LOGGED + 1)
    rows = [logged(made) for made in found[:LOGGED]]
    older = found[LOGGED - 1].id if len(found) > LOGGED else None
    return render(request, "web/exports.html", {"rows": rows, "older": older, "first": not after})


def logged(made: Any) -> dict[str, Any]:
    """One export in words: which list, what was set, which personal details, for what."""
    known = LISTS.get(made.source)
    url = made.query and made.source not in TABLES
    fields = [str(REGISTER[c].label) for c in made.fields if c in REGISTER]
    return {
        "made": made,
        "label": known.label if known else TABLES.get(made.source, _("Find matters")),
        "said": [] if made.source in TABLES else _said(made.query),
        "fields": fields,
        "purpose": _(made.purpose) if made.purpose else "",
        "url": f"{reverse('web:matters')}?{made.query}" if url else "",
    }


def _said(query: str) -> list[tuple[str, str, str]]:
    """A filter of long ago in words; what is unknown by now as it was written."""
    given = QueryDict(query).dict()
    try:
        return MatterFilter.read(given).said()
    except InvalidInput:
        return [(name, name, str(value)) for name, value in given.items()]
