"""The only way to read matters for a person; see `visible.py`."""

from maplebridge.matters.queries.duplicates import Likeness, likely_duplicates
from maplebridge.matters.queries.ledger import Problem, day_leaves, verify_ledger
from maplebridge.matters.queries.lists import inbox, keyset, open_matters, search, unit_list
from maplebridge.matters.queries.proposals import Proposal, propose
from maplebridge.matters.queries.visible import kinds_for, matters_visible_to, reporter_of

__all__ = [
    "Likeness",
    "Problem",
    "Proposal",
    "day_leaves",
    "inbox",
    "keyset",
    "kinds_for",
    "likely_duplicates",
    "matters_visible_to",
    "open_matters",
    "propose",
    "reporter_of",
    "search",
    "unit_list",
    "verify_ledger",
]
