"""When a message may leave the house, and what a robot's address is: no database, no clock."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AT_ONCE, GATHERED, OFF = "at_once", "gathered", "off"
CHOICES = (
    (AT_ONCE, _("At once")),
    (GATHERED, _("Gathered, twice a day")),
    (OFF, _("Only in Maplebridge")),
)
# The groups a person chooses for; alarms are a group of their own that nobody can put off.
URGENT = "urgent"
GROUPS = ("assigned", "decisions", "late")
DEFAULTS = {"assigned": AT_ONCE, "decisions": AT_ONCE, "late": GATHERED}
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 30)
# Gathered messages go out as the halves of the office day begin.
GATHERED_AT = (time(8, 30), time(14, 0))
# Between two sendings to one channel; what comes meanwhile goes together.
GAP = timedelta(minutes=5)

MAX_TRIES = 12  # with the waits below about 16 hours: a night without a line loses nothing
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
LINES = 10  # of one text; WeCom takes 2048 bytes
KEPT_DAYS = 180
# The page of all messages; pages are named, as they belong to rooms above.
LIST_PAGE = "web:messages"

CHANNELS: dict[str, str | Promise] = {
    "mail": _("Mail"),
    "dingtalk": _("DingTalk"),
    "wecom": _("WeCom"),
    "feishu": _("Feishu"),
}
# What a person pastes is the robot's whole address or the key in it; only the key is kept, and
# after a space the secret with which a DingTalk robot wants its messages signed (加签).
_KEYS = {
    "dingtalk": re.compile(
        r"(?:\S*[?&]access_token=)?([A-Za-z0-9]{8,128})(?:&\S*)?(?:\s+(SEC[A-Za-z0-9]{8,128}))?"
    ),
    "wecom": re.compile(r"(?:.*[?&]key=)?([A-Za-z0-9_-]{8,128})(?:&.*)?"),
    "feishu": re.compile(r"(?:.*/hook/)?([A-Za-z0-9_-]{8,128})/?(?:\?.*)?"),
}
# Why a sending failed, in plain words; %(detail)s is a number from the other side.
FAILURES: dict[str, str | Promise] = {
    "unreachable": _("The server cannot be reached."),
    "timeout": _("The server did not answer in time."),
    "rejected": _("The server refused the message (%(detail)s). Is the address still right?"),
    "broken": _("The server has a fault of its own (%(detail)s)."),
    "busy": _("The server wants fewer messages for a while (%(detail)s)."),
    "unset": _("Mail is not set up on this installation."),
    "unreadable": _("The kept address cannot be opened: it must be entered again."),
}


@dataclass(frozen=True)
class Kind:
    """A kind of message: its word, the group it is chosen by, and the name of the page about it,
    which takes the number. `says` gives figures to a number: nothing but figures and their words;
    `about` says in words what a number that is not a matter's stands for, inside the house.
    """

    name: str
    label: str | Promise
    group: str
    page: str
    says: Callable[[str], list[str]] | None = None
    about: Callable[[str], str] | None = None


_kinds: dict[str, Kind] = {}


def register(kinds: Iterable[Kind]) -> None:
    """Make kinds of message known; rooms do so when the program starts. ValueError: no group."""
    for kind in kinds:
        if kind.group not in (URGENT, *GROUPS):
            raise ValueError(f"{kind.name} has no group of messages: {kind.group!r}")
        _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind of this name; one that no room knows any more is shown by its bare name."""
    return _kinds.get(name) or Kind(name, name, "assigned", "")


def urgent_kinds() -> list[str]:
    """Names of the kinds that go at once whatever the hour."""
    return [kind.name for kind in _kinds.values() if kind.group == URGENT]


@dataclass(frozen=True)
class Wish:
    """How a person wants to be told outside the house; times are local."""

    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    assigned: str = DEFAULTS["assigned"]
    decisions: str = DEFAULTS["decisions"]
    late: str = DEFAULTS["late"]


def is_quiet(wish: Wish, moment: datetime) -> bool:
    """True inside the quiet hours, whose end is outside; equal times mean none."""
    now, start, end = timezone.localtime(moment).time(), wish.quiet_from, wish.quiet_to
    return start <= now < end if start <= end else now >= start or now < end


def after_quiet(wish: Wish, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into."""
    return _next(moment, (wish.quiet_to,)) if is_quiet(wish, moment) else moment


def _next(moment: datetime, times: Iterable[time]) -> datetime:
    """The first of these local times at or after a moment."""
    local = timezone.localtime(moment)
    days = (local.date(), local.date() + timedelta(days=1))
    found = (datetime.combine(day, at, tzinfo=local.tzinfo) for day in days for at in sorted(times))
    return next(at for at in found if at >= local)


def may_go_at(
    wish: Wish,
    group: str,
    *,
    urgent: bool,
    told_at: datetime,
    now: datetime,
    last_sent_at: datetime | None,
) -> datetime:
    """When a waiting message may go: `now` or later.

    Alarms now. A message of an urgent matter is not gathered, but respects the quiet hours. One
    that waits while its group is switched off was told before that and is gathered.
    """
    if group == URGENT:
        return now
    when = max(told_at, now)
    if not urgent and getattr(wish, group) != AT_ONCE:
        when = max(when, _next(told_at, GATHERED_AT))
    if last_sent_at is not None:
        when = max(when, last_sent_at + GAP)
    return after_quiet(wish, when)


def wait_after(failures: int, spread: float) -> timedelta:
    """How long to wait after so many failures in a row; `spread` in [0, 1) parts the crowd."""
    wait = min(FIRST_WAIT * (1 << min(failures - 1, 16)), LONGEST_WAIT)
    return wait * (0.8 + 0.4 * spread)


def key_of(channel: str, typed: str) -> str | None:
    """The key in a robot's address, with its secret where one follows, or None when there is none;
    mail addresses stay as they are."""
    text = typed.strip()
    if channel == "mail":
        return text or None
    found = _KEYS[channel].fullmatch(text)
    return " ".join(filter(None, found.groups())) if found else None


def text_of(lines: list[str], url: str) -> tuple[str, str]:
    """(subject, body) of what leaves the house: one line, or several under a count."""
    brand = _("Maplebridge")
    if len(lines) == 1:
        subject = f"{brand}: {lines[0]}"
        return subject, f"{subject}\n{url}"
    subject = f"{brand}: " + str(_("%(count)s messages") % {"count": len(lines)})
    shown = lines[:LINES]
    if len(lines) > LINES:
        shown.append(str(_("and %(count)s more") % {"count": len(lines) - LINES}))
    return subject, "\n".join([subject, *shown, url])
