"""The only way to read matters for a person; see `visible.py`."""

from maplebridge.matters.queries.duplicates import Likeness, likely_duplicates
from maplebridge.matters.queries.filters import STATES, MatterFilter, newest, saved_filters
from maplebridge.matters.queries.fitting import idle_steps
from maplebridge.matters.queries.following import Followed, PublicStep, followed, is_told
from maplebridge.matters.queries.inside import assignments_of, clocks_of, events_of, reports_of
from maplebridge.matters.queries.ledger import Problem, day_leaves, register_check, verify_ledger
from maplebridge.matters.queries.lights import ClockState, clock_states, light_of
from maplebridge.matters.queries.lists import (
    PAGE,
    files_of,
    inbox,
    keyset,
    open_matters,
    titles_of,
    to_supervise,
    to_verify,
    visible_matter,
)
from maplebridge.matters.queries.proposals import Proposal, propose
from maplebridge.matters.queries.searching import COUNTED, Found, matching_ids, page_of
from maplebridge.matters.queries.units import unit_list
from maplebridge.matters.queries.urgency import ringing, urgent_first
from maplebridge.matters.queries.visible import kinds_for, matters_visible_to, reporter_of

__all__ = [
    "COUNTED",
    "PAGE",
    "STATES",
    "ClockState",
    "Followed",
    "Found",
    "Likeness",
    "MatterFilter",
    "Problem",
    "Proposal",
    "PublicStep",
    "assignments_of",
    "clock_states",
    "clocks_of",
    "day_leaves",
    "events_of",
    "files_of",
    "followed",
    "idle_steps",
    "inbox",
    "is_told",
    "keyset",
    "kinds_for",
    "light_of",
    "likely_duplicates",
    "matching_ids",
    "matters_visible_to",
    "newest",
    "open_matters",
    "page_of",
    "propose",
    "register_check",
    "reporter_of",
    "reports_of",
    "ringing",
    "saved_filters",
    "titles_of",
    "to_supervise",
    "to_verify",
    "unit_list",
    "urgent_first",
    "verify_ledger",
    "visible_matter",
]
