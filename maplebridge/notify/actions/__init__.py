"""The only code that writes messages, deliveries, channels and preferences."""

from maplebridge.notify.actions.choosing import choose, send_test
from maplebridge.notify.actions.delivering import deliver_due, retry
from maplebridge.notify.actions.telling import open_message, read_about, read_all, tell
from maplebridge.notify.actions.tidying import tidy

__all__ = [
    "choose",
    "deliver_due",
    "open_message",
    "read_about",
    "read_all",
    "retry",
    "send_test",
    "tell",
    "tidy",
]
