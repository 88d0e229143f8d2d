"""Who may see which matter, and with which powers: the one doorway."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from maplebridge.matters.models import Assignment, Matter, MatterEvent, Report
from maplebridge.org.rules import Actor, PostFact

# These posts see everything in their areas; a handler sees what his unit has now.
AREA_KINDS = ("dispatcher", "verifier", "supervisor", "grid_worker")
HANDLING_STEPS = (
    "accept",
    "start",
    "handle",
    "helper_accept",
    "helper_done",
    "settle_on_spot",
)


def matters_visible_to(actor: Actor) -> QuerySet[Matter]:
    """Matters a member of staff may read: by area of the post, or by present work of the unit.

    Nobody without a post sees anything; the timer sees all. A unit a matter was taken from
    does not keep it.
    """
    if actor.kind == "timer":
        return Matter.objects.all()
    return Matter.objects.filter(reduce(or_, ways_of_seeing(actor), Q(pk__in=())))


def ways_of_seeing(actor: Actor) -> list[Q]:
    """Each way in which a member of staff sees matters: by area, on duty, as lead, as helper."""
    ways = []
    scopes = actor.scopes(AREA_KINDS)
    if scopes:
        ways.append(reduce(or_, (Q(area_code__startswith=scope) for scope in scopes)))
    on_duty = set(actor.scopes(["on_duty"])) - set(scopes)
    if on_duty:  # whoever is on duty sees what rings there
        areas = reduce(or_, (Q(area_code__startswith=scope) for scope in sorted(on_duty)))
        ways.append(areas & Q(urgent=True))
    if units := actor.unit_ids:
        ways.append(Q(lead_id__in=units))
        helping = Assignment.objects.filter(
            matter=OuterRef("pk"), unit_id__in=units, role="helper"
        ).exclude(state__in=["returned", "replaced"])
        ways.append(Q(Exists(helping)))
    return ways


def in_scopes(actor: Actor, kind: str) -> Q:
    """Matters in the areas of the actor's posts of one kind; none without such a post."""
    seen = Q(pk__in=())
    for scope in actor.scopes([kind]):
        seen |= Q(area_code__startswith=scope)
    return seen


def sees(actor: Actor, matter: Matter) -> bool:
    """The same law for one matter that was read already: true where `matters_visible_to` has it."""
    if actor.kind == "timer" or matter.lead_id in actor.unit_ids:
        return True
    kinds = (*AREA_KINDS, "on_duty") if matter.urgent else AREA_KINDS
    if any(p.kind in kinds and p.reaches(matter.area_code) for p in actor.posts):
        return True
    units = list(actor.unit_ids)
    return bool(units) and (
        Assignment.objects.filter(matter=matter, unit_id__in=units, role="helper")
        .exclude(state__in=["returned", "replaced"])
        .exists()
    )


def kinds_for(actor: Actor, matter: Matter) -> dict[str, PostFact | None]:
    """The kinds of power the actor has over this matter, each with the post that gives it.

    A verifier who worked on the matter is none here: nobody verifies his own work.
    """
    if actor.kind in {"timer", "anyone"}:
        return {actor.kind: None, "anyone": None}
    if actor.kind == "reporter":
        theirs = Report.objects.filter(id=UUID(actor.report_id), matter_id=matter.id).exists()
        return {"reporter": None, "anyone": None} if theirs else {"anyone": None}
    kinds: dict[str, PostFact | None] = {"anyone": None}
    for post in actor.posts:
        if post.kind == "handler":
            if post.unit_id == matter.lead_id:
                kinds.setdefault("handler", post)
        elif post.kind in (*AREA_KINDS, "on_duty") and post.reaches(matter.area_code):
            kinds.setdefault(post.kind, post)
    helping = [p for p in actor.posts if p.kind == "handler" and p.unit_id != matter.lead_id]
    if helping and matter.lead_id:
        active = set(
            Assignment.objects.filter(matter=matter, role="helper", state="active").values_list(
                "unit_id", flat=True
            )
        )
        for post in helping:
            if post.unit_id in active:
                kinds.setdefault("helper", post)
    if "verifier" in kinds and (
        MatterEvent.objects.filter(
            matter=matter, person_id=actor.person_id or 0, step__in=HANDLING_STEPS
        ).exists()
    ):
        del kinds["verifier"]
    return kinds


def reporter_of(code: str) -> tuple[Report, Actor] | None:
    """The report behind a query code and its reporter as an actor; None for an unknown code."""
    report = Report.objects.select_related("matter").filter(code=code).first()
    if report is None:
        return None
    return report, Actor(kind="reporter", report_id=report.id.hex)
