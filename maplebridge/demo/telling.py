"""Telling a matter as residents do, and what every script of the demo acts with."""

import random
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from maplebridge.demo import texts
from maplebridge.demo.deck import Cards, Deck
from maplebridge.demo.endings import UNDECIDED, fits
from maplebridge.demo.landscape import point_in
from maplebridge.demo.people import Township
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions import follow, report, take_step
from maplebridge.matters.models import Matter
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for, directory
from maplebridge.org.rules import ANYONE, Actor
from maplebridge.sql import read_one

Story = tuple[str, tuple[str, ...]]  # category, sentences
Place = tuple[str, float, float]  # grid, lon, lat
# Where a channel's reports come from; the shares of a mountain township.
CHANNELS = (("web", 45), ("phone", 25), ("field", 20), ("counter", 10))


def standing(matter: int) -> Matter:
    """The matter as it stands."""
    found = read_one(Matter, "WHERE id = %s", [matter])
    assert found is not None
    return found


def group_of(matter: Matter) -> str:
    """The letter of the catalogue's group, "" before it has a category."""
    codes = (c.code for c in directory().categories.values() if c.id == matter.category_id)
    return next(codes, "")[:1]


def _stories_for(ending: str) -> Callable[[], list[Story]]:
    """The stories that may end so."""
    fitting = directory().categories
    return lambda: [s for s in texts.stories() if fits(ending, fitting[s[0]])]


class Teller:
    """Chance, actors and time of a story, and how something is told in it."""

    def __init__(self, town: Township, rng: random.Random, seed: int) -> None:
        self.town, self.rng = town, rng
        self.actors: dict[int, Actor] = {}
        self.recent: list[tuple[int, datetime]] = []
        # Some troubles come back where they were; drawn apart, so that the rest stays as it is.
        self.again = random.Random(seed)  # noqa: S311 — a story, no secret
        self.spots: dict[tuple[str, str], tuple[float, float]] = {}
        self.cards = Cards(seed + 9)
        self.stories = Deck(random.Random(seed + 11), texts.stories)  # noqa: S311 — the same
        self.ruled: set[str] = set()  # categories whose lead nobody contests any more
        self.undecided = {ending: Deck(self.again, _stories_for(ending)) for ending in UNDECIDED}

    def _id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def _actor(self, person: Person) -> Actor:
        if person.id not in self.actors:
            self.actors[person.id] = actor_for(person)
        return self.actors[person.id]

    def _pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        return self.rng.choices([w[0] for w in weighted], [w[1] for w in weighted])[0]

    def _later(self, at: datetime, hours: float) -> datetime:
        """Some working hours later, about as many as asked, sometimes far more."""
        seconds = int(3600 * hours * self.rng.lognormvariate(-0.2, 0.7))
        return directory().calendar.add_working_seconds(at, max(seconds, 120))

    def _step(self, matter: int, name: str, actor: Actor, at: datetime, **fields: object) -> None:
        take_step(matter, name, actor, fields, command_id=self._id(), at=at)

    def _spot(self, grid: str, category: str, new: tuple[float, float]) -> tuple[float, float]:
        """Where it happens: one time in three where this came up in the grid before."""
        known = self.spots.setdefault((grid, category), new)
        return known if self.again.random() < 1 / 3 else new

    def _tell(
        self, category: str, said: tuple[str, ...], at: datetime, place: Place | None = None
    ) -> tuple[int, str, str]:
        """Somebody reports it somewhere, or at a place; the matter, its query code and the grid."""
        rng = self.rng
        grid = place[0] if place else rng.choice(sorted(self.town.grids))
        village = self.town.names[grid[:12]]
        text = village + rng.choice(said).format(p=rng.choice(texts.PLACES))
        channel = self._pick(CHANNELS)
        spot = self._spot(grid, category, point_in(self.town.grids[grid], rng))
        lon, lat = place[1:] if place else spot
        worker = self._actor(self.town.grid_workers[grid])
        contact = {
            "name": "示例" + rng.choice("甲乙丙丁"),
            "phone": f"138{rng.randrange(10**8):08}",
        }
        known = rng.random() > 0.03 or place is not None
        made = report(
            text=text, channel=channel, command_id=self._id(), at=at,
            category=category if channel == "web" and rng.random() < 0.6 else "",
            lon=lon if known else None, lat=lat if known else None,
            contact=contact if rng.random() < 0.6 else None,
            urgency="geology" if category in {"C03", "D02"} and rng.random() < 0.3 else "",
            actor=worker if channel == "field" else ANYONE,
        )  # fmt: skip
        return made.matter_id, made.code, grid

    def _tell_again(
        self, number: int, category: str, said: tuple[str, ...], grid: str, at: datetime
    ) -> None:
        """A neighbour reports the same, and the command room merges it into the first report."""
        first = standing(number)
        match = directory().duty_for(directory().categories[category], grid, at.date())
        if first.status != "reported" or first.lon is None or first.lat is None:
            return
        if match and match.duty.by_itself:  # dispatched before anybody could merge it
            return
        second, _code, _grid = self._tell(category, said, at, (grid, first.lon, first.lat))
        dispatcher = self._actor(self.town.command["dispatcher"][0])
        self._step(second, "merge", dispatcher, at, target_matter=first.number)

    def _join(self, at: datetime) -> None:
        matter, _when = self.rng.choice(self.recent)
        try:
            follow(
                matter, command_id=self._id(), channel="web", text="我家也遇到同样的问题。", at=at
            )
        except MaplebridgeError:  # closed in the meantime
            return
