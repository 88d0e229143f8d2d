"""The table of all steps. Sources of the practices: docs/flow.md.

Clock directives are read by `actions/clocks.py`, whom a step tells by `actions/telling.py`.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maplebridge.kernel.flow import Flow, Step
from maplebridge.matters.flow.statuses import ENDINGS, OPEN, STATUSES

EVERYONE = "dispatcher handler helper verifier supervisor grid_worker on_duty"


def _step(
    name: str,
    label: object,
    sources: str | tuple[str, ...],
    target: str | None,
    who: str,
    needs: str = "",
    optional: str = "",
    clocks: str = "",
    *,
    tells: str = "",
    primary: bool = False,
    note: str = "",
) -> Step:
    return Step(
        name=name,
        label=label,
        sources=frozenset(sources.split() if isinstance(sources, str) else sources),
        target=target,
        who=frozenset(who.split()),
        needs=tuple(needs.split()),
        optional=tuple(optional.split()),
        clocks=tuple(clocks.split()),
        tells=tuple(tells.split()),
        primary=primary,
        note=note,
    )


# fmt: off
_FINDING_WHOSE = [
    _step("classify", _("Set category or place"), "reported returned", None, "dispatcher",
          optional="category area address lon lat"),
    _step("dispatch", _("Dispatch"), "reported returned", "dispatched", "dispatcher timer",
          "category lead", "helpers handle_limit note", "start:sign start:handle",
          tells="handler helper", primary=True,
          note="an unlisted duty cannot go to a grid; a second return must be ruled"),
    _step("recall", _("Take back"), "dispatched", "reported", "dispatcher",
          "", "reason", "stop:sign stop:handle", tells="handler",
          note="a slip of the hand: not once it was returned or ruled"),
    _step("settle_on_spot", _("Settle on the spot"), "reported", "closed", "grid_worker",
          "result", "photos before voices", "stop:all",
          note="only categories flagged so; sampled for review"),
    _step("merge", _("Merge"), "reported returned", "merged", "dispatcher",
          "target_matter", "", "stop:all", note="every reporter keeps following"),
    _step("decline", _("Do not take up"), "reported", "declined", "dispatcher",
          "decline_code reason instead", "", "stop:all"),
    _step("refer", _("Refer"), "reported", "referred", "dispatcher",
          "receiver receipt_number", "note", "stop:all"),
    _step("accept", _("Accept"), "dispatched", "accepted", "handler",
          "", "note", "stop:sign stop:alarm", primary=True),
    _step("return_back", _("Return"), "dispatched", "returned", "handler",
          "reason_code reason basis belongs_to", "", "stop:sign", tells="dispatcher",
          note="within 2 working days, once per unit; the limit to handle runs on"),
    _step("rule", _("Rule"), "returned", "dispatched", "supervisor",
          "lead reason basis", "helpers", "stop:rule start:sign",
          tells="handler helper dispatcher", primary=True,
          note="second return; binding; kept as precedent"),
    _step("hand_on", _("Pass on to another committee"), "dispatched accepted in_progress",
          "dispatched", "timer", "from_unit lead", "", "stop:sign", tells="handler",
          note="when a mediation is passed on; the limit to handle runs on"),
    _step("hand_part_on", _("Pass a part on to another committee"),
          "dispatched accepted in_progress", None, "timer", "from_unit lead", tells="helper",
          note="the same where the committee only helps"),
    _step("hand_back", _("Back from mediation"), "dispatched accepted in_progress", "returned",
          "timer", "from_unit reason", "", "stop:sign", tells="dispatcher",
          note="a committee may not mediate it: somebody else is in charge; no return of the unit"),
]
_WORKING = [
    _step("start", _("First contact"), "accepted", "in_progress", "handler",
          "contact_result", "note", "stop:respond", primary=True),
    _step("ask_extension", _("Ask for more time"), "in_progress", None, "handler",
          "reason until", tells="supervisor",
          note="before expiry; total at most twice the limit"),
    _step("extend", _("Grant more time"), "in_progress", None, "supervisor",
          "", "reason until", "extend:handle", tells="handler", note="both limits are kept"),
    _step("refuse_extension", _("Refuse more time"), "in_progress", None, "supervisor",
          "reason", tells="handler"),
    _step("ask_suspension", _("Ask for suspension"), "in_progress", None, "handler",
          "reason review_on", tells="supervisor",
          note="waits for a season, works or somebody else's decision"),
    _step("suspend", _("Suspend"), "in_progress", None, "supervisor",
          "reason review_on", "", "pause:handle", tells="handler",
          note="shown publicly with the review date"),
    _step("refuse_suspension", _("Refuse suspension"), "in_progress", None, "supervisor",
          "reason", tells="handler"),
    _step("resume", _("Resume"), "in_progress", None, "supervisor handler timer",
          "", "note", "resume:handle", tells="handler"),
    _step("helper_accept", _("Accept our part"), "dispatched accepted in_progress", None,
          "helper", "", "note"),
    _step("helper_done", _("Our part is done"), "accepted in_progress", None, "helper",
          "result", "photos voices", tells="handler"),
    _step("handle", _("Hand in the result"), "in_progress", "handled", "handler",
          "result", "public_answer photos before voices", "stop:handle stop:respond",
          tells="verifier", primary=True, note="helpers must be done"),
]
_VERIFYING = [
    _step("call_back", _("Call back"), "handled closed", None, "verifier",
          "reached", "solved satisfied note",
          note="when reached, what the reporter says; verifier is not the handler"),
    _step("rework", _("Send back to work"), "handled", "in_progress", "verifier",
          "reason", "", "half:handle", tells="handler", note="verifier is not the handler"),
    _step("close", pgettext_lazy("step", "Close"), "handled", "closed", "verifier",
          "", "note", "stop:all", primary=True, note="verifier is not the handler"),
    _step("uphold", _("Sample is right"), "closed", None, "verifier", "", "note",
          note="a sampled matter that was settled on the spot"),
    _step("overturn", _("Sample is not right"), "closed", "reported", "verifier",
          "reason", "", "start:respond", tells="dispatcher",
          note="a sampled matter that was settled on the spot"),
    _step("evaluate", _("Evaluate"), "closed", None, "reporter",
          "solved satisfied contacted", "note",
          note="7 days; silence is not satisfied"),
    _step("ask_reopening", _("Ask for reopening"), "closed", None, "reporter",
          "reason", tells="supervisor",
          note="the first time it reopens by itself, then a supervisor decides"),
    _step("reopen", _("Reopen"), "closed", "in_progress", "supervisor timer",
          "reason", "", "start:handle", tells="handler"),
    _step("refuse_reopening", _("Refuse reopening"), "closed", None, "supervisor", "reason"),
]
_WATCHING = [
    _step("alert", _("Alarm"), OPEN, None, "timer", "level", tells="by_alarm",
          note="urgent: the person on duty and the police desk at once, then up the line"),
    _step("acknowledge", _("Take charge"), OPEN, None,
          "dispatcher handler supervisor on_duty", "", "note", "stop:alarm",
          note="answers an alarm within its limit"),
    _step("mark_urgent", _("Mark as urgent"), OPEN, None, EVERYONE, "urgency", "note",
          note="about the matter, never about a person"),
    _step("lift_urgency", _("No longer urgent"), OPEN, None, "dispatcher supervisor",
          "reason", "", "stop:alarm"),
    _step("escalate", _("Escalate"), OPEN, None, "timer", "level", tells="by_light",
          note="yellow when due, orange 2 working days later, red 5"),
    _step("supervise", _("Supervise"), OPEN, None, "supervisor", "level reason",
          tells="handler", note="the light stays until a supervisor takes it back"),
]
_TALKING = [
    _step("remark", _("Add a note"), OPEN, None, EVERYONE, "note", "photos voices",
          note="never seen by the reporter"),
    _step("answer", _("Answer the reporter"), OPEN, None, "dispatcher handler",
          "public_answer", note="seen by the reporter"),
    _step("follow", _("Another reporter joined"), OPEN, None, "anyone"),
    _step("absorb", _("Joined by another matter"), OPEN, None, "timer", "target_matter"),
    _step("add", _("Add to the report"), OPEN, None, "reporter", "note", "photos",
          tells="handler"),
    _step("mediate", _("Step of a mediation"), tuple(STATUSES), None, "timer",
          "mediation act seal",
          note="ties the mediation's own record into this chain; its contents stay there"),
]
_ENDING = [
    _step("withdraw", _("Withdraw"), "reported dispatched accepted", "withdrawn", "reporter",
          "", "reason", "stop:all", tells="handler",
          note="not for safety matters, not when others follow it"),
    _step("correct", _("Correct"), tuple(STATUSES), "", "supervisor",
          "target_status reason", "", "correct", note="shown in red in the history"),
    _step("archive", _("Archive"), "closed", "archived", "timer",
          note="30 days after closing"),
]
# fmt: on

FLOW = Flow(
    statuses=STATUSES,
    initial="reported",
    endings=ENDINGS,
    steps=[*_FINDING_WHOSE, *_WORKING, *_VERIFYING, *_WATCHING, *_TALKING, *_ENDING],
)
