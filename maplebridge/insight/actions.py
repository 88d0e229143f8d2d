"""Making digests. What is kept is never written again: it is what was known that morning."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from maplebridge.insight.models import Digest
from maplebridge.insight.queries import Scope, kept_digest, kept_keys, read_digest, scopes_on

MADE_FROM = time(6)  # local: before anybody's working day


def make_digest(scope: Scope, day: date, at: datetime) -> Digest:
    """Keep the digest of a scope and day as it stands at a moment; the one kept first stays."""
    kept = kept_digest(scope, day)
    if kept is not None:
        return kept
    read = {"made_at": at, "content": read_digest(scope, day, at)}
    made, _new = Digest.objects.get_or_create(scope=scope.key, day=day, defaults=read)
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
