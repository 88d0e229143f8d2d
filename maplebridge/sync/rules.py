"""Bounds of the protocol, states of a record, and when it was made; docs/sync.md is the law."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Posts that work at the door; a phone holds what these posts may see and nothing of others.
FIELD_KINDS = ("grid_worker", "handler")
# Posts of a command room: they see the device board and decide what is quarantined.
ROOM_KINDS = ("dispatcher", "supervisor")

KINDS = {
    "report": _("Report"),
    "visit": _("Visit"),
    "inspection": _("Inspection"),
    "place": _("Place"),
    "step": _("Step"),
    "note": _("Note"),
    "mediation": _("Mediation talk"),
    "draft": _("Unfinished form"),
}
STATES = {
    "kept": _("Received"),
    "applied": _("Counted"),
    "waiting": _("Waiting for an earlier record"),
    "conflict": _("Somebody changed the same"),
    "quarantined": pgettext_lazy("record", "Returned"),
    "set_aside": _("Closed without effect"),
}
# How each state counts in the ledger that the worker sees and the appraisal reads.
COUNTS_AS = {
    "kept": "waiting",
    "applied": "counted",
    "waiting": "waiting",
    "conflict": "waiting",
    "quarantined": "returned",
    "set_aside": "returned",
}

MOST_RECORDS = 100
MOST_BYTES = 2 * 1024 * 1024
MOST_ASKED = 1000
MOST_PART = 256 * 1024
# A sealed photo is its bytes and the seal's 86 around them.
MOST_FILE = 10 * 1024 * 1024 + 1024
MOST_FILES = 12
PAGE = 500

COOKIE = "maplebridge_device"
COOKIE_DAYS = 400
COOKIE_PATH = "/api/v1/sync"
SALT = "maplebridge.sync.device"

# How wrong the estimate of a phone's clock may be: a slow request looks like a late clock.
CLOCK_ERROR = timedelta(minutes=2)
FORCE_AFTER = timedelta(days=5)
TRIES = 3
RECORDS_DAYS = 90
# A cursor older than this reads anew; changes are kept a little longer.
CURSOR_DAYS = 45
CHANGES_DAYS = 60
# Civil Code 188: a claim about how something was handled lapses after three years.
RAW_DAYS = 3 * 365
# However many phones tell of an unknown receipt, one of them in so long makes a new epoch.
EPOCH_EVERY = timedelta(minutes=10)


def time_of_making(
    phone: datetime,
    offset_ms: int | None,
    *,
    lag_ms: int,
    arrived: datetime,
    not_before: datetime,
) -> datetime:
    """The server's time at which a record was made, from the phone's clock.

    `offset_ms` is server minus phone as known then, `lag_ms` as seen when the record arrived.
    Never after it arrived, never before `not_before`.
    """
    try:
        made = phone + timedelta(milliseconds=lag_ms if offset_ms is None else offset_ms)
    except OverflowError:
        made = arrived
    return max(min(made, arrived), min(not_before, arrived))
