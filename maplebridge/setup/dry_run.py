"""Who would get this? The same reading as a real report, and why; nothing is written."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.worktime import Limit
from maplebridge.matters.queries import Proposal, propose
from maplebridge.org.models import Absence, Category, Post
from maplebridge.org.queries import (
    ON_DUTY,
    DutyMatch,
    WeighedDuty,
    directory,
    planned_changes,
    posts_held,
)
from maplebridge.setup.words import Told, told


@dataclass(frozen=True)
class Due:
    """A limit and when it would be over."""

    label: str
    limit: str
    due_at: datetime
    unsure: bool  # a year whose holidays have not been entered


@dataclass(frozen=True)
class Desk:
    """A post that would find the matter on its list, and who sits there that day."""

    post: Post
    stand_in: str


@dataclass(frozen=True)
class Answer:
    """What would happen to a report told at that place on that day."""

    at: datetime
    area_code: str
    place: str
    located: bool
    proposal: Proposal
    category: Category | None
    match: DutyMatch | None
    weighed: list[tuple[WeighedDuty, str]]
    dues: list[Due]
    by_itself: bool
    desks: list[Desk]
    on_duty: list[Desk]
    planned: list[Told]  # what changes in the category until that day, which is read as it is now


def answer(said: dict[str, Any], now: datetime) -> Answer:
    """`said` is the cleaned form: text, category code, area code, lon, lat, day."""
    town, day = directory(), said["day"] or timezone.localdate(now)
    at = now if day == timezone.localdate(now) else _morning(day)
    area_code, located = _place(said)
    chosen = town.category(said["category"]) if said["category"] else None
    proposal = propose(town, said["text"], chosen, area_code, day)
    category = proposal.category
    weighed = town.weigh_duties(category, area_code, day) if category else []
    by_itself = bool(chosen and proposal.match and proposal.match.duty.by_itself and located)
    return Answer(
        at=at, area_code=area_code, place=town.area_names(area_code), located=located,
        proposal=proposal, category=category, match=proposal.match,
        weighed=[(w, _why(w)) for w in weighed],
        dues=_dues(category, proposal, at),
        by_itself=by_itself,
        desks=_first_desks(proposal.match if by_itself else None, area_code, at),
        on_duty=_desks(ON_DUTY, area_code, at),
        planned=_planned(category, day),
    )  # fmt: skip


def _planned(category: Category | None, day: date) -> list[Told]:
    if category is None:
        return []
    found = planned_changes("category", category.pk).filter(day__lte=day)
    return told(found.select_related("person"))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _place(said: dict[str, Any]) -> tuple[str, bool]:
    """The area a report would be in: that of the pin, else the chosen one, else the receiving."""
    if said["lon"] is not None and said["lat"] is not None:
        found = directory().locate(said["lon"], said["lat"])
        if found is not None:
            return found.code, True
    if said["area"]:
        return said["area"], True
    return directory().receiving_area(), False


def _dues(category: Category | None, proposal: Proposal, at: datetime) -> list[Due]:
    limits = [(_("Answer the reporter"), proposal.respond)]
    if category is not None:
        own = directory().limits(category, timezone.localdate(at))
        limits.append((_("Sign for it, once dispatched"), own.sign))
        handle = (proposal.match or own).handle
        limits.append((_("Settle it, once dispatched"), handle))
    calendar = directory().calendar
    due = [(label, limit, calendar.add(at, Limit.parse(limit))) for label, limit in limits]
    return [Due(label, limit, d, calendar.data_missing(d)) for label, limit, d in due]


def _first_desks(match: DutyMatch | None, area_code: str, at: datetime) -> list[Desk]:
    if match is None:
        return _desks("p.kind = 'dispatcher'", area_code, at)
    wanted = "p.kind = 'handler' AND p.unit_id = %(unit)s"
    return _desks(wanted, area_code, at, unit=match.lead.pk)


def _desks(wanted: str, area_code: str, at: datetime, **facts: Any) -> list[Desk]:
    """The posts held then that a condition names and whose areas hold the place; handlers work
    for their unit wherever the place is."""
    held = [
        post.id
        for post in posts_held(wanted, at, **facts)
        if "unit" in facts or post.reaches(area_code)
    ]
    day = timezone.localdate(at)
    away = Absence.objects.filter(from_day__lte=day, to_day__gte=day).select_related("stand_in")
    posts = (
        Post.objects.filter(pk__in=held)
        .select_related("person", "unit")
        .prefetch_related(Prefetch("absences", away, to_attr="away"))
        .order_by("id")
    )
    return [Desk(p, "、".join(a.stand_in.name for a in p.away)) for p in posts]  # type: ignore[attr-defined]


def _why(weighed: WeighedDuty) -> str:
    duty = weighed.duty
    where = directory().area_names(duty.area_code) if duty.area_code else _("everywhere")
    return {
        "leads": _("Leads: it fits the place and the day, and nothing goes before it."),
        "early": _("Not yet: it holds from %(day)s on.") % {"day": duty.valid_from},
        "ended": _("No more: it held until %(day)s.") % {"day": duty.valid_to},
        "elsewhere": _("Another place: it is for %(where)s.") % {"where": where},
        "no_unit": _("No unit of this kind is responsible for the place on that day."),
        "wider": _("It fits, but an entry for a smaller area goes first."),
        "precedent": _("It fits, but a ruling goes before it."),
        "older": _("It fits, but an entry that began later goes first."),
    }[weighed.verdict]
