"""The verifier's screen: the queue, the result beside the report, the call-back, the decision."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from maplebridge.kernel.errors import NotFound
from maplebridge.matters import queries
from maplebridge.matters.flow import FLOW
from maplebridge.matters.models import Clock, Matter, MatterEvent
from maplebridge.matters.queries.verifying import (
    Result,
    Work,
    following,
    result_of,
    sampled,
    work_on,
)
from maplebridge.notify.actions import read_about
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.web import matter_page
from maplebridge.web.attached import attached
from maplebridge.web.contacts import open_contact
from maplebridge.web.forms import StepForm
from maplebridge.web.rows import rows_of
from maplebridge.web.taking import take
from maplebridge.web.timeline import facts_of, timeline

# Why a verifier needs a contact; both stand among the purposes of the matter's page.
PURPOSES = (
    "Verifying the result with the reporter",
    "Asking what is unclear",
)


@dataclass(frozen=True)
class Queue:
    """A tab of the screen: whose matters, and the two ways a look at them ends."""

    screen: str
    label: str | Promise
    read: Callable[[Actor], QuerySet[Matter]]
    good: str
    bad: str
    why_empty: str | Promise
    export: str


HANDLED = Queue(
    "web:verify",
    gettext_lazy("To verify"),
    queries.to_verify,
    "close",
    "rework",
    gettext_lazy("Nothing waits for verification."),
    "verify",
)
SAMPLED = Queue(
    "web:verify_sampled",
    gettext_lazy("Settled on the spot"),
    sampled,
    "uphold",
    "overturn",
    gettext_lazy("One in ten of the matters that grid workers settle on the spot comes here."),
    "sampled",
)
ENDING = frozenset({HANDLED.good, HANDLED.bad, SAMPLED.good, SAMPLED.bad})


@require_GET
@for_posts("verifier")
def verify(request: StaffRequest) -> HttpResponse:
    """What was handed in, with the first that the verifier may look at."""
    return _screen(request, HANDLED, following(HANDLED.read(request.actor), None, request.actor))


@require_GET
@for_posts("verifier")
def verify_sampled(request: StaffRequest) -> HttpResponse:
    """What was settled on the spot and drawn for a second look."""
    return _screen(request, SAMPLED, following(SAMPLED.read(request.actor), None, request.actor))


@require_GET
@for_posts("verifier")
def verify_matter(request: StaffRequest, number: str) -> HttpResponse:
    """One matter of a queue; where it waits no more, its own page."""
    shown = queries.visible_matter(request.actor, number)
    queue = _queue_of(shown)
    return _screen(request, queue, shown) if queue else redirect("web:matter", number)


@require_POST
@for_posts("verifier")
def verify_step(request: StaffRequest, number: str, name: str) -> HttpResponse:
    """Take a step here; after a decision the next matter opens, a refused form stays."""
    shown = queries.visible_matter(request.actor, number)
    if name not in {*ENDING, "call_back"}:
        raise NotFound(_("There is no such step."))
    queue = _queue_of(shown)
    form = _form(name, shown, request.POST)
    if take(request, form, shown):
        return redirect(_after(request.actor, queue, shown, name))
    if queue is None:  # it was decided while this page stood open
        messages.warning(request, _("Somebody was faster. Look at the matter again."))
        return redirect("web:matter", number)
    return _screen(request, queue, shown, refused=form)


@require_POST
@for_posts("verifier")
def verify_contact(request: StaffRequest, number: str, report_id: UUID) -> HttpResponse:
    """The contact of one report beside the call-back form; the reading is logged."""
    shown = queries.visible_matter(request.actor, number)
    report, contact = open_contact(request, shown, report_id)
    return _screen(request, _queue_of(shown) or HANDLED, shown, opened=report.id, contact=contact)


def _queue_of(matter: Matter) -> Queue | None:
    """The tab a matter stands in now."""
    if matter.status in FLOW.step(HANDLED.good).sources:
        return HANDLED
    drawn = matter.sampled and matter.status in FLOW.step(SAMPLED.good).sources
    return SAMPLED if drawn else None


def _after(actor: Actor, queue: Queue | None, done: Matter, name: str) -> str:
    """The address of the next matter of the queue; of the same after a call-back."""
    if name not in ENDING:
        return reverse("web:verify_matter", args=[done.number])
    queue = queue or (HANDLED if name in {HANDLED.good, HANDLED.bad} else SAMPLED)
    ahead = following(queue.read(actor), done, actor)
    return reverse("web:verify_matter", args=[ahead.number]) if ahead else reverse(queue.screen)


def _form(name: str, matter: Matter, data: Any = None) -> StepForm:
    """The form of a step, with ids of its own: several stand on the screen."""
    return StepForm(FLOW.step(name), matter, data, auto_id=f"{name}-%s")


def _screen(request: StaffRequest, queue: Queue, shown: Matter | None, **more: Any) -> HttpResponse:
    """The queue and one matter of it; 422 with a refused form."""
    actor = request.actor
    waiting, older = queries.urgent_first(queue.read(actor), request.GET.get("after", ""))
    worked = work_on(actor, waiting)
    context = {
        "queue": queue,
        "tabs": _tabs(actor, queue),
        "rows": [(row, worked.get(row.matter.id, Work())) for row in rows_of(waiting)],
        "older": older,
        "first": not request.GET.get("after"),
        "picked": request.resolver_match is not None
        and request.resolver_match.url_name not in {"verify", "verify_sampled"},
    }
    if shown is not None:
        read_about(actor.person_id or 0, shown.number)
        context |= _look(actor, queue, shown, more.pop("refused", None))
    context |= more
    bad = context.get("refused")
    return render(request, "web/verify.html", context, status=422 if bad else 200)


def _tabs(actor: Actor, present: Queue) -> list[dict[str, Any]]:
    return [
        {
            "label": queue.label,
            "url": reverse(queue.screen),
            "count": queue.read(actor).count(),
            "active": queue is present,
        }
        for queue in (HANDLED, SAMPLED)
    ]


def _look(actor: Actor, queue: Queue, shown: Matter, refused: StepForm | None) -> dict[str, Any]:
    """The matter, what was told, what was done, and the forms the verifier may send."""
    result = result_of(shown)
    reports = matter_page.tellings_of(actor, shown)
    forms = {name: _form(name, shown) for name in (queue.good, queue.bad, "call_back")}
    if not any(told["held"] for told in reports):
        forms["call_back"].initial["reached"] = "no_contact"
    key = {"data-key": "b", "data-key-focus": str(FLOW.step(queue.bad).label)}
    forms[queue.bad].fields["reason"].widget.attrs |= key
    if refused is not None:
        forms[refused.step.name] = refused
    return {
        "matter": shown,
        "status_label": FLOW.statuses[shown.status],
        "light": queries.light_of(shown, timezone.now()),
        "place": directory().area_names(shown.area_code),
        "closing": shown.category.closing if shown.category else "",
        "reports": reports,
        "done": _written([result.done], result, shown)[0] if result.done else None,
        "parts": _written(result.parts, result, shown),
        "answers": _written(result.answers, result, shown),
        "calls": _written(result.calls, result, shown),
        "unsolved": _unsolved(result),
        "took": _took(result.clock),
        "in_time": result.in_time,
        "clock": result.clock,
        "events": timeline(shown),
        "good": forms[queue.good],
        "bad": forms[queue.bad],
        "call": forms["call_back"],
        "refused": refused,
        "why_not": _why_not(actor, shown),
        "purposes": [(text, _(text)) for text in PURPOSES],
    }


def _why_not(actor: Actor, shown: Matter) -> str:
    """Why this verifier cannot decide; "" when he can."""
    if "verifier" in queries.kinds_for(actor, shown):
        return ""
    if work_on(actor, [shown]).get(shown.id, Work()).own:
        return _("You worked on this matter. Nobody verifies his own work: another verifier does.")
    return _("It lies outside the areas in which you verify.")


def _written(events: Iterable[MatterEvent], result: Result, matter: Matter) -> list[dict[str, Any]]:
    """Events with their text, who wrote it, and photos from before and after."""
    return [
        {
            "at": event.at,
            "who": event.person.name if event.person else "",
            "post": f"{event.post.unit.name} {event.post.title}" if event.post else "",
            "text": _text(event, result.texts),
            "facts": facts_of(event),
            "before": attached(matter, event.data, ["before"]),
            "after": attached(matter, event.data, ["photos", "voices"]),
        }
        for event in events
    ]


def _unsolved(result: Result) -> bool:
    """Whether the reporter said at the last call about this result that it is not solved."""
    since = result.done.version if result.done else 0
    calls = [call for call in result.calls if call.version > since and "solved" in call.data]
    return bool(calls) and calls[-1].data["solved"] == "no"


def _text(event: MatterEvent, texts: Mapping[UUID, str]) -> str:
    return texts.get(event.passage_id, "") if event.passage_id else ""


def _took(clock: Clock | None) -> str:
    """The working time a limit ran without its pauses, as a limit is written: "9wh"."""
    if clock is None or clock.stopped_at is None:
        return ""
    calendar = directory().calendar
    seconds = calendar.working_seconds(clock.started_at, clock.stopped_at) - clock.paused_seconds
    hours, minutes = divmod(max(seconds, 0) // 60, 60)
    return f"{min(hours, 9999)}wh" if hours else f"{minutes}m"
