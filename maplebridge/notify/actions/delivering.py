"""Sending what waits: at least once, one channel at a time, longer pauses after each failure."""

import random
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import NotFound
from maplebridge.notify import channels, rules
from maplebridge.notify.models import Channel, Delivery, Message
from maplebridge.notify.queries import address_of, channels_watched_by, wish_of
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor
from maplebridge.trust.cipher import VaultError

# One round gives way after this, so that slow servers outside never hold up the clock inside.
ROUND_SECONDS = 20.0
MOST_AT_ONCE = 500
COUNTS = ("messages_sent", "messages_failed", "messages_given_up")


def deliver_due(
    now: datetime | None = None,
    *,
    spread: Callable[[], float] = random.random,
    seconds: float = ROUND_SECONDS,
) -> dict[str, int]:
    """Send what may go now; how many messages went, failed and were given up.

    May run in several processes: each channel is locked while it is used and skipped by others.
    Dying between sending and writing that down sends again: at least once. Alarms come first,
    channels that fail last, and a round that has used up `seconds` leaves the rest to the next.
    """
    counts = dict.fromkeys(COUNTS, 0)
    end = time.monotonic() + seconds
    seen: list[UUID] = []
    while time.monotonic() < end:
        with transaction.atomic():
            channel = _next_channel(now or timezone.now(), seen)
            if channel is None:
                break
            seen.append(channel.id)
            for name, count in _use(channel, now or timezone.now(), spread()).items():
                counts[name] += count
    return counts


def _next_channel(now: datetime, seen: list[UUID]) -> Channel | None:
    due = Delivery.objects.filter(channel=OuterRef("pk"), state="waiting", due_at__lte=now)
    alarm = due.filter(message__kind__in=rules.urgent_kinds())
    # NO KEY: people go on being told through a channel while it is in use.
    locked = Channel.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    return (
        locked.filter(Exists(due), active=True, person__is_active=True)
        .exclude(pk__in=seen)
        .order_by(Exists(alarm).desc(), "failures", "id")
        .first()
    )


def _use(channel: Channel, now: datetime, spread: float) -> dict[str, int]:
    """Plan what waits on a locked channel and send what may go now as one text."""
    waiting = list(
        channel.deliveries.filter(state="waiting", due_at__lte=now)
        .select_related("message")
        .order_by("message_id")[:MOST_AT_ONCE]
    )
    wish = wish_of(channel.person_id)
    ready: list[Delivery] = []
    later: list[Delivery] = []
    for delivery in waiting:
        delivery.due_at = _goes_at(delivery, channel, wish, now)
        (ready if delivery.due_at <= now else later).append(delivery)
    Delivery.objects.bulk_update(later, ["due_at"])
    if not ready:
        return {}
    ready.sort(key=lambda d: rules.kind_of(d.message.kind).group != rules.URGENT)
    try:
        channels.send(channel.kind, address_of(channel), *_text([d.message for d in ready]))
    except channels.NotSent as error:
        return _failed(channel, ready, error, now, spread)
    except VaultError:
        return _failed(channel, ready, channels.NotSent("unreadable"), now, spread)
    Delivery.objects.filter(pk__in=[d.pk for d in ready]).update(state="sent", due_at=now)
    works(channel, now)
    return {"messages_sent": len(ready)}


def _goes_at(delivery: Delivery, channel: Channel, wish: rules.Wish, now: datetime) -> datetime:
    message, group = delivery.message, rules.kind_of(delivery.message.kind).group
    when = rules.may_go_at(
        wish, group, urgent=message.urgent, told_at=message.at, now=now,
        last_sent_at=channel.last_sent_at,
    )  # fmt: skip
    fresh_alarm = group == rules.URGENT and not delivery.tries
    if channel.retry_at is not None and not fresh_alarm:
        when = max(when, channel.retry_at)
    return when


def _failed(
    channel: Channel, ready: list[Delivery], error: channels.NotSent, now: datetime, spread: float
) -> dict[str, int]:
    channel.failures = min(channel.failures + 1, 1000)
    channel.failing_since = channel.failing_since or now
    channel.failure, channel.detail = error.failure, error.detail
    channel.retry_at = now + rules.wait_after(channel.failures, spread)
    channel.save(update_fields=["failures", "failing_since", "failure", "detail", "retry_at"])
    for delivery in ready:
        delivery.tries += 1
        delivery.due_at = channel.retry_at
        if delivery.tries >= rules.MAX_TRIES:
            delivery.state = Delivery.State.GIVEN_UP
    Delivery.objects.bulk_update(ready, ["tries", "due_at", "state"])
    lost = sum(d.state == Delivery.State.GIVEN_UP for d in ready)
    return {"messages_failed": len(ready) - lost, "messages_given_up": lost}


def works(channel: Channel, now: datetime) -> None:
    """Note that a channel, locked by the caller, has just carried a text."""
    if channel.retry_at is not None:  # what waited for the channel need not wait longer
        channel.deliveries.filter(state="waiting", due_at=channel.retry_at).update(due_at=now)
    channel.failures, channel.failing_since, channel.retry_at = 0, None, None
    channel.failure = channel.detail = ""
    channel.last_sent_at = now
    channel.save(update_fields=[
        "failures", "failing_since", "retry_at", "failure", "detail", "last_sent_at",
    ])  # fmt: skip


def _text(messages: list[Message]) -> tuple[str, str]:
    """Subject and body in the installation's language."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = list(dict.fromkeys(_line(message) for message in messages))
        page = rules.kind_of(messages[0].kind).page if len(lines) == 1 else ""
        return rules.text_of(lines, _address(page, messages[0].number))


def _line(message: Message) -> str:
    category = directory().category(message.category)
    kind = rules.kind_of(message.kind)
    words = " ".join(str(w) for w in (kind.label, message.number, category and category.label) if w)
    figures = kind.says(message.number) if kind.says else []
    return " · ".join([words, *figures])


def _address(page: str, number: str) -> str:
    """The page about a number, or the list of messages; pages belong to rooms above this one."""
    try:
        path = reverse(page, args=[number]) if page else reverse(rules.LIST_PAGE)
    except NoReverseMatch:
        path = ""
    return settings.PUBLIC_URL + path


@transaction.atomic
def retry(actor: Actor, channel_id: UUID, now: datetime) -> int:
    """Let all that waits or was given up on a channel be tried again from the first; how many.

    NotFound unless the channel is of somebody in the actor's areas, or the actor's own.
    """
    own = Channel.objects.filter(person_id=actor.person_id or 0)
    found = own | channels_watched_by(actor)
    channel = (
        Channel.objects.select_for_update(no_key=True)
        .filter(pk__in=found.values("pk"), pk=channel_id)
        .first()
    )
    if channel is None:
        raise NotFound(_("There is no such channel."))
    again = forgive(channel, now)
    channel.save(update_fields=["failures", "retry_at"])
    return again


def forgive(channel: Channel, now: datetime) -> int:
    """Begin anew with all that a locked channel did not carry; how much that is. The caller saves
    the channel."""
    channel.failures, channel.retry_at = 0, None
    again = channel.deliveries.filter(state__in=["waiting", "given_up"])
    return again.update(state="waiting", tries=0, due_at=now)
