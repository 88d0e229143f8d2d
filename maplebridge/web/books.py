"""The desk's lists that are not of matters, as workbooks: numbers and words of the house, never
what people wrote."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from maplebridge.matters.queries import supervising as reads
from maplebridge.notify import queries
from maplebridge.org.queries import directory
from maplebridge.trust.queries import exports_in
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.ui.sheets import Column, taken_out
from maplebridge.web.exporting import logged
from maplebridge.web.messages import fares, message_row
from maplebridge.web.timeline import facts_of, label_of

MOST = 20_000
TOLD: tuple[Column, ...] = (
    (gettext_lazy("When"), 17), (gettext_lazy("Matter number"), 28), (gettext_lazy("Step"), 12),
    (gettext_lazy("Light"), 18), (gettext_lazy("Area"), 28), (gettext_lazy("Told"), 60),
)  # fmt: skip
MESSAGES: tuple[Column, ...] = (
    (gettext_lazy("When"), 17), (gettext_lazy("Step"), 20), (gettext_lazy("About"), 30),
    (gettext_lazy("Category"), 20), (gettext_lazy("Urgent"), 8), (gettext_lazy("Read"), 8),
)  # fmt: skip
FAILING: tuple[Column, ...] = (
    (gettext_lazy("Whose"), 16), (pgettext_lazy("message", "Channel"), 14),
    (gettext_lazy("Since"), 17), (gettext_lazy("Why"), 44), (gettext_lazy("Waiting"), 10),
    (gettext_lazy("Given up"), 10),
)  # fmt: skip
EXPORTS: tuple[Column, ...] = (
    (gettext_lazy("When"), 17), (gettext_lazy("Who"), 16), (gettext_lazy("Unit"), 22),
    (gettext_lazy("List"), 20), (gettext_lazy("What is set"), 40), (gettext_lazy("Rows"), 8),
    (gettext_lazy("Personal details"), 24), (gettext_lazy("What do you need them for?"), 30),
)  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


@require_GET
@for_posts("supervisor")
def told_book(request: StaffRequest) -> HttpResponse:
    """Every light and alarm that rose in these days, and who was told."""
    found, town = reads.tellings(request.actor, timezone.now(), MOST), directory()
    rows = [
        (
            _moment(t.event.at), t.event.matter.number, label_of(t.event.step), facts_of(t.event),
            town.area_names(t.event.matter.area_code), "；".join(t.posts),
        )
        for t in found
    ]  # fmt: skip
    return taken_out(request, request.actor, "web:told", TOLD, rows, _("Who was told"))


@require_GET
@for_posts(*ANY_POST)
def messages_book(request: StaffRequest) -> HttpResponse:
    """The reader's own messages."""
    rows = [_message(m) for m in queries.all_messages_of(request.actor.person_id or 0, MOST)]
    return taken_out(request, request.actor, "web:messages", MESSAGES, rows, _("Messages"))


def _message(message: Any) -> tuple[Any, ...]:
    row, yes = message_row(message), pgettext("cell", "Yes")
    return (
        _moment(message.at), str(row.label), row.about, row.category,
        yes if message.urgent else "", yes if message.read else "",
    )  # fmt: skip


@require_GET
@for_posts(*queries.WATCHING)
def deliveries_book(request: StaffRequest) -> HttpResponse:
    """Channels that fail; never an address, never what they should have said."""
    rows = [
        (
            row.channel.person.name, str(row.channel.get_kind_display()), _moment(row.since),
            fares(row.channel)["why"], row.waiting, row.given_up,
        )
        for row in queries.failing_channels(request.actor)
    ]  # fmt: skip
    title = _("Channels that fail")
    return taken_out(request, request.actor, "web:message_deliveries", FAILING, rows, title)


@require_GET
@for_posts("supervisor")
def exports_book(request: StaffRequest) -> HttpResponse:
    """Who took which list out."""
    found = exports_in(request.actor.scopes(["supervisor"]), None, MOST)
    rows = [_export(logged(made)) for made in found]
    return taken_out(request, request.actor, "web:exports", EXPORTS, rows, _("Exports"))


def _export(row: dict[str, Any]) -> tuple[Any, ...]:
    made = row["made"]
    said = "；".join(f"{label} {value}" for _name, label, value in row["said"])
    return (
        _moment(made.at), made.person.name, f"{made.post.unit.name} {made.post.title}",
        str(row["label"]), said, made.rows, "、".join(row["fields"]), row["purpose"],
    )  # fmt: skip
