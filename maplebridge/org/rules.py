"""Who someone is at this moment: pure facts, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from maplebridge.kernel.codes import covers


@dataclass(frozen=True)
class PostFact:
    """One post held now: its kind of power, its unit, and the area codes it reaches."""

    id: int
    kind: str
    title: str
    unit_id: int
    scopes: tuple[str, ...]

    def reaches(self, area_code: str) -> bool:
        """True when the place lies in one of the post's areas."""
        return any(covers(scope, area_code) for scope in self.scopes)


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person in posts, a reporter, a party of a mediation, the timer, or anyone.

    `kind` is "staff", "reporter", "party", "timer" or "anyone". `report_id` (hex UUID) is a
    reporter's only, `party_id` a party's.
    """

    kind: str
    person_id: int | None = None
    name: str = ""
    posts: tuple[PostFact, ...] = field(default=())
    report_id: str = ""
    party_id: str = ""

    @property
    def unit_ids(self) -> frozenset[int]:
        """Units in which the actor handles matters."""
        return frozenset(p.unit_id for p in self.posts if p.kind == "handler")

    def scopes(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Area codes reached by the actor's posts of these kinds, without repeats."""
        wanted = frozenset(kinds)
        return tuple(dict.fromkeys(s for p in self.posts if p.kind in wanted for s in p.scopes))

    def holds(self, *kinds: str) -> bool:
        """True when the actor holds a post of one of these kinds anywhere."""
        return any(p.kind in kinds for p in self.posts)


TIMER = Actor(kind="timer", name="timer")
ANYONE = Actor(kind="anyone")
