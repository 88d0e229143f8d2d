"""A digest in words: labels, comparisons, warnings, and the three lines of a message."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.insight.queries import named_scope, numbered, parts_of
from maplebridge.insight.queries.digest import Content, Part, Warned
from maplebridge.insight.rules import BY_NAME, FEWEST_DAYS, unusual
from maplebridge.matters.models import Report
from maplebridge.org.models import Post, Unit
from maplebridge.org.queries import directory
from maplebridge.ui.templatetags.ui import time_words


def group_label(code: str) -> str:
    """The name of a category group; "" is what has no category yet."""
    found = next((c for c in directory().categories.values() if c.code.startswith(code)), None)
    if not code:
        return _("No category yet")
    return found.group_label if found else code


def channel_label(code: str) -> str:
    """The way by which something was told."""
    return str(Report.Channel(code).label)


def unit_name(code: str) -> str:
    """A unit's present name by its code."""
    return next((u.name for u in directory().units.values() if u.code == code), code)


def mean_words(before: int, days: int) -> str:
    """The mean of the days before, with one decimal; a dash without enough history."""
    return f"{before / days:.1f}" if days >= FEWEST_DAYS else "—"


def compared(part: Part, days: int, *, whole_day: bool) -> str:
    """ "more than usual" or "fewer", only where chance does not explain it; a day that is not
    over can be busy already, but not quiet yet."""
    found = unusual(part["n"] or 0, part["before"], days)
    if found == "fewer" and not whole_day:
        return ""
    return {"more": _("more than usual"), "fewer": _("fewer than usual")}.get(found, "")


def warning_words(warned: Warned) -> dict[str, str]:
    """Why, what is needed, and who: a kind of post and unit, never a person."""
    rule, says = BY_NAME[warned["rule"]], warned["says"]
    town = directory()
    category = town.category(says.get("category", ""))
    named = {
        "n": warned["n"] or 0,
        "unit": unit_name(says.get("unit", "")),
        "area": town.area_names(says["area"]) if says.get("area") else "",
        "category": category.label if category else says.get("category", ""),
        "day": time_words(date.fromisoformat(says["day"])) if says.get("day") else "",
        "year": says.get("year", ""),
    }
    post = str(dict(Post.Kind.choices)[rule.post])
    unit = str(dict(Unit.Kind.choices)[rule.unit_kind]) if rule.unit_kind else ""
    return {
        "because": str(rule.because % named),  # str() first would leave a plural empty
        "needed": str(rule.needed),
        "who": f"{unit} · {post}" if unit else post,
    }


def message_lines(content: Content) -> list[str]:
    """The three lines of the daily message: numbers only."""
    n = {name: figure["n"] or 0 for name, figure in content["figures"].items()}
    n["warnings"] = len(content["warnings"])
    return [
        _("Came in %(came_in)d, closed %(closed)d") % n,
        _("Open %(open)d, late %(late)d, due today %(today)d") % n,
        _("Urgent %(urgent)d, waiting for a decision %(asks)d, warnings %(warnings)d") % n,
    ]


def message_figures(number: str) -> list[str]:
    """The three lines behind the number of a digest; none when it is not kept."""
    digest = numbered(number)
    return message_lines(digest.content) if digest else []


def message_about(number: str) -> str:
    """Whose digest of which day a number stands for; no query for an area or a known station."""
    key, day = parts_of(number)
    return f"{_scope_name(key, directory().stamp)} · {time_words(day)}"


@lru_cache(maxsize=500)
def _scope_name(key: str, _stamp: Any) -> str:
    return named_scope(key)


def local_day() -> date:
    """Today where the township is."""
    return timezone.localdate()
