"""The register of numbers: every number a committee gave in a year, void ones too, and no gap."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maplebridge.kernel.codes import covers
from maplebridge.kernel.errors import NotFound
from maplebridge.mediation.models import Committee, Mediation, NumberCounter
from maplebridge.mediation.queries.conflicts import last_ruling
from maplebridge.mediation.queries.visible import heads_visible_to, kinds_for
from maplebridge.org.rules import Actor


@dataclass(frozen=True)
class Series:
    """The numbers of one committee and year: how many were given, which files, which are lost."""

    last: int
    files: list[Mediation]
    lost: list[int]

    @property
    def void(self) -> int:
        """How many were declared void."""
        return sum(m.voided_at is not None for m in self.files)


def committees_known_to(actor: Actor) -> list[Committee]:
    """Committees whose register a member of staff may see: his own, or of the area he leads."""
    led = actor.scopes(("supervisor",))
    found = Committee.objects.select_related("unit__area").order_by("unit__code")
    return [
        c for c in found
        if c.unit_id in actor.unit_ids or any(covers(s, c.unit.area.code) for s in led)
    ]  # fmt: skip


def years_of(committee: Committee) -> list[int]:
    """Years in which it gave numbers, the latest first."""
    found = NumberCounter.objects.filter(committee=committee, last__gt=0)
    return list(found.order_by("-year").values_list("year", flat=True))


def series(committee: Committee, year: int) -> Series:
    """Its numbers of a year in their order; `lost` is empty unless somebody took a row away."""
    last = NumberCounter.objects.filter(committee=committee, year=year).values_list("last").first()
    found: QuerySet[Mediation] = Mediation.objects.filter(committee=committee, year=year)
    found = found.select_related("committee__unit", "agreement", "confirmation")
    found = found.annotate(ruling=last_ruling()).prefetch_related("mediators")
    files: list[Mediation] = [*found.order_by("serial")]
    given = last[0] if last else 0
    there = {m.serial for m in files}
    return Series(given, files, [n for n in range(1, given + 1) if n not in there])


def voidable(actor: Actor, mediation_id: UUID) -> Mediation:
    """A file of one's own committee with a number that still holds; NotFound for any other."""
    found = heads_visible_to(actor).filter(serial__isnull=False, voided_at__isnull=True)
    mediation = found.select_related("committee__unit").filter(pk=mediation_id).first()
    if mediation is None or "committee" not in kinds_for(actor, mediation):
        raise NotFound(_("There is no such mediation, or it is not yours to see."))
    return mediation
