"""Whom a step tells: kinds of people of the flow table, resolved for one matter and moment."""

from collections.abc import Callable

from maplebridge.matters.actions.effects.taking import Taking
from maplebridge.matters.models import Matter, MatterEvent
from maplebridge.notify import actions as notify
from maplebridge.org.queries import ON_DUTY, POLICE_DESK, HeldPost, directory, posts_held

AT_ONCE = 1  # the first level of an alarm; with the next the supervisors hear of it
_UP_THE_LINE = "p.kind = 'supervisor' AND p.told_from <= %(level)s"


def posts_told(taking: Taking) -> list[HeldPost]:
    """The posts that hear of a step, without repeats; a step tells nobody twice."""
    found: dict[int, HeldPost] = {}
    for kind in taking.step.tells:
        for post in _KINDS[kind](taking):
            found.setdefault(post.id, post)
    return list(found.values())


def people_of(posts: list[HeldPost]) -> set[int]:
    """Ids of the holders of posts and of who stands in for them today."""
    return {person for post in posts for person in post.people}


def _here(posts: list[HeldPost], matter: Matter) -> list[HeldPost]:
    """Those whose areas, or whose unit's area, hold the place."""
    return [post for post in posts if post.reaches(matter.area_code)]


def _of_kind(kind: str) -> Callable[[Taking], list[HeldPost]]:
    return lambda t: _here(posts_held("p.kind = %(kind)s", t.at, kind=kind), t.matter)


def _handlers(t: Taking) -> list[HeldPost]:
    """The handlers of the lead, or of the unit it was just taken from; else the dispatchers."""
    unit = t.matter.lead_id or t.data.get("from_unit")
    if unit is None:
        return _KINDS["dispatcher"](t)
    return posts_held("p.kind = 'handler' AND p.unit_id = %(unit)s", t.at, unit=unit)


def _helpers(t: Taking) -> list[HeldPost]:
    helping = (
        "SELECT unit_id FROM matters_assignment "
        "WHERE matter_id = %(matter)s AND role = 'helper' AND state = 'active'"
    )
    where = f"p.kind = 'handler' AND p.unit_id IN ({helping})"
    return posts_held(where, t.at, matter=t.matter.id)


def _by_light(t: Taking) -> list[HeldPost]:
    """Up the line: the unit from yellow, then every supervisor from the light set for the post."""
    level = int(t.values["level"])
    line = posts_held(_UP_THE_LINE, t.at, level=level)
    return [*_handlers(t), *_here(line, t.matter)]


def _by_alarm(t: Taking) -> list[HeldPost]:
    """At once who is on duty, the police desk and the dispatchers; then the supervisors; then
    those supervisors who are told of red alone."""
    level = int(t.values["level"])
    wanted = [ON_DUTY, POLICE_DESK, "p.kind = 'dispatcher'"]
    if level > AT_ONCE:
        wanted.append(_UP_THE_LINE)
    return _here(posts_held(" OR ".join(f"({w})" for w in wanted), t.at, level=level), t.matter)


_KINDS: dict[str, Callable[[Taking], list[HeldPost]]] = {
    "handler": _handlers,
    "helper": _helpers,
    "dispatcher": _of_kind("dispatcher"),
    "verifier": _of_kind("verifier"),
    "supervisor": _of_kind("supervisor"),
    "by_light": _by_light,
    "by_alarm": _by_alarm,
}


def tell(taking: Taking, posts: list[HeldPost], event: MatterEvent) -> None:
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
