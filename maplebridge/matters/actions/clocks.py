"""Starting, stopping, pausing and extending the clocks of a matter."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.worktime import Limit, midnight
from maplebridge.matters.models import Clock, Matter
from maplebridge.matters.queries.supervising import latest_due
from maplebridge.org.queries import directory
from maplebridge.sql import read, update_row
from maplebridge.ui.templatetags.ui import time_words

WORKING_UNITS = {"wh", "wd"}


def running(matter: Matter) -> dict[str, Clock]:
    """The clocks of a locked matter that have not stopped, by kind; read once, then kept."""
    held: dict[str, Clock] | None = vars(matter).get("running_clocks")
    if held is None:
        rows = read(Clock, "WHERE matter_id = %s AND stopped_at IS NULL", [matter.id])
        held = vars(matter)["running_clocks"] = {c.kind: c for c in rows}
    return held


def start(matter: Matter, limits: Iterable[tuple[str, str]], at: datetime) -> list[Clock]:
    """One clock per (kind, limit), running from now on; the caller writes them."""
    calendar = directory().calendar
    clocks = []
    for kind, limit in limits:
        due = calendar.add(at, Limit.parse(limit))
        clocks.append(
            Clock(
                matter=matter, kind=kind, limit=limit, started_at=at, first_due_at=due, due_at=due
            )
        )
    running(matter).update((c.kind, c) for c in clocks)
    return clocks


def stop(matter: Matter, kinds: Collection[str], at: datetime) -> list[Clock]:
    """Stop running clocks of these kinds, and give them; "all" stops every one.

    No clock stops before it began.
    """
    held = running(matter)
    wanted = set(held) if "all" in kinds else set(held).intersection(kinds)
    stopped = [held.pop(kind) for kind in wanted]
    for clock in stopped:
        clock.stopped_at = max(at, clock.started_at)
        update_row(clock, ("stopped_at",))
    return stopped


def pause(clock: Clock, at: datetime) -> None:
    clock.paused_at = at
    update_row(clock, ("paused_at",))


def resume(clock: Clock, at: datetime) -> None:
    """Run again: the due time moves by the pause, in working time for working limits."""
    if clock.paused_at is None:
        return
    calendar = directory().calendar
    seconds = calendar.working_seconds(clock.paused_at, at)
    if Limit.parse(clock.limit).unit in WORKING_UNITS:
        clock.due_at = calendar.add_working_seconds(clock.due_at, seconds)
    else:
        clock.due_at += at - clock.paused_at
    clock.paused_seconds += seconds
    clock.paused_at = None
    update_row(clock, ("due_at", "paused_at", "paused_seconds"))


def end_of(day: date) -> datetime:
    """The end of the last working span of a day, or midnight after it on a day off."""
    spans = directory().calendar.spans(day)
    if spans:
        return spans[-1][1]
    return midnight(day + timedelta(days=1))


def check_extension(clock: Clock, until: date, at: datetime) -> datetime:
    """The new due time, if the rules allow it; InvalidInput("until") otherwise.

    Before expiry only, later than now due, and the whole at most twice the first limit.
    """
    due = end_of(until)
    if at > clock.due_at:
        raise InvalidInput("until", _("The time is already over; it cannot be extended any more."))
    if due <= clock.due_at:
        raise InvalidInput("until", _("The new date must be later than the present one."))
    most = latest_due(clock)
    if due > most:
        raise InvalidInput(
            "until",
            _("All in all at most twice the limit: not after %(day)s.")
            % {"day": time_words(timezone.localdate(most))},
        )
    return due


def next_due(matter: Matter) -> None:
    """Set the matter's next due time and its kind from the clocks that run, in memory."""
    clocks = [c for c in running(matter).values() if c.paused_at is None]
    first = min(clocks, key=lambda c: c.due_at, default=None)
    matter.due_at = first.due_at if first else None
    matter.due_kind = first.kind if first else ""
