"""Forgetting what has had its time."""

from datetime import datetime, timedelta

from maplebridge.notify.models import Channel, Message, Preference
from maplebridge.notify.rules import KEPT_DAYS


def tidy(now: datetime) -> int:
    """Forget messages after KEPT_DAYS, and addresses and wishes with the account's end; how many
    messages."""
    Channel.objects.filter(person__is_active=False).delete()
    Preference.objects.filter(person__is_active=False).delete()
    old = Message.objects.filter(at__lt=now - timedelta(days=KEPT_DAYS))
    return old.delete()[1].get("notify.Message", 0)
