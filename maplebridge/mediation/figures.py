"""The pages of figures: counts for leaders, each opening the heads behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from maplebridge.kernel.codes import covers
from maplebridge.kernel.errors import NotFound
from maplebridge.kernel.text import whole_number
from maplebridge.mediation import pages
from maplebridge.mediation.models import Agreement, Mediation
from maplebridge.mediation.queries.statistics import behind, counted, rows, table
from maplebridge.mediation.rules import TIERS, TO_2010, TYPE_LISTS, TYPES_2010, TYPES_2021
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.sheets import Column, taken_out

GROUPS = {
    "whole": gettext_lazy("As a whole"),
    "host": gettext_lazy("By host"),
    "source": gettext_lazy("By source"),
    "body": gettext_lazy("Entrusted by"),
    "type": gettext_lazy("By type"),
    "form": gettext_lazy("By form"),
}
KINDS = ("supervisor", "verifier", "dispatcher", "handler")
LISTS = {"2021": gettext_lazy("18 types (now)"), "2010": gettext_lazy("15 types (before)")}
# The figures by which a parties' or a sum's list is the list of the files behind it.
SAME_LIST = {"parties": "total", "amount": "success"}
MOST = 20_000
TABLE: tuple[Column, ...] = (
    (gettext_lazy("Group"), 16), (gettext_lazy("Figure"), 30), (gettext_lazy("Number"), 14),
)  # fmt: skip
# The record of a dispute in the shape of GB/T 31000 ("9+X"), without parties and contents.
RECORD: tuple[Column, ...] = (
    (gettext_lazy("Number of the file"), 30), (gettext_lazy("Name of the dispute"), 24),
    (gettext_lazy("Grid"), 26), (gettext_lazy("Taken up on"), 12), (gettext_lazy("Limit"), 12),
    (gettext_lazy("Type of dispute"), 18), (gettext_lazy("Difficulty"), 10),
    (gettext_lazy("Parties concerned"), 10), (gettext_lazy("Yuan in agreements"), 14),
    (gettext_lazy("Source"), 16), (gettext_lazy("Way of settling"), 14),
    (gettext_lazy("Settled on"), 12), (gettext_lazy("Committee"), 26),
    (gettext_lazy("Mediators"), 18), (gettext_lazy("Settled"), 8), (gettext_lazy("State"), 10),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Which files are counted: of an area, a period, a level; by which list of types."""

    scope: str
    begin: date
    end: date
    types: str
    tier: str

    @property
    def query(self) -> str:
        """As the query of an address."""
        return (
            f"scope={self.scope}&begin={self.begin}&end={self.end}"
            f"&types={self.types}&tier={self.tier}"
        )


def scope_asked(actor: Actor, asked: QueryDict, kinds: Sequence[str] = KINDS) -> str:
    """The area asked for, where a post reaches it; else the widest of one's own."""
    own = actor.scopes(kinds)
    wanted = asked.get("scope", "")
    if wanted and any(covers(scope, wanted) for scope in own):
        return wanted
    return min(own, key=lambda code: (len(code), code))


def scopes_of(actor: Actor, kinds: Sequence[str] = KINDS) -> list[tuple[str, str]]:
    """The areas a list may be asked for, by code and name."""
    town = directory()
    return [
        (area.code, town.area_names(area.code))
        for area in town.areas.values()
        if area.level != "grid"
        and area.valid_to is None
        and any(covers(scope, area.code) for scope in actor.scopes(kinds))
    ]


def _read(actor: Actor, asked: QueryDict) -> Asked:
    types, tier = asked.get("types", ""), asked.get("tier", "")
    begin, end = pages.days(asked, timezone.localdate())
    return Asked(
        scope_asked(actor, asked), begin, end, types if types in TYPE_LISTS else "2021",
        tier if tier in TIERS else "",
    )  # fmt: skip


def spans(today: date, query: QueryDict) -> list[tuple[str, str]]:
    """The periods that are asked for most, each with its address."""
    month = today.replace(day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    year = today.replace(month=1, day=1)
    told = [(_("This month"), month, today), (_("Last month"), *pages.last_month(today)),
            (_("This quarter"), quarter, today), (_("This year"), year, today)]  # fmt: skip
    made = []
    for label, begin, end in told:
        own = query.copy()
        own["begin"], own["end"] = begin.isoformat(), end.isoformat()
        made.append((label, f"?{own.urlencode()}"))
    return made


def figures_page(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """The table, by groups; each figure with the address of its list."""
    told = _read(actor, asked)
    grouped: dict[str, list[tuple[Any, str, str]]] = {}
    for figure in table(told.scope, told.begin, told.end, told.types, told.tier):
        code = SAME_LIST.get(figure.row.code, figure.row.code)
        url = f"{reverse('mediation:files', args=[code])}?{told.query}"
        shown = f"{figure.value:,}"  # a sum of yuan is read by its thousands
        grouped.setdefault(figure.row.group, []).append((figure, shown, url))
    return {
        "groups": [(GROUPS[name], found) for name, found in grouped.items()],
        "scope": told.scope, "scopes": scopes_of(actor), "begin": told.begin, "end": told.end,
        "types": told.types, "type_lists": LISTS.items(), "query": told.query,
        "tier": told.tier,
        "tiers": [("", _("All levels")), *((code, tier.label) for code, tier in TIERS.items())],
        "area": directory().area_names(told.scope), "spans": spans(timezone.localdate(), asked),
        "cross_walk": [(TYPES_2021[now], TYPES_2010[then]) for now, then in TO_2010.items()],
    }  # fmt: skip


def figures_book(request: StaffRequest) -> HttpResponse:
    """The table as a workbook."""
    told = _read(request.actor, request.GET)
    cells = [
        (str(GROUPS[f.row.group]), str(f.row.label), f.value)
        for f in table(told.scope, told.begin, told.end, told.types, told.tier)
    ]
    title = _("Table of mediation cases of %(area)s, %(begin)s to %(end)s") % {
        "area": directory().area_names(told.scope), "begin": told.begin, "end": told.end,
    }  # fmt: skip
    return taken_out(request, request.actor, "mediation:figures", TABLE, cells, title)


def records_book(request: StaffRequest) -> HttpResponse:
    """The disputes counted, one a row, in the shape of the national record of disputes."""
    told = _read(request.actor, request.GET)
    found = counted(told.scope, told.begin, told.end, told.tier)
    found = found.select_related("committee__unit", "agreement").order_by("accepted_at", "id")
    cells = [_record(m) for m in found.prefetch_related("mediators", "parties")[:MOST]]
    title = _("Records of disputes of %(area)s, %(begin)s to %(end)s") % {
        "area": directory().area_names(told.scope), "begin": told.begin, "end": told.end,
    }  # fmt: skip
    return taken_out(request, request.actor, "mediation:records", RECORD, cells, title)


def _record(m: Mediation) -> tuple[Any, ...]:
    agreement: Agreement | None = getattr(m, "agreement", None)
    if agreement is not None and agreement.signed_on is None:
        agreement = None  # a draft is no agreement
    kind = str(TYPE_LISTS[m.type_list].get(m.type, ""))
    forms = {True: _("Oral agreement"), False: _("Written agreement")}
    way = forms[agreement.oral] if agreement else ""
    signed = agreement.signed_on if agreement else None
    return (
        m.number, kind, directory().area_names(m.area_code), timezone.localdate(m.accepted_at),
        m.due_on, kind, m.get_difficulty_display(),
        sum(p.represents_id is None for p in m.parties.all()),
        agreement.amount if agreement else None, m.get_source_display(), way, signed,
        m.committee.unit.name, "、".join(p.name for p in m.mediators.all()),
        pgettext("it is so", "Yes") if signed else pgettext("it is so", "No"),
        m.get_status_display(),
    )  # fmt: skip


def files_page(actor: Actor, code: str, asked: QueryDict) -> dict[str, Any]:
    """Heads behind a figure: numbers, types, committees, dates; nobody's name."""
    told = _read(actor, asked)
    known = {row.code: row for row in rows(told.types)}
    if code not in known:
        raise NotFound(_("There is no such figure."))
    start = whole_number(asked.get("from")) or 0
    found = behind(known[code], told.scope, told.begin, told.end, told.tier)
    shown = list(found.prefetch_related("mediators")[start : start + pages.PAGE + 1])
    today = timezone.localdate()
    query = asked.copy()
    query["from"] = str(start + pages.PAGE)
    return {
        "row": known[code], "begin": told.begin, "end": told.end, "count": found.count(),
        "rows": [pages.head(m, actor, today) for m in shown[: pages.PAGE]],
        "area": directory().area_names(told.scope),
        "back_url": f"{reverse('mediation:figures')}?{told.query}",
        "older_url": f"?{query.urlencode()}" if len(shown) > pages.PAGE else "",
    }  # fmt: skip
