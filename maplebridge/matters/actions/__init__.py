"""The only code that writes matters, reports, assignments, clocks and events."""

from maplebridge.matters.actions.reporting import follow, report
from maplebridge.matters.actions.stepping import take_step
from maplebridge.matters.actions.ticking import tick

__all__ = ["follow", "report", "take_step", "tick"]
