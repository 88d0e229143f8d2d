"""Steps that watch a matter: alarms of urgent ones, lights of late ones."""

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.effects.taking import Taking, by_itself
from maplebridge.matters.queries.lights import overdue_level

ALARM_LIMIT = "15m"
HIGHEST = 3


def mark_urgent(t: Taking) -> None:
    """Name the danger; the alarm rings at once."""
    if t.matter.urgent:
        raise Conflict(_("It is marked urgent already."), status=t.matter.status)
    t.matter.urgent, t.matter.urgency = True, t.values["urgency"]
    t.data["urgency"] = t.values["urgency"]
    t.then.append(lambda event: by_itself(t.matter, "alert", {"level": "1"}, event))


def alert(t: Taking) -> None:
    """Ring for the people of a level and give them the limit to take charge."""
    level = int(t.values["level"])
    if not t.matter.urgent or level <= t.matter.alarm:
        raise Conflict(_("The alarm was answered or has rung already."), status=t.matter.status)
    t.matter.alarm = level
    clocks.stop(t.matter, ["alarm"], t.at)
    t.start = [("alarm", ALARM_LIMIT)]
    t.data["alarm"] = level


def acknowledge(t: Taking) -> None:
    """Somebody takes charge: the alarm is silent."""
    if "alarm" not in clocks.running(t.matter):
        raise Conflict(_("No alarm rings for this matter."), status=t.matter.status)


def lift_urgency(t: Taking) -> None:
    """The danger is over; which it was stays in the history."""
    if not t.matter.urgent:
        raise Conflict(_("It is not marked urgent."), status=t.matter.status)
    t.matter.urgent, t.matter.alarm = False, 0


def escalate(t: Taking) -> None:
    """Raise the light of the clock, never lower it."""
    level = int(t.values["level"])
    if level <= t.matter.supervision:
        raise Conflict(_("It has this light already."), status=t.matter.status)
    t.matter.supervision = t.data["level"] = level


def supervise(t: Taking) -> None:
    """Set the light of a supervisor; while a limit is missed it is at least that of the clock."""
    t.data["level"] = int(t.values["level"])
    late = overdue_level(t.matter.due_at, t.at) if t.matter.due_at else 0
    t.matter.supervision = max(t.data["level"], late)


def tie_in(t: Taking) -> None:
    """A step of a mediation leaves its digest in this chain; what it says stays in its own room."""
    t.data |= {name: t.values[name] for name in ("mediation", "act", "seal")}
