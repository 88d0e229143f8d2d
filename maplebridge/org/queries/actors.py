"""Who acts: a person with the posts held at a moment, by session or by token."""

from datetime import datetime
from hashlib import sha256

from django.db import connection
from django.utils import timezone

from maplebridge.org.models import Person
from maplebridge.org.queries.posts import ON_DUTY, POLICE_DESK, REACH
from maplebridge.org.rules import Actor, PostFact
from maplebridge.sql import read_one

# Read at every request of a member of staff.
_POSTS = f"""
SELECT p.id, p.kind, p.title, p.unit_id, {REACH}, ({POLICE_DESK}) OR {ON_DUTY}
FROM org_post p
JOIN org_unit u ON u.id = p.unit_id
JOIN org_area home ON home.id = u.area_id
WHERE (p.person_id = %(person)s OR p.id IN (
        SELECT post_id FROM org_absence
        WHERE stand_in_id = %(person)s AND from_day <= %(day)s AND to_day >= %(day)s))
    AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
ORDER BY p.id
"""  # noqa: S608 — put together from constants


def actor_for(person: Person, at: datetime | None = None) -> Actor:
    """The person with the posts held at a moment (now); inactive people hold none.

    Posts come from the person's own row, from standing in for somebody who is absent that day,
    and, as posts of kind "on_duty", from the roster. The police desk is on duty always.
    """
    moment = at or timezone.now()
    if not person.is_active:
        return Actor(kind="staff", person_id=person.id, name=person.name)
    day = timezone.localdate(moment)
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"person": person.id, "day": day, "now": moment})
        posts = cursor.fetchall()
    facts = tuple(
        PostFact(pk, held, title, unit_id, tuple(scopes))
        for pk, kind, title, unit_id, scopes, on_duty in posts
        for held in ((kind, "on_duty") if on_duty else (kind,))
    )
    return Actor(kind="staff", person_id=person.id, name=person.name, posts=facts)


def person_of_token(token: str, at: datetime | None = None) -> Person | None:
    """The active person whose unexpired, unrevoked bearer token this is."""
    return read_one(
        Person,
        "WHERE is_active AND id = (SELECT person_id FROM org_token "
        "WHERE digest = %s AND revoked_at IS NULL AND expires_at > %s)",
        [sha256(token.encode()).digest(), at or timezone.now()],
    )
