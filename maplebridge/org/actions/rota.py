"""Shifts and absences that follow from something else: a week copied, a post changed."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from maplebridge.kernel.worktime import midnight
from maplebridge.org.actions.recording import begin, clean_reason, record
from maplebridge.org.lists import plain
from maplebridge.org.models import Absence, Change, Post, Shift
from maplebridge.org.rules import Actor

WEEK = timedelta(days=7)


def move_rota(old_id: int, post: Post) -> None:
    """Give what is planned for a post to the row that takes over from it; cut at that day."""
    day, moment = post.valid_from, midnight(post.valid_from)
    Shift.objects.filter(post_id=old_id, starts_at__gte=moment).update(post=post)
    for shift in Shift.objects.filter(post_id=old_id, ends_at__gt=moment):
        Shift.objects.create(post=post, starts_at=moment, ends_at=shift.ends_at)
        shift.ends_at = moment
        shift.save(update_fields=["ends_at"])
    Absence.objects.filter(post_id=old_id, from_day__gte=day).update(post=post)
    for absence in Absence.objects.filter(post_id=old_id, to_day__gte=day):
        Absence.objects.create(
            post=post, stand_in=absence.stand_in, from_day=day, to_day=absence.to_day
        )
        absence.to_day = day - timedelta(days=1)
        absence.save(update_fields=["to_day"])


def shifts_of_week(monday: date) -> "QuerySet[Shift]":
    """Shifts that begin in the week of a Monday, with post, person and unit."""
    return Shift.objects.filter(
        starts_at__gte=midnight(monday), starts_at__lt=midnight(monday + WEEK)
    ).select_related("post__person", "post__unit")


@transaction.atomic
def copy_week(
    monday: date, unit_ids: list[int], *, actor: Actor, reason: str, command_id: UUID,
    at: datetime | None = None,
) -> int:  # fmt: skip
    """Enter the shifts of the week before `monday` for the same hours of this week.

    What lies in the past, meets another shift of the post, or belongs to a post that has ended is
    left out. Returns how many were entered; a command that came before enters none.
    """
    kept, now = begin("shift", actor), at or timezone.now()
    reason, made = clean_reason(reason), 0
    if Change.objects.filter(command_id=uuid5(command_id, "0")).exists():
        return 0
    for model in shifts_of_week(monday - WEEK).filter(post__unit_id__in=unit_ids):
        starts, ends = model.starts_at + WEEK, model.ends_at + WEEK
        shift = Shift(post=model.post, starts_at=starts, ends_at=ends)
        meets = Shift.objects.filter(
            post=shift.post, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
        )
        held = shift.post.is_valid_on(timezone.localdate(shift.starts_at))
        if shift.starts_at <= now or not held or meets.exists():
            continue
        shift.save(force_insert=True)
        number, after = uuid5(command_id, str(made)), plain(kept, shift)
        record(kept, shift, Change.Act.ADDED, {}, after, 0, actor, reason, number, now)
        made += 1
    return made
