"""tick: what time itself does for mediations. Safe to run twice."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from maplebridge.kernel.attempts import Attempts
from maplebridge.mediation.actions.founding import found_committees
from maplebridge.mediation.actions.telling import tell_mediators
from maplebridge.mediation.flow import OPEN, TO_KEEP
from maplebridge.mediation.models import Mediation, Obligation
from maplebridge.mediation.rules import last_day_to_confirm
from maplebridge.org.queries import directory

# How many days before a limit the mediators hear of it.
BEFORE_LIMIT = 2
BEFORE_DUE = 3
CONFIRM_REMINDERS = (20, 10, 3)  # days left of the thirty
VISIT_AFTER_DAYS = 30
BATCH = 500


def tick(now: datetime | None = None) -> dict[str, int]:
    """Remind of limits, of obligations, of the court's thirty days, and of return visits.

    Each reminder is told once: its source comes from its cause. What fails stops nothing after it:
    an ExceptionGroup tells at the end.
    """
    moment, attempts = now or timezone.now(), Attempts()
    today, counts = timezone.localdate(moment), {}
    with attempts:
        counts["committees_founded"] = found_committees()
    for name, remind in (
        ("mediations_due", _limits),
        ("obligations_due", _obligations),
        ("confirmations_due", _confirmations),
        ("visits_due", _visits),
    ):
        with attempts:
            counts[name] = remind(today, moment)
    attempts.raise_faults("Not every reminder was told")
    return counts


def _limits(today: date, at: datetime) -> int:
    due = Mediation.objects.filter(
        status__in=OPEN, ended_at__isnull=True, due_on__lte=today + timedelta(days=BEFORE_LIMIT)
    ).select_related("matter__category")
    return sum(tell_mediators(m, "mediation_limit", f"{m.due_on}", at) for m in due.iterator(BATCH))


def _obligations(today: date, at: datetime) -> int:
    """Three days before, and again when the day is over."""
    due = Obligation.objects.filter(
        done_on__isnull=True, due_on__lte=today + timedelta(days=BEFORE_DUE),
        mediation__status__in=TO_KEEP,
    ).select_related("mediation__matter__category")  # fmt: skip
    return sum(
        tell_mediators(
            row.mediation, f"obligation_{'late' if row.due_on < today else 'soon'}", f"{row.id}", at
        )
        for row in due.iterator(BATCH)
    )


def _confirmations(today: date, at: datetime) -> int:
    works = directory().calendar.is_working_day
    agreed = Mediation.objects.filter(
        agreement__oral=False, agreement__signed_on__gt=today - timedelta(days=45),
        confirmation__isnull=True, status__in=TO_KEEP,
    ).select_related("agreement", "matter__category")  # fmt: skip
    told = 0
    for mediation in agreed.iterator(BATCH):
        signed = mediation.agreement.signed_on
        if signed is None:
            continue
        left = (last_day_to_confirm(signed, works) - today).days
        reached = [days for days in CONFIRM_REMINDERS if 0 <= left <= days]
        if reached:
            told += tell_mediators(mediation, "confirmation", f"{min(reached)}", at)
    return told


def _visits(today: date, at: datetime) -> int:
    """A month after an agreement somebody looks at how it is kept."""
    due = Mediation.objects.filter(
        agreement__signed_on__lte=today - timedelta(days=VISIT_AFTER_DAYS),
        agreement__signed_on__gt=today - timedelta(days=90), visits__isnull=True,
        status__in=["agreed", "performed", "broken"],
    ).select_related("matter__category")  # fmt: skip
    return sum(tell_mediators(m, "return_visit", "", at) for m in due.iterator(BATCH))
