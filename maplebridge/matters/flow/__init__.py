"""The flow of a matter: every status, every step, who may take it, what it needs, which clock."""

from maplebridge.matters.flow.fields import (
    CALL_FIRST,
    CONTACT_RESULTS,
    DECLINE_REASONS,
    FIELDS,
    REACHED,
    RECEIVERS,
    RETURN_REASONS,
    SATISFIED,
    SOLVED,
    URGENCIES,
    Field,
)
from maplebridge.matters.flow.statuses import ENDINGS, OPEN, STATUSES
from maplebridge.matters.flow.table import FLOW

__all__ = [
    "CALL_FIRST",
    "CONTACT_RESULTS",
    "DECLINE_REASONS",
    "ENDINGS",
    "FIELDS",
    "FLOW",
    "OPEN",
    "REACHED",
    "RECEIVERS",
    "RETURN_REASONS",
    "SATISFIED",
    "SOLVED",
    "STATUSES",
    "URGENCIES",
    "Field",
]
