"""The base map of an installation: none, raster tiles by template, or a PMTiles file."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# Their tiles are drawn in GCJ-02 or BD-09: everything of ours would lie 100–700 m beside them.
SHIFTED = ("autonavi.com", "amap.com", "gaode.com", "qq.com", "gtimg.com", "baidu.com", "bdimg.com")
RANGE = re.compile(r"\{(\d)-(\d)\}")
OWN_FILE = "/ui/basemap.pmtiles"


@dataclass(frozen=True)
class BaseMap:
    """`tiles`: layers from the lowest up, each the addresses its tiles may be asked at."""

    tiles: tuple[tuple[str, ...], ...] = ()
    credit: str = ""
    pmtiles: str = ""  # address for the browser
    file: Path | None = None  # where it lies when we serve it ourselves

    @property
    def origins(self) -> list[str]:
        """Other sites that the browser must be allowed to ask, for the content policy."""
        asked = [*(url for layer in self.tiles for url in layer), self.pmtiles]
        return list(dict.fromkeys(o for url in asked if (o := _origin(url))))


def read_base_map(tiles: str, credit: str, pmtiles: str) -> BaseMap:
    """From the settings' words; ImproperlyConfigured says what is wrong with them.

    `tiles` holds templates with {z}, {x}, {y} and spaces between layers; {0-7} stands for a
    number of several servers. Tiles must be in Web Mercator over WGS-84 or CGCS2000.
    """
    if tiles and pmtiles:
        raise ImproperlyConfigured("Set MAPLEBRIDGE_TILES or MAPLEBRIDGE_PMTILES, not both")
    layers = tuple(_servers(template) for template in tiles.split())
    if not pmtiles:
        return BaseMap(tiles=layers, credit=credit)
    if urlsplit(pmtiles).scheme in {"http", "https"}:
        return BaseMap(pmtiles=pmtiles, credit=credit)
    if not Path(pmtiles).is_file():
        raise ImproperlyConfigured(f"MAPLEBRIDGE_PMTILES: there is no file {pmtiles}")
    return BaseMap(pmtiles=OWN_FILE, file=Path(pmtiles), credit=credit)


def _servers(template: str) -> tuple[str, ...]:
    where = urlsplit(template)
    if not all(part in template for part in ("{z}", "{x}", "{y}")) or (
        where.scheme not in {"http", "https", ""}
    ):
        raise ImproperlyConfigured("MAPLEBRIDGE_TILES wants https://…{z}…{x}…{y}, not " + template)
    if any((where.hostname or "").endswith(host) for host in SHIFTED):
        raise ImproperlyConfigured(
            f"MAPLEBRIDGE_TILES: tiles of {where.hostname} are shifted (GCJ-02 or BD-09); "
            "take tiles in WGS-84 or CGCS2000, such as Tianditu's _w layers"
        )
    if found := RANGE.search(template):
        numbers = range(int(found[1]), int(found[2]) + 1)
        return tuple(RANGE.sub(str(n), template, count=1) for n in numbers)
    return (template,)


def _origin(url: str) -> str:
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}" if where.netloc else ""
