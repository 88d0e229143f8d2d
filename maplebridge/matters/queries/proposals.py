"""What the duty list and the words of a report suggest; a person confirms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from maplebridge.org.models import Category
from maplebridge.org.queries import Directory, DutyMatch

# A category is only proposed when its words are clearly ahead of the next one's.
LEAST_CONFIDENCE = 0.35
# Dangers of things: who answers them is found among the categories of safety. Violence is not one:
# what people quarrel about says more.
OF_THINGS = frozenset({"fire", "flood", "gas", "geology"})


@dataclass(frozen=True)
class Proposal:
    """A proposed category and duty, the words it rests on and its confidence 0..1.

    `respond` is the limit to respond: the duty's, else the category's, else one working day.
    """

    category: Category | None
    match: DutyMatch | None
    words: tuple[str, ...]
    confidence: float
    respond: str = "1wd"

    def record(self) -> dict[str, object]:
        """The form kept on the matter: confidence in whole percent."""
        return {
            "words": list(self.words),
            "confidence": round(self.confidence * 100),
            "duty": self.match.duty.id if self.match else None,
            "basis": self.match.duty.legal_basis if self.match else "",
        }


def weigh_words(
    text: str, categories: Iterable[Category]
) -> list[tuple[float, Category, list[str]]]:
    """(weight, category, words found) for every category with a hit, heaviest first.

    A word weighs its length less one, so 路灯不亮 counts more than 路灯, and half as much again
    when it stands in the first 30 characters, where people name the problem.
    """
    head = text[:30]
    found = []
    for category in categories:
        words = [w for w in category.keywords if w in text]
        weight = sum((len(w) - 1) * (1.5 if w in head else 1.0) for w in words)
        if words:
            found.append((weight, category, words))
    return sorted(found, key=lambda hit: (-hit[0], hit[1].code))


def propose(
    directory: Directory,
    text: str,
    chosen: Category | None,
    area_code: str,
    on: date,
    danger: str = "",
) -> Proposal:
    """The chosen category, or the one its words suggest, with the duty that leads it there.

    Confidence of a suggestion is its share of the weight of the best two, damped when only
    little was found; a category the reporter chose counts 1. A fire "next door" is no quarrel of
    neighbours: with a `danger` of things, categories of safety go first where one has a hit.
    """
    if chosen is not None:
        return _led(directory, chosen, area_code, on, (), 1.0)
    hits = weigh_words(text, (c for c in directory.categories.values() if not c.hand_over))
    if danger in OF_THINGS:
        hits = [hit for hit in hits if hit[1].safety] or hits
    if not hits:
        return Proposal(None, None, (), 0.0)
    best, second = hits[0], (hits[1][0] if len(hits) > 1 else 0.0)
    confidence = best[0] / (best[0] + second + 1.0)
    if confidence < LEAST_CONFIDENCE:
        return Proposal(None, None, tuple(best[2]), confidence)
    return _led(directory, best[1], area_code, on, tuple(best[2]), confidence)


def _led(
    directory: Directory,
    category: Category,
    area_code: str,
    on: date,
    words: tuple[str, ...],
    confidence: float,
) -> Proposal:
    match = directory.duty_for(category, area_code, on)
    limits = match or directory.limits(category, on)
    return Proposal(category, match, words, confidence, limits.respond)
