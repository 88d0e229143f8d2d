"""The only writes of mediations."""

from maplebridge.mediation.actions.closing import claim, decide, draw_reviews, review
from maplebridge.mediation.actions.registering import register, void_number
from maplebridge.mediation.actions.taking import take
from maplebridge.mediation.actions.ticking import tick

__all__ = [
    "claim",
    "decide",
    "draw_reviews",
    "register",
    "review",
    "take",
    "tick",
    "void_number",
]
