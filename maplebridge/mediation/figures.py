"""The pages of figures: counts for leaders, each opening the heads behind it."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maplebridge.kernel.codes import covers
from maplebridge.kernel.errors import NotFound
from maplebridge.mediation import pages
from maplebridge.mediation.queries.statistics import behind, rows, table
from maplebridge.mediation.rules import TYPE_LISTS
from maplebridge.org.queries import directory
from maplebridge.org.rules import Actor

GROUPS = {
    "whole": gettext_lazy("As a whole"),
    "host": gettext_lazy("By host"),
    "source": gettext_lazy("By source"),
    "body": gettext_lazy("Entrusted by"),
    "type": gettext_lazy("By type"),
    "form": gettext_lazy("By form"),
}
KINDS = ("supervisor", "verifier", "dispatcher", "handler")


def _scope(actor: Actor, asked: QueryDict) -> str:
    """The area asked for, where a post reaches it; else the widest of one's own."""
    own = actor.scopes(KINDS)
    wanted = asked.get("scope", "")
    if wanted and any(covers(scope, wanted) for scope in own):
        return wanted
    return min(own, key=lambda code: (len(code), code))


def _choices(actor: Actor) -> list[tuple[str, str]]:
    town = directory()
    return [
        (area.code, town.area_names(area.code))
        for area in town.areas.values()
        if area.level != "grid"
        and area.valid_to is None
        and any(covers(scope, area.code) for scope in actor.scopes(KINDS))
    ]


def figures_page(actor: Actor, asked: QueryDict) -> dict[str, Any]:
    """The table, by groups; each figure with the address of its list."""
    scope = _scope(actor, asked)
    begin, end = pages.days(asked, timezone.localdate())
    types = asked.get("types", "2021")
    types = types if types in TYPE_LISTS else "2021"
    query = f"scope={scope}&begin={begin}&end={end}&types={types}"
    grouped: dict[str, list[tuple[Any, str]]] = {}
    for figure in table(scope, begin, end, types):
        countable = figure.row.measure == "files"
        url = f"{reverse('mediation:files', args=[figure.row.code])}?{query}" if countable else ""
        grouped.setdefault(figure.row.group, []).append((figure, url))
    return {
        "groups": [(GROUPS[name], found) for name, found in grouped.items()],
        "scope": scope, "scopes": _choices(actor), "begin": begin, "end": end, "types": types,
        "type_lists": list(TYPE_LISTS), "area": directory().area_names(scope),
    }  # fmt: skip


def files_page(actor: Actor, code: str, asked: QueryDict) -> dict[str, Any]:
    """Heads behind a figure: numbers, types, committees, dates; nobody's name."""
    begin, end = pages.days(asked, timezone.localdate())
    types = asked.get("types", "2021")
    known = {row.code: row for row in rows(types if types in TYPE_LISTS else "2021")}
    if code not in known:
        raise NotFound(_("There is no such figure."))
    start = int(asked["from"]) if asked.get("from", "").isdigit() else 0
    found = behind(known[code], _scope(actor, asked), begin, end).prefetch_related("mediators")
    shown = list(found[start : start + pages.PAGE + 1])
    today = timezone.localdate()
    query = asked.copy()
    query["from"] = str(start + pages.PAGE)
    return {
        "row": known[code], "begin": begin, "end": end, "count": found.count(),
        "rows": [pages.head(m, actor, today) for m in shown[: pages.PAGE]],
        "older_url": f"?{query.urlencode()}" if len(shown) > pages.PAGE else "",
    }  # fmt: skip
