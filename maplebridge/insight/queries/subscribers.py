"""Who is told of a digest, and under which number."""

from datetime import date, datetime

from django.utils import timezone

from maplebridge.insight.models import Digest, Subscription
from maplebridge.insight.queries.scopes import Scope, scopes_for
from maplebridge.kernel.errors import NotFound
from maplebridge.org.models import Person
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor


def subscribers(scope: Scope, at: datetime) -> list[int]:
    """People who asked for the digest and whose posts still hold the whole scope."""
    wanting = Subscription.objects.filter(scope=scope.key).values("person_id")
    day = timezone.localdate(at)
    return [
        person.pk
        for person in Person.objects.filter(pk__in=wanting, is_active=True)
        if scope.key in {held.key for held in scopes_for(actor_for(person, at), day)}
    ]


def subscribes(actor: Actor, scope: Scope) -> bool:
    """True when the actor asked for this digest."""
    return Subscription.objects.filter(person_id=actor.person_id or 0, scope=scope.key).exists()


def number_of(key: str, day: date) -> str:
    """The number of a digest in messages and addresses, such as "2026-11-24-331181102"."""
    return f"{day.isoformat()}-{key}"


def parts_of(number: str) -> tuple[str, date]:
    """(key, day) of a digest's number; NotFound for anything else."""
    try:
        return number[11:], date.fromisoformat(number[:10])
    except ValueError as error:
        raise NotFound(number) from error


def numbered(number: str) -> Digest | None:
    """The digest of a number, without asking who reads: for figures only."""
    key, day = parts_of(number)
    return Digest.objects.filter(scope=key, day=day).first()
