"""Reads of mediations; `visible` is the one doorway."""

from maplebridge.mediation.queries.visible import (
    heads_visible_to,
    kinds_for,
    mediation_seen,
    mediations_read_by,
)

__all__ = ["heads_visible_to", "kinds_for", "mediation_seen", "mediations_read_by"]
