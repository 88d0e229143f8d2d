"""Making digests. What is kept is never written again: it is what was known that morning."""

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from maplebridge.insight.models import Digest, Subscription
from maplebridge.insight.queries import (
    Scope,
    kept_digest,
    kept_keys,
    number_of,
    read_digest,
    scopes_on,
    subscribers,
)
from maplebridge.notify.actions import tell
from maplebridge.org.rules import Actor

MADE_FROM = time(6)  # local: before anybody's working day
KIND = "digest"


@transaction.atomic
def make_digest(scope: Scope, day: date, at: datetime) -> Digest:
    """Keep the digest of a scope and day as it stands at a moment, and tell who asked for it.

    The one kept first stays, and its readers are told once.
    """
    kept = kept_digest(scope, day)
    if kept is not None:
        return kept
    read = {"made_at": at, "content": read_digest(scope, day, at)}
    made, new = Digest.objects.get_or_create(scope=scope.key, day=day, defaults=read)
    if new:
        number = number_of(scope.key, day)
        source = uuid5(NAMESPACE_URL, f"digest/{number}")
        tell(subscribers(scope, at), kind=KIND, number=number, category="", urgent=False, at=at,
             source=source)  # fmt: skip
    return made


def make_digests(day: date, at: datetime) -> int:
    """Digests of every scope of a day that has none yet; how many were missing."""
    kept = kept_keys(day)
    missing = [scope for scope in scopes_on(day) if scope.key not in kept]
    for scope in missing:
        make_digest(scope, day, at)
    return len(missing)


def make_due_digests(now: datetime | None = None) -> int:
    """From 06:00 on, those of the day before; run twice or by several processes, none twice."""
    moment = now or timezone.now()
    local = timezone.localtime(moment)
    if local.time() < MADE_FROM:
        return 0
    return make_digests(local.date() - timedelta(days=1), moment)


def subscribe(actor: Actor, scope: Scope, *, wanted: bool) -> None:
    """Begin or end sending somebody the digest of a scope every morning."""
    person = actor.person_id or 0
    if wanted:
        Subscription.objects.get_or_create(person_id=person, scope=scope.key)
    else:
        Subscription.objects.filter(person_id=person, scope=scope.key).delete()
