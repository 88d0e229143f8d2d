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
from maplebridge.mediation.models import Mediation, MediatorSkills, Party
from maplebridge.mediation.queries.conflicts import conflicts
from maplebridge.mediation.rules import LANGUAGES, language_code, language_name
from maplebridge.org.models import Person, Post
from maplebridge.trust.actions import standing_in

VILLAGE = 12  # digits of a village's code


def named(party: Party, names: Mapping[UUID, str]) -> str:
    """ "Applicant 黄三", or "Applicant 1" where the name is not the reader's to see."""
    side = party.get_side_display()
    return f"{side} {names.get(party.subject) or party.order}"


def signers(parties: list[Party]) -> list[Party]:
    """Who approves and signs: every party itself, or the guardian of one under age, or a proxy
    whose letter goes so far (Civil Code 19 to 23, 民事诉讼法 2023 Art. 62)."""
    minors = {p.id for p in parties if p.needs_guardian}
    acting = [p for p in parties if p.represents_id in minors or p.power == "special"]
    stood_for = {p.represents_id for p in acting}
    themselves = [p for p in parties if p.represents_id is None and p.id not in stood_for]
    return [p for p in parties if p in acting or p in themselves]


def languages_offered() -> list[tuple[str, str]]:
    """(code, name) of what a party may ask for: the usual languages, and what mediators told."""
    told: set[str] = set()
    for languages in MediatorSkills.objects.values_list("languages", flat=True):
        told |= {language_code(one) for one in languages}
    return [(code, language_name(code)) for code in (*LANGUAGES, *sorted(told - LANGUAGES.keys()))]


def mediators_of(mediation: Mediation, on: datetime | None = None) -> list[tuple[str, str]]:
    """(username, name with what speaks for it) of the committee's mediators, the proposed first."""
    return [
        (
            p.person.username,
            _("%(name)s (%(why)s)") % {"name": p.person.name, "why": _(", ").join(p.reasons)},
        )
        for p in propose_mediators(mediation, on)
    ]


@dataclass(frozen=True)
class Proposed:
    """A mediator with his open files and what speaks for or against; a person decides.

    `speaks` are the languages he knows that a party asked for, `languages` all he told.
    """

    person: Person
    open_files: int
    against: tuple[str, ...]
    knows: bool
    near: bool
    speaks: tuple[str, ...]
    languages: tuple[str, ...]

    @property
    def conflict(self) -> bool:
        """True when something speaks against him: he stands last, with the reason."""
        return bool(self.against)

    @property
    def reasons(self) -> list[str]:
        """In words, for whoever chooses."""
        told = [*self.against]
        if self.speaks:
            told.append(
                _("speaks %(languages)s, as a party wishes") % {"languages": "/".join(self.speaks)}
            )
        told += [_("knows this type")] if self.knows else []
        told += [_("at home in this village")] if self.near else []
        told += ["/".join(self.languages)] if self.languages and not self.speaks else []
        return [*told, _("%(n)d open") % {"n": self.open_files}]


def propose_mediators(mediation: Mediation, on: datetime | None = None) -> list[Proposed]:
    """The committee's mediators: who speaks what a party asked for first, then who knows the type,
    then the village, then by load; against whom something speaks stands last with the reason.

    An order of work at hand, never a score of persons.
    """
    posts = mediating_posts([mediation.committee.unit_id], timezone.localdate(on))
    load, rows = open_files(posts), list(posts.prefetch_related("areas"))
    against = conflicts(mediation, {post.person for post in rows}, on)
    spoken = {post.id: _languages(post) for post in rows}
    asked = standing_in(
        mediation.parties.values_list("subject", flat=True), "party.language",
        {code for codes in spoken.values() for code in codes}, whole=True,
    )  # fmt: skip
    found: dict[int, Proposed] = {}
    for post in rows:
        skills = getattr(post, "skills", None)
        near = any(
            len(area.code) >= VILLAGE and covers(area.code[:VILLAGE], mediation.area_code)
            for area in post.areas.all()
        )
        codes = spoken[post.id]
        made = Proposed(
            post.person, load.get(post.person_id, 0),
            tuple(str(reason) for reason in against.get(post.person_id, ())),
            skills is not None and mediation.type in skills.types, near,
            tuple(language_name(code) for code in codes if code in asked),
            tuple(language_name(code) for code in codes),
        )  # fmt: skip
        found.setdefault(post.person_id, made)
    return sorted(
        found.values(),
        key=lambda p: (p.conflict, not p.speaks, not p.knows, not p.near, p.open_files,
                       p.person.id),
    )  # fmt: skip


def _languages(post: Post) -> list[str]:
    skills = getattr(post, "skills", None)
    return [language_code(one) for one in skills.languages] if skills is not None else []


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
