"""Reply templates that fit a matter, with their braces filled in."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.kernel.text import fill
from maplebridge.matters.models import Matter
from maplebridge.org.models import ReplyTemplate
from maplebridge.org.queries import replies_valid
from maplebridge.ui.templatetags.ui import time_words

USES = frozenset(ReplyTemplate.Use.values)


def replies_for(matter: Matter, names: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """Field to {"name", "text"} of the templates valid today for the matter's unit and category."""
    wanted, today = USES.intersection(names), timezone.localdate()
    if not wanted:
        return {}
    found = replies_valid(list(wanted), matter.lead_id, matter.category_id, today)
    facts, replies = facts_of(matter), {}
    for made in found:
        ready = {"name": made.name, "text": fill(made.text, facts)}
        replies.setdefault(made.use, []).append(ready)
    return replies


def facts_of(matter: Matter) -> dict[str, str]:
    """What the braces of a template stand for."""
    due = timezone.localdate(matter.due_at) if matter.due_at else None
    return {
        "number": matter.number,
        "title": matter.title,
        "unit": matter.lead.name if matter.lead else _("the unit in charge"),
        "until": time_words(due) if due else _("the date we will tell you"),
        "today": time_words(timezone.localdate()),
    }
