"""What one phone may hold: the areas and units of its worker's posts at the door."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from hashlib import sha256

from django.db.models import Q, QuerySet

from maplebridge.fieldwork.models import Need, Place
from maplebridge.fieldwork.queries import needs_in, places_in
from maplebridge.kernel.codes import covers
from maplebridge.matters.flow import OPEN
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import matters_visible_to
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.sync.rules import FIELD_KINDS

HELD = (*OPEN, "closed")


@dataclass(frozen=True)
class Scopes:
    """The worker as far as his phone is concerned: other posts he may hold put nothing on it."""

    actor: Actor

    @classmethod
    def of(cls, actor: Actor) -> "Scopes":
        posts = tuple(p for p in actor.posts if p.kind in FIELD_KINDS)
        return cls(replace(actor, posts=posts))

    @property
    def areas(self) -> tuple[str, ...]:
        """Area codes of all posts at the door."""
        return self.actor.scopes(FIELD_KINDS)

    @property
    def named(self) -> list[dict[str, str]]:
        """The areas with their names."""
        town = directory()
        return [{"code": c, "name": town.area_names(c)} for c in sorted(self.areas)]

    @staticmethod
    def called(code: str, name: str) -> str:
        """What the smallest areas are called where many villages have a "first grid"."""
        village = directory().areas.get(code[:12]) if len(code) > 12 else None
        return name if village is None or name.startswith(village.name) else village.name + name

    @property
    def mark(self) -> str:
        """Changes when the posts do: then the phone reads anew."""
        parts = sorted((p.kind, p.unit_id, *p.scopes) for p in self.actor.posts)
        return sha256(repr(parts).encode()).hexdigest()[:12]

    def keys(self) -> list[str]:
        """The scopes of changes that may concern this phone, as triggers write them."""
        matters, places = self.actor.scopes(["grid_worker"]), self.areas
        found = [f"p:{self.actor.person_id}", *(f"u:{unit}" for unit in self.actor.unit_ids)]
        for code in directory().areas:
            if any(covers(scope, code) for scope in matters):
                found.append(f"m:{code}")
            if any(covers(scope, code) for scope in places):
                found.append(f"f:{code}")
        return found

    def matters(self, ids: Collection[int] | None = None) -> QuerySet[Matter]:
        """Matters the phone holds, or those of them with these ids."""
        found = matters_visible_to(self.actor).filter(status__in=HELD)
        return found if ids is None else found.filter(pk__in=ids)

    def places(self) -> QuerySet[Place]:
        """Places the phone holds."""
        return places_in(self.areas)

    def needs(self) -> QuerySet[Need]:
        """Needs the phone holds: what is about a matter only where that may be seen."""
        about = Q(matter=None) | Q(matter__in=matters_visible_to(self.actor).values("pk"))
        return needs_in(self.areas).filter(about)
