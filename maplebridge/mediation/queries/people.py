"""Who takes part: names for those who may read them, mediators to choose from, and a proposal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.codes import covers
from maplebridge.mediation.flow import OPEN
from maplebridge.mediation.models import Mediation, MediationEvent, Party
from maplebridge.org.models import Person, Post

VILLAGE = 12  # digits of a village's code


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
    aside: bool
    knows: bool
    near: bool
    languages: tuple[str, ...]

    @property
    def conflict(self) -> bool:
        """True when he should not mediate here: a party objected, or he stood aside himself."""
        return self.objected or self.aside

    @property
    def reasons(self) -> list[str]:
        """In words, for whoever chooses."""
        told = [_("a party objected")] if self.objected else []
        told += [_("stood aside: related or concerned")] if self.aside else []
        told += [_("knows this type")] if self.knows else []
        told += [_("at home in this village")] if self.near else []
        told += ["/".join(self.languages)] if self.languages else []
        return [*told, _("%(n)d open") % {"n": self.open_files}]


def propose_mediators(mediation: Mediation, on: datetime | None = None) -> list[Proposed]:
    """The committee's mediators: who knows the type first, then the village, then by load; who was
    objected to or stood aside, in this file or one before it, stands last with the reason.

    An order of work at hand, never a score of persons.
    """
    posts = mediating_posts([mediation.committee.unit_id], timezone.localdate(on))
    load, against = open_files(posts), _against(mediation)
    found: dict[int, Proposed] = {}
    for post in posts.prefetch_related("areas"):
        skills = getattr(post, "skills", None)
        near = any(
            len(area.code) >= VILLAGE and covers(area.code[:VILLAGE], mediation.area_code)
            for area in post.areas.all()
        )
        made = Proposed(
            post.person, load.get(post.person_id, 0), post.person_id in against["object"],
            post.person_id in against["recuse"],
            skills is not None and mediation.type in skills.types, near,
            tuple(skills.languages) if skills is not None else (),
        )  # fmt: skip
        found.setdefault(post.person_id, made)
    return sorted(
        found.values(),
        key=lambda p: (p.conflict, not p.knows, not p.near, p.open_files, p.person.id),
    )


def mediating_posts(units: Iterable[int], day: date) -> QuerySet[Post]:
    """Posts that mediate in these units on a day, with person, unit and skills."""
    found = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), unit__in=list(units), kind="handler",
        unit__committee__isnull=False, valid_from__lte=day, person__is_active=True,
    )  # fmt: skip
    return found.select_related("person", "unit", "skills").order_by("unit__code", "id")


def open_files(posts: QuerySet[Post]) -> dict[int, int]:
    """How many files each person of these posts has in hand."""
    rows = Mediation.mediators.through.objects.filter(
        person__posts__in=posts, mediation__status__in=OPEN
    )
    counted = rows.values("person").annotate(n=Count("mediation", distinct=True))
    return {row["person"]: row["n"] for row in counted}


def _against(mediation: Mediation) -> dict[str, set[int]]:
    """Who was objected to and who stood aside, in any file of this dispute."""
    events = MediationEvent.objects.filter(
        mediation__matter=mediation.matter_id, step__in=["object", "recuse"]
    )
    told: dict[str, set[int]] = {"object": set(), "recuse": set()}
    for step, data in events.values_list("step", "data"):
        told[step].add(data.get("mediator", 0))
    return told
