"""The only code that writes matters, reports, assignments, clocks and events."""

from maplebridge.matters.actions.bulk import Outcome, Telling, report_many
from maplebridge.matters.actions.reporting import follow, report
from maplebridge.matters.actions.stepping import take_step
from maplebridge.matters.actions.ticking import tick

__all__ = ["Outcome", "Telling", "follow", "report", "report_many", "take_step", "tick"]
