"""The flow of a matter: every status, every step, who may take it, what it needs, which clock.

Sources of the practices: docs/flow.md. Clock directives are read by `actions/clocks.py`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maplebridge.kernel.flow import Flow, Step

STATUSES = {
    "reported": _("Reported"),
    "dispatched": _("Dispatched"),
    "accepted": _("Accepted"),
    "in_progress": _("In progress"),
    "handled": _("Handled, to verify"),
    "returned": _("Returned"),
    "closed": _("Closed"),
    "archived": _("Archived"),
    "declined": _("Not taken up"),
    "merged": _("Merged"),
    "referred": _("Referred"),
    "withdrawn": _("Withdrawn"),
}
ENDINGS = frozenset({"closed", "archived", "declined", "merged", "referred", "withdrawn"})
OPEN = tuple(s for s in STATUSES if s not in ENDINGS)


@dataclass(frozen=True)
class Field:
    """How a step's field is asked: kind is text, line, choice, unit, units, category, area, date,
    matter, number, photos or status."""

    label: object
    kind: str
    choices: tuple[tuple[str, object], ...] = ()
    help: object = ""


DECLINE_REASONS = (
    ("not_public", _("Not a matter of public administration")),
    ("in_court", _("Before a court or in arbitration")),
    ("answered", _("Answered before, nothing new")),
    ("unclear", _("Too little to act on, and the reporter cannot be reached")),
    ("false", _("Shown to be untrue")),
)
RETURN_REASONS = (
    ("not_ours", _("Not our duty")),
    ("incomplete", _("Information is missing")),
    ("duplicate", _("Already being handled")),
    ("no_place", _("The place cannot be found")),
)
RECEIVERS = (
    ("110", _("110 police emergency")),
    ("119", _("119 fire and rescue")),
    ("120", _("120 medical emergency")),
    ("12345", _("12345 government hotline")),
    ("court", _("Court")),
    ("petition", _("Petition office")),
    ("other", _("Another body")),
)
CONTACT_RESULTS = (
    ("reached", _("Reached the reporter")),
    ("on_site", _("Went to the place")),
    ("not_reached", _("Tried, not reached")),
    ("no_contact", _("No contact was left")),
)
SOLVED = (("yes", _("Solved")), ("partly", _("Mostly solved")), ("no", _("Not solved")))
SATISFIED = (("yes", _("Satisfied")), ("partly", _("Fairly satisfied")), ("no", _("Not satisfied")))

FIELDS = {
    "reason": Field(_("Reason"), "text"),
    "reason_code": Field(_("Kind of reason"), "choice", RETURN_REASONS),
    "decline_code": Field(_("Kind of reason"), "choice", DECLINE_REASONS),
    "instead": Field(_("Where to go instead"), "line"),
    "target_matter": Field(_("Merge into matter number"), "matter"),
    "receiver": Field(_("To whom"), "choice", RECEIVERS),
    "receipt_number": Field(_("Their receipt number"), "line"),
    "result": Field(_("What was done"), "text"),
    "lead": Field(_("Lead unit"), "unit"),
    "helpers": Field(_("Helping units"), "units"),
    "category": Field(_("Category"), "category"),
    "area": Field(_("Village or grid"), "area"),
    "address": Field(_("Address"), "line"),
    "lon": Field(_("Longitude"), "number"),
    "lat": Field(_("Latitude"), "number"),
    "handle_limit": Field(_("Other limit to handle"), "line", help=_("For example 3wd or 24h.")),
    "basis": Field(_("Legal basis"), "line"),
    "belongs_to": Field(_("Whom it belongs to"), "unit"),
    "contact_result": Field(_("First contact"), "choice", CONTACT_RESULTS),
    "note": Field(_("Note"), "text"),
    "until": Field(_("Until"), "date"),
    "review_on": Field(_("Review on"), "date"),
    "public_answer": Field(_("Answer to the reporter"), "text", help=_("The reporter reads this.")),
    "photos": Field(_("Photos"), "photos"),
    "solved": Field(_("Is it solved?"), "choice", SOLVED),
    "satisfied": Field(_("Are you satisfied?"), "choice", SATISFIED),
    "contacted": Field(_("Were you contacted?"), "choice", (("yes", _("Yes")), ("no", _("No")))),
    "target_status": Field(_("Right status"), "status"),
    "level": Field(_("Light"), "choice", (("1", _("Yellow")), ("2", _("Orange")), ("3", _("Red")))),
}


def _step(
    name: str,
    label: object,
    sources: tuple[str, ...],
    target: str | None,
    who: str,
    needs: str = "",
    optional: str = "",
    clocks: str = "",
    *,
    primary: bool = False,
    note: str = "",
) -> Step:
    return Step(
        name=name,
        label=label,
        sources=frozenset(sources),
        target=target,
        who=frozenset(who.split()),
        needs=tuple(needs.split()),
        optional=tuple(optional.split()),
        clocks=tuple(clocks.split()),
        primary=primary,
        note=note,
    )


FLOW = Flow(
    statuses=STATUSES,
    initial="reported",
    endings=ENDINGS,
    steps=[
        _step(
            "classify",
            _("Set category or place"),
            ("reported", "returned"),
            None,
            "dispatcher",
            optional="category area address lon lat",
        ),
        _step(
            "dispatch",
            _("Dispatch"),
            ("reported", "returned"),
            "dispatched",
            "dispatcher timer",
            "category lead",
            "helpers handle_limit note",
            "start:sign start:handle",
            primary=True,
            note="an unlisted duty cannot go to a grid; a second return must be ruled",
        ),
        _step(
            "settle_on_spot",
            _("Settle on the spot"),
            ("reported",),
            "closed",
            "grid_worker",
            "result",
            "photos",
            "stop:all",
            note="only categories flagged so; sampled for review",
        ),
        _step(
            "merge",
            _("Merge"),
            ("reported", "returned"),
            "merged",
            "dispatcher",
            "target_matter",
            "",
            "stop:all",
            note="every reporter keeps following",
        ),
        _step(
            "decline",
            _("Do not take up"),
            ("reported",),
            "declined",
            "dispatcher",
            "decline_code reason instead",
            "",
            "stop:all",
        ),
        _step(
            "refer",
            _("Refer"),
            ("reported",),
            "referred",
            "dispatcher",
            "receiver receipt_number",
            "note",
            "stop:all",
        ),
        _step(
            "accept",
            _("Accept"),
            ("dispatched",),
            "accepted",
            "handler",
            "",
            "note",
            "stop:sign",
            primary=True,
        ),
        _step(
            "return_back",
            _("Return"),
            ("dispatched",),
            "returned",
            "handler",
            "reason_code reason basis belongs_to",
            "",
            "stop:sign",
            note="within 2 working days, once per unit; the limit to handle runs on",
        ),
        _step(
            "rule",
            _("Rule"),
            ("returned",),
            "dispatched",
            "supervisor",
            "lead reason basis",
            "helpers",
            "stop:rule start:sign",
            primary=True,
            note="second return; binding; kept as precedent",
        ),
        _step(
            "start",
            _("First contact"),
            ("accepted",),
            "in_progress",
            "handler",
            "contact_result",
            "note",
            "stop:respond",
            primary=True,
        ),
        _step(
            "ask_extension",
            _("Ask for more time"),
            ("in_progress",),
            None,
            "handler",
            "reason until",
            note="before expiry; total at most twice the limit",
        ),
        _step(
            "extend",
            _("Grant more time"),
            ("in_progress",),
            None,
            "supervisor",
            "",
            "reason until",
            "extend:handle",
            note="both limits are kept",
        ),
        _step(
            "refuse_extension",
            _("Refuse more time"),
            ("in_progress",),
            None,
            "supervisor",
            "reason",
        ),
        _step(
            "suspend",
            _("Suspend"),
            ("in_progress",),
            None,
            "supervisor",
            "reason review_on",
            "",
            "pause:handle",
            note="shown publicly with the review date",
        ),
        _step(
            "resume",
            _("Resume"),
            ("in_progress",),
            None,
            "supervisor handler timer",
            "",
            "note",
            "resume:handle",
        ),
        _step("helper_done", _("Our part is done"), ("in_progress",), None, "helper", "result"),
        _step(
            "handle",
            _("Hand in the result"),
            ("in_progress",),
            "handled",
            "handler",
            "result",
            "public_answer photos",
            "stop:handle stop:respond",
            primary=True,
            note="helpers must be done",
        ),
        _step(
            "rework",
            _("Send back to work"),
            ("handled",),
            "in_progress",
            "verifier",
            "reason",
            "",
            "half:handle",
            note="verifier is not the handler",
        ),
        _step(
            "close",
            pgettext_lazy("step", "Close"),
            ("handled",),
            "closed",
            "verifier",
            "",
            "note",
            "stop:all",
            primary=True,
            note="verifier is not the handler",
        ),
        _step(
            "evaluate",
            _("Evaluate"),
            ("closed",),
            None,
            "reporter",
            "solved satisfied contacted",
            "note",
            note="7 days; silence is not satisfied",
        ),
        _step(
            "ask_reopening",
            _("Ask for reopening"),
            ("closed",),
            None,
            "reporter",
            "reason",
            note="the first time it reopens by itself, then a supervisor decides",
        ),
        _step(
            "reopen",
            _("Reopen"),
            ("closed",),
            "in_progress",
            "supervisor timer",
            "reason",
            "",
            "start:handle",
        ),
        _step("refuse_reopening", _("Refuse reopening"), ("closed",), None, "supervisor", "reason"),
        _step("escalate", _("Escalate"), OPEN, None, "timer", "level"),
        _step("supervise", _("Supervise"), OPEN, None, "supervisor", "level reason"),
        _step(
            "remark",
            _("Add a note"),
            OPEN,
            None,
            "dispatcher handler helper verifier supervisor grid_worker",
            "note",
            "photos",
        ),
        _step(
            "answer", _("Answer the reporter"), OPEN, None, "dispatcher handler", "public_answer"
        ),
        _step("follow", _("Another reporter joined"), OPEN, None, "anyone"),
        _step("absorb", _("Joined by another matter"), OPEN, None, "timer", "target_matter"),
        _step("add", _("Add to the report"), OPEN, None, "reporter", "note", "photos"),
        _step(
            "withdraw",
            _("Withdraw"),
            ("reported", "dispatched", "accepted"),
            "withdrawn",
            "reporter",
            "",
            "reason",
            "stop:all",
            note="not for safety matters, not when others follow it",
        ),
        _step(
            "correct",
            _("Correct"),
            tuple(STATUSES),
            "",
            "supervisor",
            "target_status reason",
            "",
            "correct",
            note="shown in red in the history",
        ),
        _step(
            "archive", _("Archive"), ("closed",), "archived", "timer", note="30 days after closing"
        ),
    ],
)
