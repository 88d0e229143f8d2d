"""Posts as tellings need them: where they reach and who holds them that day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from maplebridge.kernel.codes import covers


@dataclass(frozen=True)
class HeldPost:
    """A post as tellings need it: the areas it reaches, its holder and who stands in that day."""

    id: int
    scopes: tuple[str, ...]
    people: frozenset[int]

    def reaches(self, area_code: str) -> bool:
        """True when the place lies in one of the post's areas."""
        return any(covers(scope, area_code) for scope in self.scopes)


# Where a post p of the unit u reaches: its own areas, else the jurisdictions of its unit (a police
# station covers more than the town it stands in), else the area of its unit, `home`.
REACH = """coalesce(
    nullif(array(
        SELECT a.code FROM org_post_areas pa JOIN org_area a ON a.id = pa.area_id
        WHERE pa.post_id = p.id ORDER BY pa.id), array[]::varchar[]),
    nullif(array(
        SELECT a.code FROM org_jurisdiction j
        JOIN org_jurisdiction_areas ja ON ja.jurisdiction_id = j.id
        JOIN org_area a ON a.id = ja.area_id
        WHERE j.unit_id = u.id AND j.valid_from <= %(day)s
            AND (j.valid_to IS NULL OR j.valid_to >= %(day)s) ORDER BY ja.id), array[]::varchar[]),
    array[home.code])"""
POLICE_DESK = "p.kind = 'handler' AND u.kind = 'police'"
_HELD = f"""
SELECT p.id, {REACH},
    p.person_id || array(
        SELECT stand_in_id FROM org_absence
        WHERE post_id = p.id AND from_day <= %(day)s AND to_day >= %(day)s)
FROM org_post p
JOIN org_person holder ON holder.id = p.person_id AND holder.is_active
JOIN org_unit u ON u.id = p.unit_id
JOIN org_area home ON home.id = u.area_id
WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s) AND ({{where}})
ORDER BY p.id
"""  # noqa: S608 — put together from constants
ON_DUTY = (
    "EXISTS (SELECT 1 FROM org_shift s WHERE s.post_id = p.id "
    "AND s.starts_at <= %(now)s AND s.ends_at > %(now)s)"
)


def posts_held(where: str, at: datetime, **facts: Any) -> list[HeldPost]:
    """Posts of active people that fulfil a condition on the day of `at`; what the tellings of a
    step go to. `where` speaks of the post p and its unit u, `facts` fill its %(names)s."""
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD.format(where=where), {"day": timezone.localdate(at), "now": at, **facts}
        )
        rows = cursor.fetchall()
    return [HeldPost(pk, tuple(scopes), frozenset(people)) for pk, scopes, people in rows]
