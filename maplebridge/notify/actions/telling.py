"""Telling people, and their reading of it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.notify import rules
from maplebridge.notify.models import Message

# One statement for the whole step: whoever was told of this source before is left out, and each
# of the others gets a delivery through every channel switched on, unless the group is switched off.
TELL_SQL = """
WITH told AS (
    INSERT INTO notify_message (person_id, kind, number, category, urgent, at, read, source)
    SELECT person, %(kind)s, %(number)s, %(category)s, %(urgent)s, %(at)s, false, %(source)s
    FROM unnest(%(people)s::bigint[]) AS person
    ON CONFLICT (person_id, source) DO NOTHING
    RETURNING id, person_id
), sent AS (
    INSERT INTO notify_delivery (message_id, channel_id, state, due_at, tries)
    SELECT told.id, channel.id, 'waiting', %(at)s, 0
    FROM told
    JOIN notify_channel channel ON channel.person_id = told.person_id AND channel.active
    LEFT JOIN notify_preference preference ON preference.person_id = told.person_id
    WHERE %(always)s OR CASE %(group)s
        WHEN 'assigned' THEN preference.assigned
        WHEN 'decisions' THEN preference.decisions
        WHEN 'late' THEN preference.late
    END IS DISTINCT FROM 'off'
)
SELECT count(*) FROM told
"""


def tell(
    people: Collection[int],
    *,
    kind: str,
    number: str,
    category: str,
    urgent: bool,
    at: datetime,
    source: UUID,
) -> int:
    """Leave each person one message, and a delivery for each channel chosen; how many were told.

    Writes in the caller's transaction, in one statement; with nobody to tell, in none. Whoever
    was told of this `source` before is not told again. `kind` is registered by the room that
    tells, `category` is a code of the catalogue or "".
    """
    if not people:
        return 0
    group = rules.kind_of(kind).group
    facts = {
        "people": sorted(people),
        "kind": kind,
        "number": number,
        "category": category,
        "urgent": urgent,
        "at": at,
        "source": source,
        "group": group,
        "always": urgent or group == rules.URGENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL_SQL, facts)  # type: ignore[arg-type]
        return int(cursor.fetchone()[0])


def open_message(person_id: int, message_id: int) -> Message:
    """Mark one of the person's messages read and return it; NotFound for anybody else's."""
    message = Message.objects.filter(pk=message_id, person_id=person_id).first()
    if message is None:
        raise NotFound(_("There is no such message."))
    if not message.read:
        read_about(person_id, message.number)
    return message


def read_about(person_id: int, number: str) -> int:
    """Mark read what the person was told about one number: looking at the thing is reading."""
    unread = Message.objects.filter(person_id=person_id, read=False)
    return unread.filter(number=number).update(read=True)


def read_all(person_id: int, upto: int) -> int:
    """Mark read the person's messages up to an id, so that what came meanwhile stays unread."""
    unread = Message.objects.filter(person_id=person_id, read=False)
    return unread.filter(id__lte=upto).update(read=True)
