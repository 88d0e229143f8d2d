"""Facts beside the status that figures and the lists behind them share: name to condition."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maplebridge.kernel.worktime import midnight
from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Clock, Evaluation, Petition


def _today(now: datetime) -> Q:
    """Still in time, and due before this local day ends."""
    end = midnight(timezone.localdate(now) + timedelta(days=1))
    return Q(status__in=OPEN, due_at__gte=now, due_at__lt=end, suspended_until__isnull=True)


def _handling(**broken: Any) -> Q:
    """Matters with a limit to handle, without those whose clocks `broken` describes."""
    clocks = Clock.objects.filter(matter=OuterRef("pk"), kind="handle", stopped_at__isnull=False)
    kept = Q(Exists(clocks))
    return kept & ~Q(Exists(clocks.filter(**broken))) if broken else kept


def _rated(*unlike: str) -> Q:
    """Matters rated since they were last closed; with answers named, none of these was given."""
    said = Evaluation.objects.filter(matter=OuterRef("pk"), round=OuterRef("reopenings"))
    rated = Q(Exists(said))
    return rated & ~Q(Exists(said.filter(satisfied__in=unlike))) if unlike else rated


def _unanswered(now: datetime) -> Q:
    """Rings still, and its limit is over now or was before: then it rings higher up the line."""
    past = Q(due_at__lt=now) | Q(matter__alarm__gt=1)
    ringing = Clock.objects.filter(past, kind="alarm", stopped_at__isnull=True)
    return Q(status__in=OPEN, pk__in=ringing.values("matter"))


def _asks(_now: datetime) -> Q:
    # By the few open petitions; the flag alone has no index among a million matters.
    open_ = Petition.objects.filter(decided_at__isnull=True)
    return Q(petition_open=True, pk__in=open_.values("matter"))


FACTS: dict[str, tuple[Any, Callable[[datetime], Q]]] = {
    "today": (gettext_lazy("Due today"), _today),
    "asks": (gettext_lazy("Asks for a decision"), _asks),
    "unanswered": (gettext_lazy("Alarm not answered in time"), _unanswered),
    "taken_up": (
        gettext_lazy("Taken up, not joined to another"),
        lambda _now: ~Q(status__in=["declined", "merged", "referred", "withdrawn"]),
    ),
    "no_category": (
        gettext_lazy("No category yet"),
        lambda _now: Q(category=None, proposed_category=None),
    ),
    "timed": (gettext_lazy("With a limit to handle"), lambda _now: _handling()),
    "kept_first": (
        gettext_lazy("Handled within the first limit"),
        lambda _now: _handling(stopped_at__gt=F("first_due_at")),
    ),
    "kept": (
        gettext_lazy("Handled within the extended limit"),
        lambda _now: _handling(stopped_at__gt=F("due_at")),
    ),
    "rated": (gettext_lazy("Rated by a reporter"), lambda _now: _rated()),
    "satisfied": (
        gettext_lazy("Rated, all satisfied"),
        lambda _now: _rated("partly", "no"),
    ),
}
