"""Stretches of the server's memory: a new one makes every phone offer again what may be lost."""

import secrets
from datetime import datetime

from django.db import connection, transaction

from maplebridge.sync.models import Change, Epoch
from maplebridge.sync.rules import EPOCH_EVERY

LOCK = 0x4D4245  # "MBE"


def current_epoch(at: datetime) -> Epoch:
    """The epoch of now; the first one is made when it is asked for."""
    return Epoch.objects.order_by("-id").first() or begin_epoch(Epoch.Cause.FIRST, at=at)


@transaction.atomic
def begin_epoch(cause: str, *, at: datetime, known: str = "") -> Epoch:
    """Begin a new epoch. `known` is the epoch that whoever asks takes for the present one; when
    another has begun meanwhile, or a phone's word made one a few minutes ago, that one stays.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Epoch.objects.order_by("-id").first()
    if last is not None and cause == Epoch.Cause.FIRST:
        return last
    if last is not None and cause == Epoch.Cause.RECEIPT:
        fresh = last.cause == Epoch.Cause.RECEIPT and at - last.began_at < EPOCH_EVERY
        if fresh or last.name != known:
            return last
    if cause == Epoch.Cause.RESTORED:
        Change.objects.all().delete()  # numbers of transactions of another database mean nothing
    return Epoch.objects.create(name=secrets.token_hex(6), began_at=at, cause=cause)
