"""The writes of the organisation."""

from maplebridge.org.actions.areas import draw_boundary, merge_village
from maplebridge.org.actions.loading import load_calendar, load_catalogue, load_duties
from maplebridge.org.actions.precedents import keep_precedent
from maplebridge.org.actions.tokens import issue_token, revoke_tokens

__all__ = [
    "draw_boundary",
    "issue_token",
    "keep_precedent",
    "load_calendar",
    "load_catalogue",
    "load_duties",
    "merge_village",
    "revoke_tokens",
]
