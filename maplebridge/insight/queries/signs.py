"""What the rules of warnings look at, gathered for one scope."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Max, Q
from django.utils import timezone

from maplebridge.insight.queries.places import Place
from maplebridge.insight.queries.scopes import Scope
from maplebridge.insight.rules import Facts, Recurrence
from maplebridge.org.models import Shift
from maplebridge.org.queries import directory

# A roster that ended longer ago has been given up, not forgotten.
FORGOTTEN = timedelta(days=30)


def facts_for(
    scope: Scope,
    now: datetime,
    places: Sequence[Place],
    counts: Mapping[str, int],
    late_of: Mapping[str, int],
) -> Facts:
    """Facts of the matters, as counted already, and of the lists of the organisation."""
    today, town = timezone.localdate(now), directory()
    return Facts(
        today=today,
        places=tuple(
            Recurrence(p["narrow"], p["area"], p["group"], p["lately"], p["n"]) for p in places
        ),
        counts=counts,
        late_of=late_of,
        duties=tuple(
            sorted(
                (duty.category.code, duty.valid_to)
                for duties in town.duties.values()
                for duty in duties
                if duty.temporary and duty.valid_to and _concerns(scope, duty.area_code)
            )
        ),
        rosters=tuple(_rosters(scope, now)),
        years=town.calendar.years,
    )


def _concerns(scope: Scope, area_code: str) -> bool:
    """A duty list entry for everywhere, for something around the scope, or for a part of it."""
    return scope.holds(area_code) or any(code.startswith(area_code) for code in scope.codes)


def _rosters(scope: Scope, now: datetime) -> list[tuple[str, date]]:
    """The last day on the roster of each unit of the scope, in the order of the directory."""
    inside = Q(pk__in=())
    for code in scope.codes:
        inside |= Q(post__unit__area__code__startswith=code)
    return [
        (code, timezone.localdate(last))
        for code, last in Shift.objects.filter(inside, ends_at__gte=now - FORGOTTEN)
        .values("post__unit__code")
        .annotate(last=Max("ends_at"))
        .order_by("post__unit__code")
        .values_list("post__unit__code", "last")
    ]
