"""The supervisor's screen: what asks for a decision, and what has to be watched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.kernel.errors import NotFound
from maplebridge.matters import queries
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Matter
from maplebridge.matters.queries import MatterFilter
from maplebridge.matters.queries import supervising as reads
from maplebridge.matters.queries.lights import LEVELS
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.web.decisions import DECISIONS, Decision
from maplebridge.web.forms import StepForm
from maplebridge.web.rows import rows_of
from maplebridge.web.taking import take

SHOWN = 20
LIGHTS = tuple(LEVELS[level] for level in sorted(LEVELS, reverse=True))


@dataclass(frozen=True)
class Section:
    """A tab of the screen: the states of the filter it counts, and what fills it."""

    name: str
    label: str | Promise
    states: tuple[str, ...]
    lead: str | Promise
    why_empty: str | Promise
    fill: Callable[[Actor, datetime], dict[str, Any]]

    @property
    def url(self) -> str:
        return reverse("web:supervise_section", args=[self.name])


def _asking(actor: Actor, _now: datetime) -> dict[str, Any]:
    return {"asked": _asked(actor, reads.petitions(actor, SHOWN))}


def _asked(
    actor: Actor, found: list[reads.Asked], refused: Decision | None = None
) -> list[dict[str, Any]]:
    """Petitions with their rows and, where the actor may decide, the form."""
    rows = rows_of(a.matter for a in found)
    shown = []
    for asked, row in zip(found, rows, strict=True):
        form: Decision | None = Decision(asked)
        if refused is not None and refused.asked.petition.id == asked.petition.id:
            form = refused
        shown.append(
            {"asked": asked, "row": row, "form": form if _mine(actor, asked.matter) else None}
        )
    return shown


def _returned(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"rows": rows_of(reads.in_state(actor, "returned_twice", now, SHOWN))}


def _late(actor: Actor, now: datetime) -> dict[str, Any]:
    found = {light: reads.in_state(actor, light, now, SHOWN) for light in LIGHTS}
    told = reads.tellings_of(m for matters in found.values() for m in matters)
    groups = [
        {"state": light, "rows": [(row, told.get(row.matter.id, [])) for row in rows_of(matters)]}
        for light, matters in found.items()
    ]
    return {"groups": groups}


def _plain(state: str) -> Callable[[Actor, datetime], dict[str, Any]]:
    def fill(actor: Actor, now: datetime) -> dict[str, Any]:
        return {"rows": rows_of(reads.in_state(actor, state, now, SHOWN))}

    return fill


def _told(actor: Actor, now: datetime) -> dict[str, Any]:
    most = SHOWN * 2
    found = reads.tellings(actor, now, most + 1)
    return {"tellings": found[:most], "more": len(found) > most}


SECTIONS = {
    made.name: made
    for made in (
        Section(
            "asks",
            gettext_lazy("To decide"),
            ("asks",),
            gettext_lazy("Requests for more time, suspension or reopening, the oldest first."),
            gettext_lazy("Nobody waits for your decision."),
            _asking,
        ),
        Section(
            "returned",
            gettext_lazy("Returned twice"),
            ("returned_twice",),
            gettext_lazy("Two units say it is not theirs: your ruling binds them."),
            gettext_lazy("No matter was returned a second time."),
            _returned,
        ),
        Section(
            "late",
            gettext_lazy("Late"),
            LIGHTS,
            gettext_lazy("By light, with who was told when it rose."),
            gettext_lazy("No matter is late."),
            _late,
        ),
        Section(
            "soon",
            gettext_lazy("About to be late"),
            ("next_day",),
            gettext_lazy("Due by the end of the next working day, the nearest first."),
            gettext_lazy("Nothing is due by the end of the next working day."),
            _plain("next_day"),
        ),
        Section(
            "paused",
            gettext_lazy("Suspended"),
            ("paused",),
            gettext_lazy("Their limit stands still until the review date."),
            gettext_lazy("No matter is suspended."),
            _plain("paused"),
        ),
        Section(
            "told",
            gettext_lazy("Who was told"),
            (),
            gettext_lazy("Every light and alarm that rose in seven days, the newest first."),
            gettext_lazy("No light and no alarm rose in these days."),
            _told,
        ),
    )
}
COUNTED = tuple(s for made in SECTIONS.values() for s in made.states if s != "asks")


@require_GET
@for_posts("supervisor")
def supervise(request: StaffRequest) -> HttpResponse:
    """What asks for a decision: the supervisor's first page."""
    return _page(request, SECTIONS["asks"])


@require_GET
@for_posts("supervisor")
def supervise_section(request: StaffRequest, name: str) -> HttpResponse:
    """One section of the screen."""
    if name not in SECTIONS:
        raise NotFound(_("There is no such list, or it is not for your post."))
    section = SECTIONS[name]
    if name == "returned":
        return _ruling(request, None)
    return _page(request, section)


@require_POST
@for_posts("supervisor")
def decide(request: StaffRequest, number: str, kind: str) -> HttpResponse:
    """Grant or refuse what was asked; a refused form stands first on the page."""
    shown = queries.visible_matter(request.actor, number)
    if kind not in DECISIONS:
        raise NotFound(_("There is no such request."))
    found = reads.petitions(request.actor, len(DECISIONS), shown)
    asked = next((a for a in found if a.petition.kind == kind), None)
    if asked is None:
        messages.warning(request, _("It was decided already. Look at the matter."))
        return redirect("web:matter", number)
    form = Decision(asked, request.POST)
    if take(request, form, shown):
        return redirect("web:supervise")
    others = [
        a for a in reads.petitions(request.actor, SHOWN) if a.petition.id != asked.petition.id
    ]
    rows = _asked(request.actor, [asked, *others], form)
    return _page(request, SECTIONS["asks"], asked=rows, refused=form)


@require_http_methods(["GET", "POST"])
@for_posts("supervisor")
def ruling(request: StaffRequest, number: str) -> HttpResponse:
    """The ruling form with the returns and the duty list beside it, and taking it."""
    shown = queries.visible_matter(request.actor, number)
    form = _ruling_form(shown, request.POST if request.method == "POST" else None)
    if form.is_bound and take(request, form, shown):
        return redirect("web:supervise_section", "returned")
    if shown.status not in FLOW.step("rule").sources:
        messages.warning(request, _("It was decided already. Look at the matter."))
        return redirect("web:matter", number)
    return _ruling(request, shown, form)


def _ruling_form(matter: Matter, data: Any = None) -> StepForm:
    return StepForm(FLOW.step("rule"), matter, data, auto_id="rule-%s")


def _ruling(
    request: StaffRequest, shown: Matter | None, form: StepForm | None = None
) -> HttpResponse:
    """The second returns and one of them open: the chosen one or the first."""
    now, section = timezone.now(), SECTIONS["returned"]
    matters = reads.in_state(request.actor, "returned_twice", now, SHOWN)
    picked, shown = shown is not None, shown or next(iter(matters), None)
    more: dict[str, Any] = {"rows": rows_of(matters), "picked": picked}
    if shown is not None:
        more |= _case(request.actor, shown, form or _ruling_form(shown))
    return _page(request, section, **more)


def _case(actor: Actor, shown: Matter, form: StepForm) -> dict[str, Any]:
    """The two returns side by side, the duty list for this category and place, the form."""
    category, today = shown.category, timezone.localdate()
    entries = reads.entries_for(category, shown.area_code, today) if category else []
    village = directory().area_names(shown.area_code[:12])
    return {
        "matter": shown,
        "matter_row": rows_of([shown])[0],
        "returns": reads.returns_of(shown),
        "entries": [(e, _where(e), _why(e)) for e in entries],
        "village": village,
        "form": form if _mine(actor, shown) and category else None,
        "refused": form if form.errors else None,
    }


def _where(entry: reads.Entry) -> str:
    code = entry.duty.area_code
    return directory().area_names(code) if code else _("Everywhere")


def _why(entry: reads.Entry) -> str:
    """Why the matching entry leads: the narrowest area, then a precedent, then the later start."""
    if not entry.leads:
        return ""
    if entry.duty.precedent_of:
        return _("It leads now: a ruling for this area binds.")
    if entry.duty.area_code:
        return _("It leads now: its area is the narrowest that holds the place.")
    return _("It leads now: no entry names a narrower area.")


def _mine(actor: Actor, matter: Matter) -> bool:
    """Whether one of the actor's posts supervises the place."""
    return any(p.kind == "supervisor" and p.reaches(matter.area_code) for p in actor.posts)


def _page(request: StaffRequest, section: Section, **more: Any) -> HttpResponse:
    """The tabs with their counts and one section; 422 with a refused form."""
    actor, now = request.actor, timezone.now()
    numbers = reads.counts(actor, COUNTED, now) | {"asks": reads.count_asking(actor, now)}
    context = {
        "section": section,
        "tabs": [
            {
                "label": made.label,
                "url": made.url,
                "count": sum(numbers[s] for s in made.states) if made.states else None,
                "active": made is section,
            }
            for made in SECTIONS.values()
        ],
        "all": {state: _matters_url(state, numbers[state]) for state in section.states},
        "shown": SHOWN,
        "body": f"web/supervise_{section.name}.html",
        **(more or section.fill(actor, now)),
    }
    status = 422 if context.get("refused") else 200
    return render(request, "web/supervise.html", context, status=status)


def _matters_url(state: str, count: int) -> dict[str, Any]:
    """The list behind a number: how many, its words, its address."""
    query = MatterFilter(state=state).query()
    return {
        "count": count,
        "label": queries.STATES[state][0],
        "url": f"{reverse('web:matters')}?{query}",
        "export": f"{reverse('web:export', args=['matters'])}?{query}",
        "more": count > SHOWN,
    }
