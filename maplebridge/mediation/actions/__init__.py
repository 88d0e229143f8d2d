"""The only writes of mediations."""

from maplebridge.mediation.actions.closing import claim, decide, draw_reviews, review
from maplebridge.mediation.actions.founding import found_committees
from maplebridge.mediation.actions.layouts import put_layout
from maplebridge.mediation.actions.office import mend_committee, tell_skills
from maplebridge.mediation.actions.parties import (
    note_approvals,
    party_acts,
    party_approves,
)
from maplebridge.mediation.actions.registering import register, void_number
from maplebridge.mediation.actions.taking import take
from maplebridge.mediation.actions.ticking import tick

__all__ = [
    "claim",
    "decide",
    "draw_reviews",
    "found_committees",
    "mend_committee",
    "note_approvals",
    "party_acts",
    "party_approves",
    "put_layout",
    "register",
    "review",
    "take",
    "tell_skills",
    "tick",
    "void_number",
]
