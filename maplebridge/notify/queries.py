"""Reads of messages, of a person's own channels, and of channels that fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from maplebridge.kernel.text import whole_number
from maplebridge.notify.models import Channel, Delivery, Message, Preference
from maplebridge.notify.rules import Wish
from maplebridge.org.models import Post
from maplebridge.org.rules import Actor
from maplebridge.trust import cipher

PAGE = 50
# More than this is shown as "99+": a bell that counts further says nothing more.
MOST_COUNTED = 100
# A sender that runs takes what is due within seconds.
STUCK = timedelta(minutes=15)
WATCHING = ("dispatcher", "supervisor", "administrator")
# On every page of the desk.
_UNREAD = """
SELECT count(*) FROM (
    SELECT FROM notify_message WHERE person_id = %s AND NOT read LIMIT %s) AS unread"""


def unread_count(person_id: int) -> int:
    """How many messages a person has not read, counted to MOST_COUNTED."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [person_id, MOST_COUNTED])
        return int(cursor.fetchone()[0])


def messages_of(person_id: int, after: str = "") -> tuple[list[Message], str]:
    """A person's messages, unread first, then the newest; a page and the place where it ends.

    `after` is such a place; one that is none begins at the top.
    """
    found = Message.objects.filter(person_id=person_id).order_by("read", "-id")
    read, _dot, pk = after.partition(".")
    last_id = whole_number(pk)
    if read in {"0", "1"} and last_id is not None:
        here = Q(read=read == "1", id__lt=last_id)
        found = found.filter(here if read == "1" else here | Q(read=True))
    page = list(found[: PAGE + 1])
    if len(page) <= PAGE:
        return page, ""
    last = page[PAGE - 1]
    return page[:PAGE], f"{int(last.read)}.{last.id}"


def all_messages_of(person_id: int, size: int) -> list[Message]:
    """A person's messages, the newest first."""
    return list(Message.objects.filter(person_id=person_id).order_by("-id")[:size])


def wish_of(person_id: int) -> Wish:
    """How a person wants to be told; the defaults for who chose nothing."""
    kept = Preference.objects.filter(person_id=person_id).first()
    return kept.wish() if kept else Wish()


def channels_of(person_id: int) -> dict[str, Channel]:
    """A person's own channels by kind."""
    return {channel.kind: channel for channel in Channel.objects.filter(person_id=person_id)}


def address_of(channel: Channel) -> str:
    """The address in clear, for its owner and for sending; VaultError when it cannot be opened."""
    return cipher.decrypt(settings.VAULT_KEY, channel.id, "address", bytes(channel.address))


@dataclass(frozen=True)
class Failing:
    """A channel that fails or has given something up, without what it should have said."""

    channel: Channel
    waiting: int
    given_up: int
    since: datetime | None


def failing_channels(actor: Actor) -> list[Failing]:
    """Channels in trouble of people whose units lie in the actor's areas, the longest first."""
    found = channels_watched_by(actor).filter(
        Q(failing_since__isnull=False) | Q(deliveries__state="given_up")
    )
    counted = found.annotate(
        waiting=Count("deliveries", Q(deliveries__state="waiting"), distinct=True),
        given_up=Count("deliveries", Q(deliveries__state="given_up"), distinct=True),
        last=Max("deliveries__message__at", filter=Q(deliveries__state="given_up")),
    )
    rows = counted.select_related("person").order_by("failing_since", "id")
    return [Failing(c, c.waiting, c.given_up, c.failing_since or c.last) for c in rows]


def channels_watched_by(actor: Actor) -> QuerySet[Channel]:
    """Active channels of active people whose units lie in the areas of the actor's posts."""
    scopes = [Q(unit__area__code__startswith=scope) for scope in actor.scopes(WATCHING)]
    if not scopes:
        return Channel.objects.none()
    people = Post.objects.filter(reduce(or_, scopes)).values("person_id")
    return Channel.objects.filter(active=True, person__is_active=True, person_id__in=people)


def stuck_since(now: datetime) -> datetime | None:
    """Since when a delivery of a sound channel has been due and untouched: no sender runs."""
    found = Delivery.objects.filter(
        state="waiting",
        due_at__lt=now - STUCK,
        channel__active=True,
        channel__person__is_active=True,
    )
    return found.order_by("due_at").values_list("due_at", flat=True).first()
