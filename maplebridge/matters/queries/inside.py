"""What lies inside one matter, for the page that shows all of it: each a single cheap statement."""

from collections.abc import Iterable
from typing import Any

from maplebridge.matters.models import Assignment, Clock, Matter, MatterEvent, Report
from maplebridge.org.models import Person, Post
from maplebridge.org.queries import directory
from maplebridge.sql import read


def reports_of(matter: Matter) -> list[Report]:
    """The tellings, the first first, with whoever took them down."""
    reports = read(Report, "WHERE matter_id = %s ORDER BY reported_at, id", [matter.pk])
    people = _people(r.taken_by_id for r in reports)
    for report in reports:
        if person := people.get(report.taken_by_id):
            report.taken_by = person
    return reports


def assignments_of(matter: Matter) -> list[Assignment]:
    """Which units had and have it, the newest first, with their units."""
    found = read(Assignment, "WHERE matter_id = %s ORDER BY assigned_at DESC, id", [matter.pk])
    units = directory().units
    for assignment in found:
        if unit := units.get(assignment.unit_id):
            assignment.unit = unit
    return found


def clocks_of(matter: Matter) -> list[Clock]:
    """The clocks that run, what is due next first; then those that stopped, the latest first."""
    return read(
        Clock,
        "WHERE matter_id = %s ORDER BY stopped_at IS NOT NULL,"
        " CASE WHEN stopped_at IS NULL THEN due_at END, started_at DESC, id",
        [matter.pk],
    )


def events_of(matter: Matter) -> list[MatterEvent]:
    """The events, the newest first, with people, posts and the posts' units."""
    events = read(MatterEvent, "WHERE matter_id = %s ORDER BY version DESC", [matter.pk])
    people = _people(e.person_id for e in events)
    posts = _posts(e.post_id for e in events)
    for event in events:
        if person := people.get(event.person_id):
            event.person = person
        if post := posts.get(event.post_id):
            event.post = post
    return events


def _people(ids: Iterable[int | None]) -> dict[int | None, Person]:
    wanted = _present(ids)
    return {p.pk: p for p in read(Person, "WHERE id = ANY(%s)", [wanted])} if wanted else {}


def _posts(ids: Iterable[int | None]) -> dict[int | None, Post]:
    wanted = _present(ids)
    posts = read(Post, "WHERE id = ANY(%s)", [wanted]) if wanted else []
    units = directory().units
    for post in posts:
        if unit := units.get(post.unit_id):
            post.unit = unit
    return {p.pk: p for p in posts}


def _present(ids: Iterable[int | None]) -> list[Any]:
    return list({i for i in ids if i is not None})
