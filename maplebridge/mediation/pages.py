"""What the pages of mediations show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.text import day_of, whole_number
from maplebridge.mediation.flow import OPEN, STATUSES, TO_KEEP
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.conflicts import last_ruling, to_decide
from maplebridge.mediation.queries.court import court_of
from maplebridge.mediation.queries.visible import heads_visible_to
from maplebridge.mediation.rules import TYPE_LISTS
from maplebridge.mediation.timeline import ICONS, TONES
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.actions import open_subjects
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.sheets import Column, taken_out

PAGE = 50
MOST = 20_000
BOOK: tuple[Column, ...] = (
    (gettext_lazy("Number"), 24), (gettext_lazy("Type of dispute"), 20), (gettext_lazy("Area"), 28),
    (gettext_lazy("Committee"), 24), (gettext_lazy("Status"), 14),
    (gettext_lazy("Taken up on"), 12), (gettext_lazy("Due"), 12),
)  # fmt: skip
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAMES = {"party.name", "party.language"}
CONTACTS = NAMES | {"party.phone", "party.address"}


@dataclass(frozen=True)
class Head:
    """A mediation as a row: nothing of its contents."""

    mediation: Mediation
    title: str
    status: object
    tone: str
    icon: str
    mine: bool
    readable: bool
    late: bool
    days_left: int | None
    court: str
    to_decide: bool


def head(mediation: Mediation, actor: Actor, today: date) -> Head:
    """One row; the title is the type of dispute and the place, never what it is about."""
    types = TYPE_LISTS[mediation.type_list]
    kind = types.get(mediation.type) or _("Not typed yet")
    tone = TONES[mediation.status]
    assigned = list(mediation.mediators.all())
    mine = any(p.id == actor.person_id for p in assigned)
    court = court_of(mediation, today)
    left = (mediation.due_on - today).days if mediation.due_on and not mediation.ended_at else None
    return Head(
        mediation, f"{kind} · {directory().area_names(mediation.area_code)}",
        STATUSES[mediation.status], tone, ICONS[tone],
        mine, mine or not assigned,
        left is not None and left < 0, left, court.words if court else "",
        to_decide(mediation),
    )  # fmt: skip


def _listed(actor: Actor, asked: QueryDict) -> tuple[str, QuerySet[Mediation]]:
    """Which of one's mediations are asked for, and their rows in order."""
    found = heads_visible_to(actor).select_related(
        "committee__unit", "matter", "agreement", "confirmation"
    )
    found = found.annotate(ruling=last_ruling()).prefetch_related("mediators")
    which = asked.get("list", "open")
    ways = {
        "open": Q(status__in=OPEN, ended_at__isnull=True),
        "keep": Q(status__in=TO_KEEP),
        "file": Q(filed_at__isnull=True, ended_at__isnull=False) & ~Q(status__in=TO_KEEP),
        "filed": Q(filed_at__isnull=False),
    }
    if which not in ways:
        which = "open"
    order = ("due_on", "registered_at", "id") if which == "open" else ("-registered_at", "id")
    return which, found.filter(ways[which]).order_by(*order)


def list_page(actor: Actor, asked: QueryDict, today: date) -> dict[str, Any]:
    """One's mediations: open ones by limit, what is to be kept, and those that are over."""
    which, found = _listed(actor, asked)
    start = whole_number(asked.get("from")) or 0
    rows = list(found[start : start + PAGE + 1])
    labels = {
        "open": _("In hand"),
        "keep": _("To be kept"),
        "file": _("To be filed"),
        "filed": _("Filed"),
    }
    return {
        "rows": [head(m, actor, today) for m in rows[:PAGE]],
        "which": which,
        "tabs": [
            {"label": label, "url": f"?list={code}", "active": code == which}
            for code, label in labels.items()
        ],
        "older_url": f"?list={which}&from={start + PAGE}" if len(rows) > PAGE else "",
        "newer_url": f"?list={which}&from={max(0, start - PAGE)}" if start else "",
    }


def list_book(request: StaffRequest) -> HttpResponse:
    """The heads of a list as a workbook: nothing of what a file contains."""
    _which, found = _listed(request.actor, request.GET)
    town = directory()
    rows = [
        (m.number, str(TYPE_LISTS[m.type_list].get(m.type, "")), town.area_names(m.area_code),
         m.committee.unit.name, str(STATUSES[m.status]),
         timezone.localdate(m.accepted_at) if m.accepted_at else None, m.due_on)
        for m in found[:MOST]
    ]  # fmt: skip
    name = _("Mediations")
    return taken_out(request, request.actor, "mediation:list", BOOK, rows, name)


def names_of(
    mediation: Mediation, actor: Actor, fields: Iterable[str] = NAMES
) -> dict[UUID, dict[str, str]]:
    """Vault fields of everybody in the file; each reading is logged with the file as purpose."""
    subjects = {p.subject for p in mediation.parties.all()}
    subjects |= {c.subject for c in mediation.companions.all()}
    subjects |= {i.subject for i in mediation.inquiries.all()}
    purpose = _("Mediation %(number)s") % {"number": mediation.number or mediation.id}
    return open_subjects(subjects, fields, actor, purpose, at=timezone.now())


def days(asked: QueryDict, today: date) -> tuple[date, date]:
    """The period asked for, else this month so far."""
    begin = day_of(asked.get("begin")) or today.replace(day=1)
    end = day_of(asked.get("end")) or today
    return (begin, end) if begin <= end else (end, begin)


def last_month(today: date) -> tuple[date, date]:
    """The whole month before this one."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def download(data: bytes, name: str) -> HttpResponse:
    """A .docx to keep or print, under its Chinese name."""
    answer = HttpResponse(data, content_type=DOCX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.docx"
    return answer
