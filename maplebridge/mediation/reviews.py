"""The pages of dossier reviews (卷宗评查): drawing by lot, answering, and the results."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.mediation import pages
from maplebridge.mediation.actions import draw_reviews, review
from maplebridge.mediation.models import Review
from maplebridge.mediation.queries.reviews import drawn_in, reviewers_in, reviews_of
from maplebridge.mediation.rules import REVIEW_ANSWERS, REVIEW_ITEMS, TYPE_LISTS
from maplebridge.org.models import Person
from maplebridge.org.rules import Actor
from maplebridge.trust.queries import passages
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.forms import ActForm, Checkboxes, Day

LEADS = ("supervisor",)
MOST = 400


def reviews_page(actor: Actor) -> dict[str, Any]:
    """One's own to answer, and for leaders what came of the draws."""
    own = list(reviews_of(actor.person_id or 0)[:100])
    found = drawn_in(actor.scopes(LEADS))[:MOST] if actor.holds(*LEADS) else []
    return {"own": own, "results": results(list(found)), "leads": actor.holds(*LEADS)}


def results(found: list[Review]) -> list[dict[str, Any]]:
    """Dossier by dossier: each question with the two answers, marked where they differ."""
    words = passages([r.passage_id for r in found if r.passage_id])
    made = []
    for _pk, rows in groupby(found, key=lambda r: r.mediation_id):
        both = list(rows)
        mediation = both[0].mediation
        made.append({
            "mediation": mediation, "seed": both[0].seed, "drawn_at": both[0].drawn_at,
            "title": TYPE_LISTS[mediation.type_list].get(mediation.type, "—"),
            "reviewers": [
                (r.reviewer.name, r.done_at, words.get(r.passage_id, "") if r.passage_id else "")
                for r in both
            ],
            "open": sum(r.done_at is None for r in both),
            "faults": sum(list(r.items.values()).count("fault") for r in both),
            "items": [
                (label, [str(REVIEW_ANSWERS.get(r.items.get(code, ""), "—")) for r in both],
                 len({r.items.get(code) for r in both if r.done_at}) > 1)
                for code, label in REVIEW_ITEMS.items()
            ],
        })  # fmt: skip
    return made


class DrawForm(ActForm):
    """What is drawn from, how many, by which lot, for whom."""

    begin = Day(label=gettext_lazy("Filed from"))
    end = Day(label=gettext_lazy("Filed to"))
    percent = forms.IntegerField(
        label=gettext_lazy("How many of a hundred"), min_value=1, max_value=100, initial=10
    )
    seed = forms.CharField(
        label=gettext_lazy("Lot"), max_length=64,
        help_text=gettext_lazy(
            "A number nobody can choose and everybody can look up, named before the draw: for "
            "example tomorrow's winning number of the welfare lottery. Whoever knows it can draw "
            "again and gets the same dossiers."
        ),
    )  # fmt: skip
    reviewers = forms.MultipleChoiceField(
        label=gettext_lazy("Reviewers"), widget=Checkboxes,
        help_text=gettext_lazy("Two of them look at each dossier; nobody at a file of his own."),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        begin, end = pages.last_month(timezone.localdate())
        kwargs["initial"] = {"begin": begin, "end": end} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = reviewers_in(actor.scopes(LEADS))  # type: ignore[attr-defined]


def drawn(request: StaffRequest, form: DrawForm) -> int | None:
    """How many dossiers were drawn; None while the form is open or was refused."""
    if not (form.is_bound and form.is_valid()):
        return None
    said = form.cleaned_data
    people = list(Person.objects.filter(username__in=said["reviewers"]).order_by("username"))
    try:
        made = draw_reviews(
            seed=said["seed"], begin=said["begin"], end=said["end"],
            share=said["percent"] / 100, reviewers=people, actor=request.actor,
            command_id=said["command_id"],
        )  # fmt: skip
    except (InvalidInput, Conflict, NotAllowed) as error:
        form.refuse(error)
        return None
    if not made:
        form.add_error(None, _("No filed dossier of this period is left to draw."))
        return None
    return len({row.mediation_id for row in made})


class ReviewForm(ActForm):
    """The questions about a dossier's papers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in REVIEW_ITEMS.items():
            self.fields[code] = forms.ChoiceField(
                label=label, choices=list(REVIEW_ANSWERS.items()), widget=forms.RadioSelect
            )
        self.fields["note"] = forms.CharField(
            label=_("What is not in order"), required=False, max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("About papers, without names; the mediators and whoever drew it read it."),
        )  # fmt: skip


def reviewed(request: StaffRequest, row: Review, form: ReviewForm) -> bool:
    """True when the review was handed in; a refusal is shown by the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    said = form.cleaned_data
    try:
        review(row.id, {c: said[c] for c in REVIEW_ITEMS}, said["note"], actor=request.actor)
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    return True
