"""The unit's screen: what to accept, what is in work, where it helps, and how much that is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from maplebridge.kernel.errors import InvalidInput, MaplebridgeError
from maplebridge.matters import queries
from maplebridge.matters.actions import take_step
from maplebridge.matters.queries import STATES, MatterFilter, units
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import StaffRequest, for_posts
from maplebridge.web.rows import Row, rows_of

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Section:
    """One part of the screen: its rows and whether more wait than are shown."""

    name: str
    title: str
    empty: str
    rows: list[Row]
    more: bool
    export: str = ""  # the work list taken out from here; the first two are one, taken out above


@require_GET
@for_posts("handler")
def unit(request: StaffRequest) -> HttpResponse:
    """My unit's work by due time, in four sections, with its load above."""
    return render(request, "web/unit.html", _page(request.actor))


def _page(actor: Actor) -> dict[str, Any]:
    return {
        "loads": _loads(actor),
        "sections": [
            _section("accept", _("To accept"), _("Nothing new."), units.to_accept(actor)),
            _section("work", _("In work"), _("Your unit works on nothing."), units.in_work(actor)),
            _section(
                "help", _("Where we help"), _("There is nothing to help with."),
                units.to_help(actor), "help",
            ),
            _section(
                "done", _("Handed in"), _("Nothing waits for a check."), units.handed_in(actor),
                "handed_in",
            ),
        ],
        "command": uuid4(),
    }  # fmt: skip


def _loads(actor: Actor) -> list[dict[str, Any]]:
    """Each of the actor's units with its figures, every figure with the list behind it."""
    counted, town = units.unit_load(actor.unit_ids, timezone.now()), directory()
    mine = sorted((town.units[u] for u in counted if u in town.units), key=lambda unit: unit.code)
    found = reverse("web:matters")
    return [
        {
            "unit": unit,
            "figures": [
                (
                    STATES[state][0],
                    n,
                    f"{found}?{MatterFilter(unit=unit.code, state=state).query()}",
                )
                for state, n in counted[unit.id].items()
            ],
        }
        for unit in mine
    ]


def _section(name: str, title: str, empty: str, found: Any, export: str = "") -> Section:
    shown = list(found[: queries.PAGE + 1])
    rows, more = rows_of(shown[: queries.PAGE]), len(shown) > queries.PAGE
    return Section(name, title, empty, rows, more, export)


@require_POST
@for_posts("handler")
def accept_many(request: StaffRequest) -> HttpResponse:
    """Accept every matter that was ticked; each stands for itself, refusals are named."""
    numbers = list(dict.fromkeys(request.POST.getlist("number")))
    if not numbers:
        messages.warning(request, _("Tick the matters you want to accept."))
        return redirect("web:unit")
    if len(numbers) > MOST_AT_ONCE:
        raise InvalidInput("number", _("At most %(n)d at once.") % {"n": MOST_AT_ONCE})
    _say_how_many(request, *_accept(request, numbers, _command(request)))
    return redirect("web:unit")


def _command(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("command_id", ""))
    except ValueError as error:
        raise InvalidInput("command_id", _("Please send it once more.")) from error


def _accept(request: StaffRequest, numbers: list[str], command: UUID) -> tuple[int, list[str]]:
    """How many were accepted, and "number: why not" of the others; a retry repeats nothing."""
    done, refused = 0, []
    for number in numbers:
        try:
            matter = queries.visible_matter(request.actor, number)
            take_step(
                matter.id, "accept", request.actor, {}, command_id=uuid5(command, matter.number)
            )
            done += 1
        except MaplebridgeError as error:
            refused.append(f"{number}: {error.message}")
    return done, refused


def _say_how_many(request: HttpRequest, done: int, refused: list[str]) -> None:
    if done:
        said = ngettext("%(n)d matter accepted.", "%(n)d matters accepted.", done)
        messages.success(request, said % {"n": done})
    for line in refused:
        messages.warning(request, line)
