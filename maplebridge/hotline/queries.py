"""Reads of the room: kept mappings, and the names of places in the directory."""

from datetime import date

from django.utils.translation import gettext as _

from maplebridge.hotline.models import Mapping
from maplebridge.hotline.rules import PlaceFinder
from maplebridge.kernel.errors import NotFound
from maplebridge.org.queries import Directory


def kept_mapping(name: str) -> dict[str, str]:
    """The columns kept under a name; NotFound lists the names there are."""
    kept = dict(Mapping.objects.values_list("name", "columns"))
    if name not in kept:
        raise NotFound(
            _("No mapping is kept as %(name)s. Kept are: %(names)s.")
            % {"name": name, "names": "、".join(kept) or "–"}
        )
    return dict(kept[name])


def place_finder(directory: Directory, on: date) -> PlaceFinder:
    """A finder for names and aliases of towns, villages and grids; merged ones mean their heir."""
    by_id = {a.id: a for a in directory.areas.values()}
    pairs = []
    for area in by_id.values():
        heir = area
        for _step in range(len(by_id)):
            if not heir.merged_into_id:
                break
            heir = by_id[heir.merged_into_id]
        if heir.level != "county" and heir.is_valid_on(on):
            pairs += [(name, heir.code) for name in (area.name, *area.aliases)]
    return PlaceFinder(pairs)
