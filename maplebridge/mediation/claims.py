"""The pages of the subsidy (以案定补): a mediator's own, and the sheet a leader decides on."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.mediation import pages
from maplebridge.mediation.actions import claim, decide
from maplebridge.mediation.figures import scope_asked, scopes_of
from maplebridge.mediation.models import Claim, Mediation
from maplebridge.mediation.queries.claims import (
    claim_decided_by,
    claimable_by,
    claims_made_by,
    claims_of,
    lacking,
)
from maplebridge.mediation.rules import CLAIM_MOVES, TYPE_LISTS, earns_subsidy, subsidy_for
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.forms import ActForm, Day
from maplebridge.ui.sheets import Column, taken_out

LEADS = ("supervisor",)
MOST = 100
TONES = {"claimed": "info", "approved": "busy", "returned": "warn", "paid": "good"}
ICONS = {"claimed": "inbox", "approved": "check", "returned": "return", "paid": "check-circle"}
COLUMNS: tuple[Column, ...] = (
    (gettext_lazy("No."), 5), (gettext_lazy("Number of the file"), 30),
    (gettext_lazy("Committee"), 26),
    (gettext_lazy("Mediator"), 12), (gettext_lazy("Type of dispute"), 18),
    (gettext_lazy("Difficulty"), 10), (gettext_lazy("Result"), 12),
    (gettext_lazy("Amount in yuan"), 12),
    (gettext_lazy("Claimed on"), 12), (gettext_lazy("State"), 10), (gettext_lazy("Paid on"), 12),
)  # fmt: skip


def _row(made: Claim) -> dict[str, Any]:
    return {"claim": made, "tone": TONES[made.state], "icon": ICONS[made.state],
            "title": _kind(made.mediation)}  # fmt: skip


def _kind(mediation: Mediation) -> str:
    return str(TYPE_LISTS[mediation.type_list].get(mediation.type, "—"))


def own_page(actor: Actor) -> dict[str, Any]:
    """A mediator's own: what may be claimed, what a dossier lacks, how each claim stands."""
    person = actor.person_id or 0
    made = [_row(c) for c in claims_made_by(person)[:MOST]]
    free = [
        {"mediation": m, "title": _kind(m), "lacks": lacking(m),
         "yuan": subsidy_for(m.difficulty, settled=m.status == "performed")}
        for m in claimable_by(person)[:MOST]
        if earns_subsidy(m.status, m.difficulty)
    ]  # fmt: skip
    paid = sum((r["claim"].amount for r in made if r["claim"].state == "paid"), Decimal(0))
    return {"made": made, "free": free, "paid": paid}


def claimed(request: StaffRequest, mediation: Mediation) -> str:
    """Claim for a dossier; "" when it was done, else why not."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return _("Please send it once more.")
    try:
        claim(mediation.id, claim_id=form.cleaned_data["command_id"], actor=request.actor)
    except (Conflict, NotAllowed) as error:
        return str(error.message)
    return ""


def _asked(actor: Actor, asked: QueryDict) -> tuple[str, Any, Any, list[Claim]]:
    scope = scope_asked(actor, asked, LEADS)
    begin, end = pages.days(asked, timezone.localdate())
    found = claims_of(scope, begin, end)
    if asked.get("state") in Claim.State.values:
        found = found.filter(state=asked["state"])
    return scope, begin, end, list(found[:2000])


def sheet_page(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """Claims of an area and a period, with their sum; heads only."""
    scope, begin, end, found = _asked(actor, asked)
    query = asked.copy()
    query.pop("state", None)
    states = [("", _("All")), *Claim.State.choices]
    return {
        "rows": [_row(c) for c in found], "sum": sum((c.amount for c in found), Decimal(0)),
        "scope": scope, "scopes": scopes_of(actor, LEADS), "begin": begin, "end": end,
        "state": asked.get("state", ""), "query": asked.urlencode(),
        "area": directory().area_names(scope),
        "tabs": [
            {"label": label, "url": f"?{query.urlencode()}&state={state}",
             "active": asked.get("state", "") == state}
            for state, label in states
        ],
    }  # fmt: skip


def sheet_book(request: StaffRequest) -> HttpResponse:
    """The sheet as a workbook: numbers, mediators and yuan, no party."""
    scope, begin, end, found = _asked(request.actor, request.GET)
    rows: list[tuple[Any, ...]] = [
        (n, c.mediation.number, c.mediation.committee.unit.name, c.person.name,
         _kind(c.mediation), c.get_difficulty_display(), c.mediation.get_status_display(),
         c.amount, timezone.localdate(c.claimed_at), c.get_state_display(), c.paid_on)
        for n, c in enumerate(found, 1)
    ]  # fmt: skip
    total = sum((c.amount for c in found), Decimal(0))
    rows.append(("", _("Sum"), *[""] * 5, total, *[None, "", None]))
    title = _("Subsidy sheet of %(area)s, %(begin)s to %(end)s") % {
        "area": directory().area_names(scope), "begin": begin, "end": end,
    }  # fmt: skip
    return taken_out(request, request.actor, "mediation:claims", COLUMNS, rows, title)


class DecisionForm(ActForm):
    """Approve, return with a reason, or note the payment."""

    state = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, required=False,
        help_text=gettext_lazy("Needed when it goes back; the mediator reads it."),
    )  # fmt: skip
    paid_on = Day(label=gettext_lazy("Paid on"), required=False)

    def __init__(self, made: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"approved": _("Approve"), "returned": _("Return"), "paid": _("Note the payment")}
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (s, labels[s]) for s in CLAIM_MOVES.get(made.state, ())
        ]
        if "paid" not in CLAIM_MOVES.get(made.state, ()):
            del self.fields["paid_on"]


def claim_page(actor: Actor, made: Claim, form: DecisionForm) -> dict[str, Any]:
    """One claim with what speaks for it: the dossier's completeness, never its contents."""
    checks = lacking(made.mediation)
    own = made.person_id == actor.person_id
    return _row(made) | {
        "form": form, "checks": checks, "own": own,
        "open": made.state in CLAIM_MOVES and not own,
    }  # fmt: skip


def decided(request: StaffRequest, claim_id: Any) -> tuple[Claim, DecisionForm, bool]:
    """The claim, its form, and whether it was decided just now."""
    made = claim_decided_by(request.actor, claim_id)
    form = DecisionForm(made, request.POST or None)
    if not (form.is_bound and form.is_valid()):
        return made, form, False
    said = form.cleaned_data
    try:
        decide(
            made.id, said["state"], actor=request.actor, reason=said["reason"],
            paid_on=said.get("paid_on"),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return made, form, False
    return made, form, True
