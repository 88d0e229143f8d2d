"""What each step does besides moving the status, by name; all under the matter's lock."""

from collections.abc import Callable

from maplebridge.matters.actions.effects import ending, routing, verifying, watching, working
from maplebridge.matters.actions.effects.taking import Taking, closed, keep_photos

EFFECTS: dict[str, Callable[[Taking], None]] = {
    "classify": routing.classify,
    "dispatch": routing.dispatch,
    "recall": routing.recall,
    "settle_on_spot": ending.settle_on_spot,
    "merge": routing.merge,
    "absorb": routing.absorb,
    "decline": routing.decline,
    "refer": routing.refer,
    "return_back": routing.return_back,
    "rule": routing.rule,
    "hand_on": routing.hand_on,
    "hand_part_on": routing.hand_part_on,
    "hand_back": routing.hand_back,
    "accept": working.accept,
    "start": working.start,
    "ask_extension": working.ask_extension,
    "extend": working.extend,
    "refuse_extension": working.refuse_extension,
    "ask_suspension": working.ask_suspension,
    "suspend": working.suspend,
    "refuse_suspension": working.refuse_suspension,
    "resume": working.resume,
    "helper_accept": working.helper_accept,
    "helper_done": working.helper_done,
    "handle": working.handle,
    "call_back": verifying.call_back,
    "rework": working.rework,
    "close": closed,
    "uphold": verifying.uphold,
    "overturn": verifying.overturn,
    "evaluate": ending.evaluate,
    "ask_reopening": ending.ask_reopening,
    "reopen": ending.reopen,
    "refuse_reopening": ending.refuse_reopening,
    "alert": watching.alert,
    "acknowledge": watching.acknowledge,
    "mark_urgent": watching.mark_urgent,
    "lift_urgency": watching.lift_urgency,
    "escalate": watching.escalate,
    "supervise": watching.supervise,
    "remark": keep_photos,
    "answer": working.answer,
    "add": keep_photos,
    "mediate": watching.tie_in,
    "withdraw": ending.withdraw,
    "correct": ending.correct,
}

__all__ = ["EFFECTS", "Taking"]
