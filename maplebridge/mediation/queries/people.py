"""Who takes part: names for those who may read them, mediators to choose from, and a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.mediation.flow import OPEN
from maplebridge.mediation.models import Mediation, Party
from maplebridge.org.models import Person, Post


def named(party: Party, names: Mapping[UUID, str]) -> str:
    """ "Applicant 黄三", or "Applicant 1" where the name is not the reader's to see."""
    side = party.get_side_display()
    return f"{side} {names.get(party.subject) or party.order}"


def mediators_of(mediation: Mediation, on: datetime | None = None) -> list[tuple[str, str]]:
    """(username, name with what speaks for it) of the committee's mediators, the proposed first."""
    return [
        (p.person.username, f"{p.person.name} ({', '.join(p.reasons)})")
        for p in propose_mediators(mediation, on)
    ]


@dataclass(frozen=True)
class Proposed:
    """A mediator with his open files and what speaks for or against; a person decides."""

    person: Person
    open_files: int
    objected: bool
    knows: bool
    languages: tuple[str, ...]

    @property
    def reasons(self) -> list[str]:
        """In words, for whoever chooses."""
        told = [_("knows this type")] if self.knows else []
        told += ["/".join(self.languages)] if self.languages else []
        told += [_("a party objected")] if self.objected else []
        return [*told, _("%(n)d open") % {"n": self.open_files}]


def propose_mediators(mediation: Mediation, on: datetime | None = None) -> list[Proposed]:
    """The committee's mediators: who knows the type first, then by load; who was objected to, or
    handled the matter before for the other side, stands last with the reason.

    An order of work at hand, never a score of persons.
    """
    day = timezone.localdate(on)
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), unit=mediation.committee.unit_id,
        kind="handler", valid_from__lte=day, person__is_active=True,
    ).select_related("person", "skills")  # fmt: skip
    load = _load(posts)
    objected = {e.data.get("mediator") for e in mediation.events.filter(step="object")}
    found: dict[int, Proposed] = {}
    for post in posts:
        skills = getattr(post, "skills", None)
        made = Proposed(
            post.person, load.get(post.person_id, 0), post.person_id in objected,
            skills is not None and mediation.type in skills.types,
            tuple(skills.languages) if skills is not None else (),
        )  # fmt: skip
        found.setdefault(post.person_id, made)
    return sorted(
        found.values(), key=lambda p: (p.objected, not p.knows, p.open_files, p.person.id)
    )


def _load(posts: QuerySet[Post]) -> dict[int, int]:
    """Open files by person."""
    rows = Mediation.mediators.through.objects.filter(
        person__posts__in=posts, mediation__status__in=OPEN
    )
    counted = rows.values("person").annotate(n=Count("mediation", distinct=True))
    return dict(counted.values_list("person", "n"))
