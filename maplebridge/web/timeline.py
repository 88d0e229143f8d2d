"""Events in words, for members of staff."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from maplebridge.matters.flow import (
    CONTACT_RESULTS,
    DECLINE_REASONS,
    FIELDS,
    FLOW,
    REACHED,
    RECEIVERS,
    RETURN_REASONS,
    SATISFIED,
    SOLVED,
    STATUSES,
    URGENCIES,
)
from maplebridge.matters.models import Matter, MatterEvent, Report
from maplebridge.matters.queries import events_of, is_told
from maplebridge.matters.queries.supervising import post_names, told_ids, told_of
from maplebridge.org.queries import directory
from maplebridge.trust.queries import passages
from maplebridge.ui.templatetags.ui import limit_words, time_words
from maplebridge.web.attached import attached, lacking

ICONS = {
    "report": ("inbox", "info"), "follow": ("users", "info"), "add": ("edit", "info"),
    "dispatch": ("send", "info"), "accept": ("signed", "info"), "start": ("phone", "busy"),
    "return_back": ("return", "warn"), "rule": ("scale", "info"), "classify": ("tag", "calm"),
    "hand_on": ("send", "info"), "hand_part_on": ("send", "info"), "hand_back": ("return", "warn"),
    "handle": ("file-check", "busy"),
    "rework": ("refresh", "warn"), "close": ("check-circle", "good"),
    "settle_on_spot": ("check-circle", "good"), "answer": ("message", "good"),
    "evaluate": ("star", "info"), "reopen": ("refresh", "warn"), "suspend": ("pause", "calm"),
    "resume": ("play", "busy"), "escalate": ("flag", "warn"), "supervise": ("flag", "warn"),
    "correct": ("edit", "bad"), "alert": ("bell", "bad"), "acknowledge": ("check-circle", "good"),
    "mark_urgent": ("alert", "bad"), "recall": ("return", "calm"), "call_back": ("phone", "info"),
    "helper_accept": ("signed", "info"), "helper_done": ("file-check", "busy"),
    "overturn": ("refresh", "warn"), "ask_extension": ("question", "warn"),
    "ask_suspension": ("question", "warn"), "ask_reopening": ("question", "warn"),
    "extend": ("check", "good"), "refuse_extension": ("x-circle", "calm"),
    "refuse_suspension": ("x-circle", "calm"), "refuse_reopening": ("x-circle", "calm"),
    "uphold": ("check", "good"), "merge": ("merge", "calm"), "absorb": ("merge", "calm"),
    "refer": ("external", "calm"), "archive": ("archive", "calm"), "remark": ("message", "calm"),
}  # fmt: skip
LEVELS = dict(FIELDS["level"].choices)
CHANNELS = dict(Report.Channel.choices)
ACTORS = {
    "timer": gettext_lazy("By the clock"),
    "reporter": gettext_lazy("Reporter"),
    "anyone": gettext_lazy("Reporter"),
}


def _unit(pk: Any) -> str:
    unit = directory().units.get(pk)
    return unit.name if unit else "—"


def _units(pks: Any) -> str:
    return "、".join(_unit(pk) for pk in pks)


def _moment(text: Any) -> str:
    return time_words(parse_datetime(text))


def _day(text: Any) -> str:
    return time_words(parse_date(text))


def _among(choices: Iterable[tuple[str, object]]) -> Callable[[Any], str]:
    words = dict(choices)
    return lambda key: str(words.get(str(key), key))


def _category(code: Any) -> str:
    category = directory().category(str(code))
    return category.label if category else str(code)


# What of an event's data is shown, by key: label and reader. `code` depends on the step.
SHOWN: tuple[tuple[str, object, Callable[[Any], str]], ...] = (
    ("channel", gettext_lazy("Channel"), _among(CHANNELS.items())),
    ("category", gettext_lazy("Category"), _category),
    ("lead", gettext_lazy("Lead"), _unit),
    ("helpers", gettext_lazy("Helpers"), _units),
    ("handle", gettext_lazy("Limit to handle"), limit_words),
    ("instead", gettext_lazy("Where to go instead"), str),
    ("receiver", gettext_lazy("To whom"), _among(RECEIVERS)),
    ("receipt", gettext_lazy("Their receipt number"), str),
    ("basis", gettext_lazy("Legal basis"), str),
    ("from_unit", gettext_lazy("Taken from"), _unit),
    ("belongs_to", gettext_lazy("Whom it belongs to"), _unit),
    ("contact", gettext_lazy("First contact"), _among(CONTACT_RESULTS)),
    ("until", gettext_lazy("Until"), _day),
    ("due_before", gettext_lazy("Due before"), _moment),
    ("due_after", gettext_lazy("Due now"), _moment),
    ("review_on", gettext_lazy("Review on"), _day),
    ("units", pgettext_lazy("of helpers", "Units"), _units),
    ("target", gettext_lazy("Into"), lambda v: str(STATUSES.get(v, v))),
    ("from", gettext_lazy("Joined"), str),
    ("reached", gettext_lazy("Reporter reached"), _among(REACHED)),
    ("solved", pgettext_lazy("what the reporter says", "Solved"), _among(SOLVED)),
    ("satisfied", pgettext_lazy("what the reporter says", "Satisfied"), _among(SATISFIED)),
    ("urgency", gettext_lazy("Danger"), _among(URGENCIES)),
    ("alarm", gettext_lazy("Alarm level"), str),
    ("level", gettext_lazy("Light"), lambda v: str(LEVELS.get(str(v), v))),
)
# Where a key of the data means something of its own in one step.
LABELS = {("merge", "target"): gettext_lazy("Merged into")}
CODES = {"decline": _among(DECLINE_REASONS), "return_back": _among(RETURN_REASONS)}


def facts_of(event: MatterEvent, posts: Mapping[int, tuple[str, str]] | None = None) -> str:
    """The event's data as one line of "label: value"; keys without a label are not for people.

    `posts` names the posts of "told" (`post_names`); without it whom an event told is left out.
    """
    parts = []
    if event.step in CODES and "code" in event.data:
        parts.append(CODES[event.step](event.data["code"]))
    for key, label, read in SHOWN:
        if event.data.get(key) not in (None, "", []):
            said = {"label": LABELS.get((event.step, key), label), "value": read(event.data[key])}
            parts.append(_("%(label)s: %(value)s") % said)
    if told := told_of(event.data, posts or {}):
        said = {"label": _("Told"), "value": "；".join(told)}
        parts.append(_("%(label)s: %(value)s") % said)
    return " · ".join(parts)


def label_of(step: str) -> str:
    """The step's word; "report" is the event before any step."""
    return _("Reported") if step == "report" else str(FLOW.step(step).label)


def timeline(matter: Matter) -> list[dict[str, Any]]:
    """The matter's events, newest first, as the timeline part draws them."""
    events = events_of(matter)
    texts = passages(e.passage_id for e in events if e.passage_id)
    posts = post_names(told_ids(events))
    gone = lacking(e.data for e in events)
    return [
        _entry(matter, e, texts, posts) | {"photos": attached(matter, e.data, gone=gone)}
        for e in events
    ]


def _entry(
    matter: Matter,
    event: MatterEvent,
    texts: Mapping[Any, str],
    posts: Mapping[int, tuple[str, str]],
) -> dict[str, Any]:
    icon, tone = ICONS.get(event.step, ("circle", "calm"))
    post = event.post
    return {
        "at": event.at,
        "title": label_of(event.step),
        "who": event.person.name if event.person else str(ACTORS.get(event.actor_kind, "")),
        "post": f"{post.unit.name} {post.title}" if post else "",
        "facts": facts_of(event, posts),
        "note": texts.get(event.passage_id, "") if event.passage_id else "",
        "seen": is_told(event.step) if event.passage_id else None,
        "icon": icon,
        "tone": tone,
        "correction": event.step == "correct",
    }
