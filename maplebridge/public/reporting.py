"""Reporting in three screens."""

from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from maplebridge.kernel.errors import Conflict, InvalidInput, NotFound
from maplebridge.kernel.masks import redact
from maplebridge.matters import actions
from maplebridge.matters.flow import CALL_FIRST, FLOW
from maplebridge.matters.models import Matter, Report
from maplebridge.matters.queries import likely_duplicates, reporter_of
from maplebridge.org.queries import directory
from maplebridge.org.rules import ANYONE
from maplebridge.public.forms import SCREENS, ReportForm
from maplebridge.trust.register import REGISTER
from maplebridge.trust.throttle import throttle

# What is offered to follow is signed: nobody joins matters by guessing their numbers.
_offers = Signer(salt="maplebridge.public.follow")


@dataclass(frozen=True)
class Offer:
    """A matter that may be the same, as a stranger may see it."""

    token: str
    title: str
    category: str
    status: object
    metres: float
    reported_at: Any


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Walk through the screens; the last one sends."""
    form = ReportForm(request.POST or None)
    screen = 1
    if request.method == "POST":
        throttle(request, "report screen")
        form.take_photos(request, ANYONE)
        screen = _screen(form, request.POST.get("go", ""))
        if screen > len(SCREENS):
            if made := _sent(request, form):
                return redirect("public:done", made.code)
            screen = form.first_bad_screen or len(SCREENS)
    return render(request, "public/report.html", _context(form, screen))


def _screen(form: ReportForm, wanted: str) -> int:
    """The screen wanted, but none beyond the first with an error; 4 means send."""
    if wanted in {"1", "2", "3"} and not form.is_valid():
        return min(int(wanted), form.first_bad_screen)
    if wanted in {"1", "2", "3"}:
        return int(wanted)
    if form.is_valid():
        return len(SCREENS) + 1
    return form.first_bad_screen


def _sent(request: HttpRequest, form: ReportForm) -> Report | None:
    """The report, opened or joined; None when it was refused and the form says why."""
    throttle(request, "report")
    said = form.cleaned_data
    told: dict[str, Any] = {
        "text": said["text"],
        "channel": Report.Channel.WEB,
        "command_id": said["command_id"],
        "contact": {"name": said["name"], "phone": said["phone"]},
        "photos": said["photos"],
        "urgency": said["urgency"],
    }
    place = {k: said[k] for k in ("category", "area", "address", "lon", "lat")}
    try:
        if offer := request.POST.get("follow"):
            return actions.follow(int(_offers.unsign(offer)), **told)
        return actions.report(**told, **place)
    except BadSignature:
        form.add_error(None, _("This offer has expired. Please send your report."))
    except (InvalidInput, Conflict) as error:
        form.refuse(error)
    return None


def _context(form: ReportForm, screen: int) -> dict[str, Any]:
    last = screen == len(SCREENS)
    return {
        "form": form,
        "screen": screen,
        "steps": [_("What"), _("Where"), _("Check and send")],
        "danger": bool(getattr(form, "cleaned_data", {}).get("urgency")),
        "call_first": CALL_FIRST,
        "shown": form.shown(screen),
        "carried": form.carried(screen),
        "offers": _offered(form) if last and form.is_valid() else [],
        "handed_over": [c for c in directory().categories.values() if c.hand_over],
        "register": [REGISTER["reporter.name"], REGISTER["reporter.phone"]],
        "bounds": bounds(),
    }


def _offered(form: ReportForm) -> list[Offer]:
    said = form.cleaned_data
    chosen = directory().category(said["category"]) if said["category"] else None
    found = likely_duplicates(
        text=said["text"], lon=said["lon"], lat=said["lat"], at=timezone.now(), public=True,
        category_id=chosen.id if chosen else None,
    )  # fmt: skip
    return [
        Offer(
            _offers.sign(like.matter.pk),
            redact(like.matter.title),
            _kind(like.matter),
            FLOW.statuses[like.matter.status],
            like.metres,
            like.matter.reported_at,
        )
        for like in found
        if like.matter.is_open
    ]


def _kind(matter: Matter) -> str:
    known = matter.category or matter.proposed_category
    return known.label if known else ""


def bounds() -> str:
    """ "west,south,east,north" of everything outlined, for a map to begin with; "" without."""
    boxes = [shape.bounds for _area, shape in directory().outlines()]
    if not boxes:
        return ""
    west, south, east, north = zip(*boxes, strict=True)
    return f"{min(west):.5f},{min(south):.5f},{max(east):.5f},{max(north):.5f}"


@require_GET
def done(request: HttpRequest, code: str) -> HttpResponse:
    """The query code, to be kept."""
    throttle(request, "code")
    found = reporter_of(code)
    if found is None:
        raise NotFound(_("There is no matter with this code."))
    track = request.build_absolute_uri(reverse("public:track", args=[found[0].code]))
    context = {"report": found[0], "track_url": track, "call_first": CALL_FIRST}
    return render(request, "public/done.html", context)
