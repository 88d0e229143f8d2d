"""Steps that the status allows and the facts beside it do not call for."""

from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter

_PETITIONED = frozenset({"refuse_extension", "refuse_suspension", "refuse_reopening"})


def idle_steps(matter: Matter) -> frozenset[str]:
    """Names of the steps that would change nothing as things stand, or come too soon: nobody is
    offered them. Where two main steps share a status, the number of returns says which fits."""
    idle = set() if matter.petition_open else {*_PETITIONED}
    idle.add("mark_urgent" if matter.urgent else "lift_urgency")
    if matter.status in FLOW.step("rule").sources:
        idle.add("rule" if matter.returns < 2 else "dispatch")
    if not matter.suspended_until:
        idle.add("resume")
    if not matter.sampled:
        idle |= {"uphold", "overturn"}
    if matter.returns:
        idle.add("recall")
    return frozenset(idle)
