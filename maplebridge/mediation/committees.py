"""The pages of committees and of what their mediators are good at."""

import re
from collections import Counter
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.mediation.actions import mend_committee, tell_skills
from maplebridge.mediation.models import Committee
from maplebridge.mediation.queries.people import mediating_posts, open_files
from maplebridge.mediation.rules import (
    HOSTS,
    LANGUAGES,
    LIMIT_DAYS,
    TIERS,
    TYPES_2021,
    language_code,
    language_name,
)
from maplebridge.org.models import Post
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest
from maplebridge.ui.forms import ActForm, Checkboxes, Select

APART = re.compile(r"[,，、;；\s]+")


def committees_page(actor: Actor) -> dict[str, Any]:
    """Every committee with its host, days and mediators, by level from the county down."""
    found = list(Committee.objects.select_related("unit__area"))
    people = Counter(mediating_posts([c.unit_id for c in found], timezone.localdate())
                     .values_list("unit_id", flat=True))  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"committee": c, "mediators": people[c.unit_id],
         "types": [TYPES_2021[t] for t in c.types if t in TYPES_2021]}
        for c in found
    ]  # fmt: skip
    groups = [
        (tier.label, [row for row in rows if row["committee"].tier == code])
        for code, tier in reversed(TIERS.items())
    ]
    return {
        "keeper": actor.holds("administrator"),
        "count": len(rows),
        "groups": [(label, inside) for label, inside in groups if inside],
    }


def committee_named(code: str) -> Committee:
    """The committee of a unit; NotFound for none."""
    found = Committee.objects.select_related("unit__area").filter(unit__code=code).first()
    if found is None:
        raise NotFound(_("There is no such committee."))
    return found


class CommitteeForm(ActForm):
    """What the ministry asks of a committee, and how long a dispute may stay with it."""

    short_name = forms.CharField(
        label=gettext_lazy("Short name in its numbers"), max_length=12,
        help_text=gettext_lazy("For example 八都 in （2026）八都人调字第1号."),
    )  # fmt: skip
    host = forms.ChoiceField(
        label=gettext_lazy("Who hosts it"), choices=list(HOSTS.items()), widget=Select
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days at this level"), min_value=1, max_value=LIMIT_DAYS, required=False,
        help_text=gettext_lazy("Empty: the usual days of its level."),
    )  # fmt: skip
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types it is there for"), choices=list(TYPES_2021.items()),
        required=False, widget=Checkboxes,
        help_text=gettext_lazy("Of a specialised committee; empty: all."),
    )  # fmt: skip

    def __init__(self, committee: Committee, *args: Any, **kwargs: Any) -> None:
        facts = ("short_name", "host", "days", "types")
        kwargs["initial"] = {f: getattr(committee, f) for f in facts} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if committee.tier != "special":
            del self.fields["types"]


def committee_mended(request: StaffRequest, committee: Committee, form: CommitteeForm) -> bool:
    """True when it was kept; a refusal is shown by the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    said = form.cleaned_data
    try:
        mend_committee(
            committee.unit.code, short_name=said["short_name"], host=said["host"],
            days=said["days"], types=said.get("types", ()), actor=request.actor,
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
        return False
    return True


def skills_page(actor: Actor) -> dict[str, Any]:
    """The mediators of one's committees, their skills, languages and open files."""
    posts = mediating_posts(actor.unit_ids, timezone.localdate())
    load = open_files(posts)
    return {
        "rows": [
            {"post": p, "skills": s, "open": load.get(p.person_id, 0),
             "languages": [language_name(language_code(one)) for one in s.languages] if s else [],
             "types": [TYPES_2021[t] for t in s.types if t in TYPES_2021] if s else []}
            for p in posts
            for s in [getattr(p, "skills", None)]
        ],
    }  # fmt: skip


def post_of_colleague(actor: Actor, post_id: int) -> Post:
    """A mediator's post in one's own committee; NotFound for any other."""
    found = mediating_posts(actor.unit_ids, timezone.localdate()).filter(pk=post_id).first()
    if found is None:
        raise NotFound(_("This person does not mediate in this committee."))
    return found


class SkillsForm(ActForm):
    """What a mediator is good at; told by himself or his committee, never a score."""

    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types of dispute he knows well"), choices=list(TYPES_2021.items()),
        required=False, widget=Checkboxes,
    )  # fmt: skip
    spoken = forms.MultipleChoiceField(
        label=gettext_lazy("Languages and dialects"), choices=list(LANGUAGES.items()),
        required=False, widget=Checkboxes,
    )  # fmt: skip
    languages = forms.CharField(
        label=gettext_lazy("Other languages"), max_length=120, required=False,
        help_text=gettext_lazy("Separated by commas, for example 龙泉话、温州话."),
    )  # fmt: skip

    def __init__(self, post: Post, *args: Any, **kwargs: Any) -> None:
        told = getattr(post, "skills", None)
        codes = [language_code(one) for one in told.languages] if told else []
        start = {"types": told.types, "spoken": codes} if told else {}
        start["languages"] = "、".join(code for code in codes if code not in LANGUAGES)
        kwargs["initial"] = start | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


def skills_told(request: StaffRequest, post: Post, form: SkillsForm) -> bool:
    """True when they were kept; a refusal is shown by the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    said = form.cleaned_data
    spoken = [*said["spoken"], *filter(None, APART.split(said["languages"]))]
    try:
        tell_skills(post.id, said["types"], spoken, actor=request.actor)
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True
