"""The only writes of mediations."""

from maplebridge.mediation.actions.closing import claim, decide, draw_reviews, review
from maplebridge.mediation.actions.founding import found_committees
from maplebridge.mediation.actions.registering import register, void_number
from maplebridge.mediation.actions.taking import take
from maplebridge.mediation.actions.ticking import tick

__all__ = [
    "claim",
    "decide",
    "draw_reviews",
    "found_committees",
    "register",
    "review",
    "take",
    "tick",
    "void_number",
]
