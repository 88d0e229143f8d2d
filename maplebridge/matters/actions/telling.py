"""Whom a step tells: kinds of people of the flow table, resolved for one matter and moment."""

from collections.abc import Callable

from django.db.models import Q

from maplebridge.matters.actions.effects.taking import Taking
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.notify import actions as notify
from maplebridge.org.models import Post, Unit
from maplebridge.org.queries import directory, posts_held

# Of an alarm, who is told at which level: at once, after one limit, after two.
ALARM_LEVELS = (1, 2, 3)
YELLOW, ORANGE, RED = 1, 2, 3


def posts_told(taking: Taking) -> list[Post]:
    """The posts that hear of a step, without repeats; a step tells nobody twice."""
    found: dict[int, Post] = {}
    for kind in taking.step.tells:
        for post in _KINDS[kind](taking):
            found.setdefault(post.id, post)
    return list(found.values())


def people_of(posts: list[Post]) -> set[int]:
    """Ids of the holders of posts and of who stands in for them today."""
    holders = {post.person_id for post in posts}
    return holders | {absence.stand_in_id for post in posts for absence in post.absent_now}  # type: ignore[attr-defined]


def _here(posts: list[Post], matter: Matter) -> list[Post]:
    """Those whose areas, or whose unit's area, hold the place."""

    def reaches(post: Post) -> bool:
        codes = [a.code for a in post.areas.all()] or [post.unit.area.code]
        return any(matter.area_code.startswith(code) for code in codes)

    return [post for post in posts if reaches(post)]


def _of_kind(kind: str) -> Callable[[Taking], list[Post]]:
    return lambda t: _here(posts_held(Q(kind=kind), t.at), t.matter)


def _handlers(t: Taking) -> list[Post]:
    """The handlers of the lead, or of the unit it was just taken from; else the dispatchers."""
    unit = t.matter.lead_id or t.data.get("from_unit")
    if unit is None:
        return _KINDS["dispatcher"](t)
    return posts_held(Q(kind="handler", unit_id=unit), t.at)


def _helpers(t: Taking) -> list[Post]:
    units = t.matter.assignments.filter(role="helper", state="active").values("unit_id")
    return posts_held(Q(kind="handler", unit_id__in=units), t.at)


def _by_light(t: Taking) -> list[Post]:
    """Up the line: the unit from yellow, then every supervisor from the light set for the post."""
    level = int(t.values["level"])
    line = posts_held(Q(kind="supervisor", told_from__lte=level), t.at)
    return [*_handlers(t), *_here(line, t.matter)]


def _by_alarm(t: Taking) -> list[Post]:
    """At once who is on duty, the police desk and the dispatchers; then the supervisors; then
    those supervisors who are told of red alone."""
    level = int(t.values["level"])
    now = t.at
    on_duty = Q(shifts__starts_at__lte=now, shifts__ends_at__gt=now)
    desk = Q(kind="handler", unit__kind=Unit.Kind.POLICE)
    wanted = on_duty | desk | Q(kind="dispatcher")
    if level > YELLOW:
        wanted |= Q(kind="supervisor", told_from__lte=level)
    return _here(posts_held(wanted, now), t.matter)


_KINDS: dict[str, Callable[[Taking], list[Post]]] = {
    "handler": _handlers,
    "helper": _helpers,
    "dispatcher": _of_kind("dispatcher"),
    "verifier": _of_kind("verifier"),
    "supervisor": _of_kind("supervisor"),
    "by_light": _by_light,
    "by_alarm": _by_alarm,
}


def tell(taking: Taking, posts: list[Post], event: MatterEvent) -> None:
    """Leave a message for everybody told, but not for whoever acted."""
    people = people_of(posts) - {taking.actor.person_id}
    if not people:
        return
    matter, town = taking.matter, directory()
    category = town.category_by_id(matter.category_id or matter.proposed_category_id)
    notify.tell(
        people,
        kind=taking.step.name,
        number=matter.number,
        category=category.code if category else "",
        urgent=matter.urgent,
        at=taking.at,
        source=event.command_id,
    )
