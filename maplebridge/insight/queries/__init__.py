"""Reads across matters for a place; see `digest.py`."""

from maplebridge.insight.queries.digest import Content, kept_digest, kept_keys, read_digest
from maplebridge.insight.queries.scopes import Scope, named_scope, scopes_for, scopes_on
from maplebridge.insight.queries.subscribers import (
    number_of,
    numbered,
    parts_of,
    subscribers,
    subscribes,
)

__all__ = [
    "Content",
    "Scope",
    "kept_digest",
    "kept_keys",
    "named_scope",
    "number_of",
    "numbered",
    "parts_of",
    "read_digest",
    "scopes_for",
    "scopes_on",
    "subscribers",
    "subscribes",
]
