"""Urgent matters: what rings for somebody now, and lists in which they stand first."""

from django.db.models import F, QuerySet

from maplebridge.matters.flow import FLOW, OPEN
from maplebridge.matters.models import Clock, Matter
from maplebridge.matters.queries.lists import PAGE, keyset
from maplebridge.org.rules import Actor
from maplebridge.sql import read

# Whoever may answer an alarm by area; the lead's handlers may too.
_ANSWERING = tuple(sorted(FLOW.step("acknowledge").who - {"handler"}))
MOST = 5
# On every page of the desk. The words of its first line are those of the index `matter_urgent`.
_RINGING = f"""
WHERE urgent AND status IN ({", ".join(f"'{status}'" for status in OPEN)})
    AND (area_code LIKE ANY(%s) OR lead_id = ANY(%s))
    AND EXISTS (SELECT FROM matters_clock AS c WHERE c.matter_id = matters_matter.id
        AND c.kind = 'alarm' AND c.stopped_at IS NULL)
ORDER BY due_at, id LIMIT %s"""
_ALARMS = "WHERE matter_id = ANY(%s) AND kind = 'alarm' AND stopped_at IS NULL ORDER BY due_at, id"


def ringing(actor: Actor) -> list[Clock]:
    """Alarms of open matters that nobody has answered and the actor may, the longest ringing first.

    Each is the alarm's clock with its matter, whose own due time may be that of another clock. One
    query where nothing rings, else two.
    """
    scopes, units = actor.scopes(_ANSWERING), list(actor.unit_ids)
    if not scopes and not units:
        return []
    found = read(Matter, _RINGING, [[f"{scope}%" for scope in scopes], units, MOST])
    matters = {matter.id: matter for matter in found}
    alarms = read(Clock, _ALARMS, [list(matters)]) if matters else []
    for alarm in alarms:
        alarm.matter = matters[alarm.matter_id]
    return alarms


def urgent_first(
    matters: QuerySet[Matter], after: str = "", size: int = PAGE
) -> tuple[list[Matter], str]:
    """One page as of `keyset`, with the urgent ones before all others; they stand on the first.

    Two queries. Raises InvalidInput("after") as `keyset`.
    """
    calm = matters.filter(urgent=False)
    if after:
        return keyset(calm, after, size)
    by_due = matters.filter(urgent=True).order_by(F("due_at").asc(nulls_last=True), "id")
    urgent = list(by_due[:size])
    others, cursor = keyset(calm, "", max(size - len(urgent), 1))
    return [*urgent, *others], cursor
