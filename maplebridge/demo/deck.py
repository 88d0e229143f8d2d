"""Chance without luck: what is dealt comes as often as it stands in the deck."""

import random
from collections.abc import Callable
from typing import Generic, TypeVar

from maplebridge.demo import texts

T = TypeVar("T")


class Deck(Generic[T]):
    """Cards in an order of their own; when all were dealt they are shuffled anew."""

    def __init__(self, rng: random.Random, cards: Callable[[], list[T]]) -> None:
        self.rng, self.cards = rng, cards
        self.left: list[T] = []

    def deal(self) -> T:
        """The next one."""
        if not self.left:
            self.left = self.cards()
            self.rng.shuffle(self.left)
        return self.left.pop()


# What a quarter's disputes come to, dealt like cards so that it has all of them; most that are
# talked over agree, as such townships report. "again": failed, and mediated a second time.
ENDINGS = (
    ("performed", 22), ("instalments", 7), ("oral", 11), ("failed", 3), ("refused", 2),
    ("withdrawn", 2), ("passed_on", 4), ("broken", 3), ("void", 2), ("again", 4),
)  # fmt: skip
# Disputes that go up from level to level, by type, one after another: the levels, and the end.
WAYS = {
    "PM16": ((("special",), "performed"), (("special", "town"), "oral")),
    "PM15": ((("county",), "instalments"),),
    "PM07": ((("county",), "performed"),),
    "PM02": ((("town", "county"), "performed"),),
}
SOURCES = (("initiative", 34), ("applied", 27), ("entrusted", 4))
BODIES = ("police", "court", "petition", "procuratorate")
ANSWERS = ("confirmed", "confirmed", "refused", "confirmed", "partly")


def _cards(weighted: tuple[tuple[str, int], ...]) -> list[str]:
    return [name for name, count in weighted for _ in range(count)]


class Cards:
    """What is dealt to the disputes of one story, each from a deck of its own."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 — a story, no secret
        self.quarrels = Deck(self.rng, texts.quarrels)
        self.endings = Deck(self.rng, lambda: _cards(ENDINGS))
        self.sources = Deck(self.rng, lambda: _cards(SOURCES))
        self.bodies = Deck(self.rng, lambda: list(BODIES))
        self.answers = Deck(self.rng, lambda: list(ANSWERS))
        self.ways = {kind: list(ways) for kind, ways in WAYS.items()}

    def course(self, kind: str) -> tuple[tuple[str, ...], str]:
        """The levels a dispute of this type goes on to, and its end."""
        if left := self.ways.get(kind):
            return left.pop(0)
        return (), self.endings.deal()
