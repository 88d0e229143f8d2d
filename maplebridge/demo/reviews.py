"""Filed dossiers of the scenario drawn by lot and looked through by two others each."""

from datetime import date, timedelta

from maplebridge.demo.people import Township
from maplebridge.mediation.actions import draw_reviews, review
from maplebridge.mediation.models import Committee
from maplebridge.mediation.rules import REVIEW_ITEMS
from maplebridge.org.queries import actor_for

SHARE = 0.2
REVIEWERS = 3


def review_some(town: Township, today: date) -> int:
    """Draw a fifth of what was filed so far; the first reviewer of each is done. How many drawn."""
    committees = Committee.objects.order_by("-unit__kind", "id").values_list("unit_id", flat=True)
    reviewers = [town.handlers[unit] for unit in committees if unit in town.handlers]
    drawn = draw_reviews(
        seed=f"枫桥 {today:%Y-%m}", begin=today - timedelta(days=120), end=today, share=SHARE,
        reviewers=reviewers[:REVIEWERS], actor=actor_for(town.command["supervisor"][0]),
    )  # fmt: skip
    for row in drawn[::2]:
        answers = dict.fromkeys(REVIEW_ITEMS, "ok")
        review(row.id, answers | {"kept": "na"}, actor=actor_for(row.reviewer))
    return len(drawn)
