"""Chance without luck: what is dealt comes as often as it stands in the deck."""

import random
from collections.abc import Callable
from typing import Generic, TypeVar

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
