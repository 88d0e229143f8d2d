"""The only writes of mediations."""

from maplebridge.mediation.actions.registering import register, void_number
from maplebridge.mediation.actions.taking import take

__all__ = ["register", "take", "void_number"]
