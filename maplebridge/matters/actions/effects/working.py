"""Steps of the unit that handles a matter, and of those who watch its limits."""

from typing import Any

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.kernel.worktime import Limit
from maplebridge.matters.actions import clocks
from maplebridge.matters.actions.effects.taking import (
    Taking,
    by_itself,
    decide,
    keep_photos,
    petition,
)


def accept(t: Taking) -> None:
    """Note on the lead's part that it was accepted."""
    t.matter.assignments.filter(role="lead", state="active").update(accepted_at=t.at)


def start(t: Taking) -> None:
    """Note how the first contact went."""
    t.data["contact"] = t.values["contact_result"]


def ask_extension(t: Taking) -> None:
    """Ask for more time, as far as the rules could grant it."""
    clock = _handle_clock(t)
    clocks.check_extension(clock, t.values["until"], t.made)
    petition(t, "extension", t.values["until"])
    t.data["until"] = t.values["until"].isoformat()


def _handle_clock(t: Taking) -> Any:
    clock = clocks.running(t.matter).get("handle")
    if clock is None:
        raise Conflict(_("No limit is running."), status=t.matter.status)
    return clock


def extend(t: Taking) -> None:
    """Move the due time; the first one stays beside it."""
    petition = decide(t, "extension", granted=True)
    until = t.values.get("until") or (petition.until if petition else None)
    if until is None:
        raise InvalidInput("until", _("Give the new date."))
    clock = _handle_clock(t)
    asked = petition.asked_at if petition else t.at  # asked in time counts, however late the answer
    due = clocks.check_extension(clock, until, asked)
    t.data |= {
        "due_before": clock.due_at.isoformat(),
        "due_after": due.isoformat(),
        "until": until.isoformat(),
    }
    clock.due_at = due
    clock.save(update_fields=["due_at"])


def refuse_extension(t: Taking) -> None:
    """Answer the petition for more time with no."""
    decide(t, "extension", granted=False)


def ask_suspension(t: Taking) -> None:
    """Ask to pause the limit, where it could be paused."""
    _suspendable(t)
    petition(t, "suspension", t.values["review_on"])
    t.data["review_on"] = t.values["review_on"].isoformat()


def refuse_suspension(t: Taking) -> None:
    """Answer the petition for suspension with no."""
    decide(t, "suspension", granted=False)


def _suspendable(t: Taking) -> Any:
    clock = _handle_clock(t)
    if clock.paused_at is not None:
        raise Conflict(_("It is suspended already."), status=t.matter.status)
    if t.values["review_on"] <= t.today:
        raise InvalidInput("review_on", _("The review date must lie ahead."))
    return clock


def suspend(t: Taking) -> None:
    """Pause the limit until a review date."""
    clock = _suspendable(t)
    decide(t, "suspension", granted=True)
    clocks.pause(clock, t.at)
    t.matter.suspended_until = t.values["review_on"]
    t.data["review_on"] = t.values["review_on"].isoformat()


def resume(t: Taking) -> None:
    """Let the limit run on, longer by the working time of the pause."""
    clock = _handle_clock(t)
    if clock.paused_at is None:
        raise Conflict(_("It is not suspended."), status=t.matter.status)
    t.data["due_before"] = clock.due_at.isoformat()
    clocks.resume(clock, max(t.made, clock.paused_at))
    t.matter.suspended_until = None
    t.data["due_after"] = clock.due_at.isoformat()


def _own_parts(t: Taking) -> Any:
    return t.matter.assignments.filter(role="helper", state="active", unit_id__in=t.actor.unit_ids)


def helper_accept(t: Taking) -> None:
    """Accept the part of the actor's unit; the lead and the other helpers stay as they are."""
    mine = _own_parts(t).filter(accepted_at__isnull=True)
    t.data["units"] = sorted(mine.values_list("unit_id", flat=True))
    if not t.data["units"]:
        raise Conflict(_("Your part is accepted already."), status=t.matter.status)
    mine.update(accepted_at=t.at)


def helper_done(t: Taking) -> None:
    """End the part of the actor's unit."""
    mine = _own_parts(t)
    t.data["units"] = sorted(mine.values_list("unit_id", flat=True))
    keep_photos(t)
    mine.update(state="done", ended_at=t.at)


def handle(t: Taking) -> None:
    """Hand in: helpers done, not suspended; an answer becomes an event of its own."""
    waiting = t.matter.assignments.filter(role="helper", state="active").select_related("unit")
    if names := [a.unit.name for a in waiting]:
        raise Conflict(
            _("Helping units are not done yet: %(names)s.") % {"names": "、".join(names)},
            status=t.matter.status,
        )
    if t.matter.suspended_until:
        raise Conflict(_("Resume it first."), status=t.matter.status)
    t.matter.assignments.filter(role="lead", state="active").update(state="done", ended_at=t.at)
    if t.matter.petition_open:  # nothing is left for which more time or rest could be granted
        t.matter.petitions.filter(decided_at__isnull=True).update(decided_at=t.at, granted=False)
        t.matter.petition_open = False
    keep_photos(t)
    if answer := t.values.get("public_answer"):
        # An event keeps one text; what the reporter reads is an event of its own.
        t.then.append(
            lambda event: by_itself(t.matter, "answer", {"public_answer": answer}, event, t.actor)
        )


def rework(t: Taking) -> None:
    """Back to work with half the limit."""
    last = t.matter.clocks.filter(kind="handle").order_by("-started_at", "-id").first()
    limit = str(Limit.parse(last.limit).half()) if last else "1wd"
    t.matter.assignments.filter(role="lead", state="done").update(state="active", ended_at=None)
    t.start = [("handle", limit)]
    t.data["handle"] = limit


def answer(t: Taking) -> None:
    """Mark the text as meant for the reporter."""
    t.data["to_reporter"] = True
