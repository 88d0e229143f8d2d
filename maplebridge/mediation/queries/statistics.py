"""The ministry's table of cases (人民调解案件情况统计表) for any period and area.

What counts: files that were given a number in the period. Not counted are voided numbers and files
passed on, whose dispute counts where it went. A leader reads these counts and the heads behind
them; nobody's name is in either.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from maplebridge.kernel.worktime import midnight
from maplebridge.mediation.flow import UNSETTLED
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.conflicts import last_ruling
from maplebridge.mediation.rules import BODIES, HARD, HOSTS, SOURCES, TIERS, TO_2010, TYPE_LISTS

# Reached an agreement, whatever became of it.
SUCCESS = Q(agreement__signed_on__isnull=False)
# Taken up and ended without one: no agreement, a party stopped it or refused after all.
FAILED = Q(status__in=UNSETTLED)


@dataclass(frozen=True)
class Row:
    """One figure of the table: its code, label, group, and which files it counts."""

    code: str
    label: object
    group: str
    where: Q
    measure: str = "files"  # files, parties or yuan


@dataclass(frozen=True)
class Figure:
    """A row with its number; yuan have two decimals."""

    row: Row
    value: int | Decimal


@cache
def rows(type_list: str = "2021") -> tuple[Row, ...]:
    """The table's rows in its order, with the types of the list asked for."""
    made = [
        Row("total", _("Cases"), "whole", Q()),
        Row("parties", _("Parties concerned"), "whole", Q(), "parties"),
        Row("success", _("Settled by agreement"), "whole", SUCCESS),
        Row("failed", _("Ended without an agreement"), "whole", FAILED),
        Row("hard", _("Difficult cases"), "whole", Q(difficulty__in=HARD)),
        Row("amount", _("Yuan in agreements"), "whole", SUCCESS, "yuan"),
        Row("performed", _("Agreements performed"), "whole", SUCCESS & Q(status="performed")),
        Row("asked", _("Judicial confirmation asked for"), "whole", Q(confirmation__isnull=False)),
        Row("confirmed", _("Confirmed by a court"), "whole",
            Q(confirmation__outcome__in=["confirmed", "partly"])),
        Row("not-confirmed", _("Not confirmed by a court"), "whole",
            Q(confirmation__outcome="refused")),
    ]  # fmt: skip
    made += [
        Row(f"host-{code}", label, "host", Q(committee__host=code)) for code, label in HOSTS.items()
    ]
    made += [
        Row(f"source-{code}", label, "source", Q(source=code)) for code, label in SOURCES.items()
    ]
    made += [
        Row(f"body-{code}", label, "body", Q(source="entrusted", body=code))
        for code, label in BODIES.items()
    ]
    made += [
        Row(f"type-{code}", label, "type", _of_type(type_list, code))
        for code, label in TYPE_LISTS[type_list].items()
    ]
    made += [
        Row("oral", _("Oral agreements"), "form", SUCCESS & Q(agreement__oral=True)),
        Row("written", _("Written agreements"), "form", SUCCESS & Q(agreement__oral=False)),
    ]
    return tuple(made)


def _of_type(type_list: str, code: str) -> Q:
    """Files of a type; an older list gathers the present types that fall under it."""
    if type_list == "2021":
        return Q(type=code)
    return Q(type__in=[now for now, then in TO_2010.items() if then == code])


def counted(scope: str, begin: date, end: date, tier: str = "") -> QuerySet[Mediation]:
    """Files of an area (a code or its beginning) numbered from `begin` to `end` inclusive, of
    committees of one level or of all."""
    found = Mediation.objects.filter(
        area_code__startswith=scope, accepted_at__gte=midnight(begin),
        accepted_at__lt=midnight(end + timedelta(days=1)), voided_at__isnull=True,
    )  # fmt: skip
    if tier:
        found = found.filter(committee__unit__kind=TIERS[tier].kind)
    return found.exclude(status="passed_on")


def behind(row: Row, scope: str, begin: date, end: date, tier: str = "") -> QuerySet[Mediation]:
    """The files a figure counts, the latest number first."""
    found = counted(scope, begin, end, tier).filter(row.where)
    found = found.select_related("committee__unit", "matter", "agreement", "confirmation")
    found = found.annotate(ruling=last_ruling())
    return found.order_by("-accepted_at", "id")


def table(
    scope: str, begin: date, end: date, type_list: str = "2021", tier: str = ""
) -> list[Figure]:
    """The whole table in three statements, however many files there are."""
    asked = rows(type_list)
    files = counted(scope, begin, end, tier)
    counts = files.aggregate(
        **{r.code.replace("-", "_"): Count("pk", filter=r.where, distinct=True)
           for r in asked if r.measure == "files"}
    )  # fmt: skip
    parties = files.aggregate(n=Count("parties", filter=Q(parties__represents__isnull=True)))["n"]
    yuan = files.filter(SUCCESS).aggregate(sum=Sum("agreement__amount"))["sum"] or Decimal(0)
    special: dict[str, int | Decimal] = {"parties": parties, "yuan": yuan}
    return [
        Figure(r, special[r.measure] if r.measure != "files" else counts[r.code.replace("-", "_")])
        for r in asked
    ]
