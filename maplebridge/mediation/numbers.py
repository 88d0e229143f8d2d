"""The page of the register of numbers, and declaring one void."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import Conflict, InvalidInput
from maplebridge.kernel.text import whole_number
from maplebridge.mediation import pages
from maplebridge.mediation.actions import void_number
from maplebridge.mediation.models import Mediation
from maplebridge.mediation.queries.numbers import committees_known_to, series, years_of
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.forms import ActForm


def numbers_page(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """The register of a committee and a year; heads only, the reason of a void number with it."""
    known = committees_known_to(actor)
    chosen = next((c for c in known if c.unit.code == asked.get("committee")), None)
    chosen = chosen or (known[0] if known else None)
    if chosen is None:
        return {"committees": []}
    today = timezone.localdate()
    years = years_of(chosen) or [today.year]
    wanted = asked.get("year", "")
    chosen_year = whole_number(wanted)
    year = chosen_year if chosen_year in years else years[0]
    found = series(chosen, year)
    mine = chosen.unit_id in actor.unit_ids
    return {
        "committees": known, "committee": chosen, "years": years, "year": year, "series": found,
        "rows": [(pages.head(m, actor, today), mine) for m in found.files],
    }  # fmt: skip


class VoidForm(ActForm):
    """Why a number is void."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it void?"), max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "For example: entered twice, wrong committee. It stands in the register for everybody "
            "who sees the number: write no names."
        ),
    )  # fmt: skip


def voided(request: StaffRequest, mediation: Mediation, form: VoidForm) -> bool:
    """True when the number was declared void."""
    if not (form.is_bound and form.is_valid()):
        return False
    said = form.cleaned_data
    try:
        void_number(
            mediation.id, said["reason"], actor=request.actor, command_id=said["command_id"]
        )
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    return True
