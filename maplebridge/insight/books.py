"""A digest and the numbers of each village as workbooks: what the pages show, figures alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from maplebridge.insight import digest_page, map_page
from maplebridge.insight.digest_asked import asked, needed
from maplebridge.kernel.errors import NotFound
from maplebridge.matters.queries.visible import AREA_KINDS
from maplebridge.ui.doors import ANY_POST, StaffRequest, for_posts
from maplebridge.ui.sheets import Column, taken_out
from maplebridge.ui.tones import LIGHTS

DIGEST: tuple[Column, ...] = (
    (gettext_lazy("Part of the digest"), 28), (gettext_lazy("What"), 60),
    (gettext_lazy("Number"), 10), (gettext_lazy("Beside it"), 24),
)  # fmt: skip
VILLAGES: tuple[Column, ...] = (
    (gettext_lazy("Area"), 36), (gettext_lazy("Matters"), 10), (gettext_lazy("of them late"), 10),
)  # fmt: skip
Row = tuple[str, str, int | None, str]


@require_GET
@for_posts(*AREA_KINDS)
def digest_book(request: StaffRequest) -> HttpResponse:
    """Every figure of a digest, part by part; NotFound for a day of which none was kept."""
    wanted = asked(request.actor, request.GET, timezone.now())
    scope, shown = needed(wanted), digest_page.page(wanted)
    if "digest" not in shown:
        raise NotFound(_("No digest was kept of this day"))
    title = f"{_('Daily digest')} {scope.name} {wanted.day}"
    return taken_out(request, request.actor, "insight:digest", DIGEST, list(_rows(shown)), title)


def _rows(shown: Mapping[str, Any]) -> Iterator[Row]:
    """(part, what, number, what stands beside it) in the order of the page."""
    for figure in shown["figures"]:
        yield _("In short"), str(figure["label"]), figure["n"], ""
    for warning in shown["warnings"]:
        words = f"{warning['needed']} {warning['because']}"
        yield _("Warnings that need someone"), words, warning["n"], warning["who"]
    for light in shown["lights"]:
        yield _("Open and late"), str(LIGHTS[light["light"]][1]), light["n"], ""
    for place in shown["places"]:
        what = f"{place['group']} · {place['area']}"
        yield _("Comes up again at the same place"), what, place["n"], _("in 90 days")
    for part, rows in ((_("Came in, by category"), shown["groups"]),
                       (_("Came in, by channel"), shown["channels"])):  # fmt: skip
        for row in rows:
            beside = _("28-day mean %(mean)s") % {"mean": row["mean"]}
            yield part, row["label"], row["n"], beside
    for unit in shown["units"]:
        beside = _("of %(whole)s open") % {"whole": unit["open"]}
        yield _("Late, by lead unit"), unit["name"], unit["late"], beside
    for rate in shown["rates"]:
        beside = _("of %(whole)s") % {"whole": rate["whole"]}
        yield _("Of what was closed in 28 days"), rate["label"], rate["part"], beside


@require_GET
@for_posts(*ANY_POST)
def villages_book(request: StaffRequest) -> HttpResponse:
    """What fits the filter of the map, counted by village."""
    wanted = map_page.asked(request.GET)
    areas = map_page.page(request.actor, wanted, timezone.now())["areas"]
    rows = [(area["name"], area["n"], area["late"]) for area in areas]
    return taken_out(request, request.actor, "insight:map", VILLAGES, rows, _("By village"))
