"""What a person was told, how the person wants to be told, and channels that fail."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import whole_number
from maplebridge.matters.queries import titles_of
from maplebridge.notify import actions, queries, rules
from maplebridge.notify.models import Channel, Message
from maplebridge.org.queries import actor_for, directory
from maplebridge.org.rules import Actor
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_everyone, for_posts
from maplebridge.web.message_forms import MessagesForm


@dataclass(frozen=True)
class Row:
    """One message in words."""

    message: Message
    label: object
    category: str
    about: str  # the number of a matter, or what else the message is about
    title: str  # of the matter, where the reader sees it: this page never leaves the house


@require_GET
@for_posts(*ANY_POST)
def messages(request: StaffRequest) -> HttpResponse:
    """My messages: what I have not read first, then by day."""
    after = request.GET.get("after", "")
    found, older = queries.messages_of(request.actor.person_id or 0, after)
    context = {
        "parts": _parts(found, titles_of(request.actor, {m.number for m in found})),
        "upto": max((m.id for m in found), default=0) if not after else 0,
        "failing": [] if after else _failing(request.actor.person_id or 0),
        "older": older,
        "first": not after,
        "tabs": _tabs(request),
    }
    return render(request, "web/messages.html", context)


def _parts(found: list[Message], titles: dict[str, str]) -> list[dict[str, Any]]:
    """Unread and read, each with its days, newest first."""
    return [
        {
            "read": read,
            "days": [
                {"day": day, "rows": [message_row(m, titles) for m in told]}
                for day, told in groupby(group, key=lambda m: timezone.localdate(m.at))
            ],
        }
        for read, group in groupby(found, key=lambda m: m.read)
    ]


def message_row(message: Message, titles: dict[str, str] | None = None) -> Row:
    """A message as the list shows it; without `titles` as it may leave the house."""
    category = directory().category(message.category)
    kind = rules.kind_of(message.kind)
    about = kind.about(message.number) if kind.about else message.number
    title = "" if kind.about else (titles or {}).get(message.number, "")
    return Row(message, kind.label, category.label if category else "", about, title)


@require_GET
@for_everyone
def bell(request: HttpRequest) -> HttpResponse:
    """The bell and what rings, for a page that stands open; who was signed out is told so."""
    context: dict[str, Any] = {}
    if request.user.is_authenticated:
        request.actor = actor_for(request.user)  # type: ignore[attr-defined]
    else:
        door = reverse("web:sign_in")
        context["desk"] = {"messages_url": door, "bell_url": reverse("web:bell"), "left": door}
    response = render(request, "web/bell.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@for_posts(*ANY_POST)
def open_message(request: StaffRequest, message_id: int) -> HttpResponse:
    """Lead to what a message is about; it is read by that."""
    message = actions.open_message(request.actor.person_id or 0, message_id)
    try:
        return redirect(rules.kind_of(message.kind).page, message.number)
    except NoReverseMatch:  # of a room that is here no more
        return redirect("web:messages")


@require_POST
@for_posts(*ANY_POST)
def read_all(request: StaffRequest) -> HttpResponse:
    """Mark all read that the page showed or that came before it."""
    if upto := whole_number(request.POST.get("upto")):
        actions.read_all(request.actor.person_id or 0, upto)
    return redirect("web:messages")


@require_http_methods(["GET", "POST"])
@for_posts(*ANY_POST)
def message_settings(request: StaffRequest) -> HttpResponse:
    """My channels, what goes where, my quiet hours."""
    person = request.actor.person_id or 0
    form = MessagesForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _chosen(form, person):
        notes.success(request, _("Saved."))
        return redirect("web:message_settings")
    channels = [c for c in queries.channels_of(person).values() if c.active]
    context = {
        "form": form,
        "channels": [fares(channel) for channel in channels],
        "tabs": _tabs(request),
    }
    return render(
        request, "web/messages_settings.html", context, status=422 if form.errors else 200
    )


def _chosen(form: MessagesForm, person: int) -> bool:
    """Keep what was chosen; False when an address is none, which the form then shows."""
    try:
        actions.choose(person, form.wish(), form.chosen(), now=timezone.now())
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return False
    return True


def fares(channel: Channel) -> dict[str, Any]:
    """A channel and in plain words what is wrong with it."""
    words = rules.FAILURES.get(channel.failure, "")
    return {"channel": channel, "why": str(words) % {"detail": channel.detail}}


def _failing(person: int) -> list[dict[str, Any]]:
    """The person's own channels that fail at present."""
    own = queries.channels_of(person).values()
    return [fares(channel) for channel in own if channel.active and channel.failing_since]


@require_POST
@for_posts(*ANY_POST)
def test_channel(request: StaffRequest, kind: str) -> HttpResponse:
    """Send me something now and say what became of it."""
    why = actions.send_test(request.actor.person_id or 0, kind, timezone.now())
    said = {"channel": rules.CHANNELS.get(kind, kind), "why": why}
    if why:
        notes.error(request, _("%(channel)s: the test was not sent. %(why)s") % said)
    else:
        notes.success(request, _("%(channel)s: the test was sent. Have a look there.") % said)
    return redirect("web:message_settings")


@require_GET
@for_posts(*queries.WATCHING)
def deliveries(request: StaffRequest) -> HttpResponse:
    """Channels that fail: whose, since when and why; never what they should have said."""
    rows = [
        {"failing": row, **fares(row.channel)} for row in queries.failing_channels(request.actor)
    ]
    stuck = queries.stuck_since(timezone.now())
    context = {"rows": rows, "stuck": stuck, "tabs": _tabs(request)}
    return render(request, "web/messages_deliveries.html", context)


@require_POST
@for_posts(*queries.WATCHING)
def retry_channel(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Let a channel try again at once."""
    count = actions.retry(request.actor, channel_id, timezone.now())
    notes.info(request, _("%(count)s waiting messages are tried again now.") % {"count": count})
    return redirect("web:message_deliveries")


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pages = [("web:messages", _("Messages")), ("web:message_settings", _("How I am told"))]
    pages = pages if actor.holds(*ANY_POST) else []  # an administrator has no matters
    if actor.holds(*queries.WATCHING):
        pages.append(("web:message_deliveries", _("Channels that fail")))
    return [
        {"url": reverse(name), "label": label, "active": reverse(name) == request.path}
        for name, label in pages
    ]
