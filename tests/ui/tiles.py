"""Base maps made for the tests: a PMTiles file, a vector tile, a server of tiles as Tianditu has."""

import gzip
import io
import json
import math
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from PIL import Image

ZOOM = 10
PNG, MVT = 2, 1
NONE, GZIP = 1, 2


def picture(colour: tuple[int, ...], size: int = 256) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGBA", (size, size), colour).save(out, "PNG")
    return out.getvalue()


def tile_at(lon: float, lat: float, zoom: int = ZOOM) -> tuple[int, int]:
    """Column and row of the tile of a point."""
    n, phi = 2**zoom, math.radians(lat)
    return int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(phi)) / math.pi) / 2 * n)


def pmtiles(tiles: dict[tuple[int, int], bytes], kind: int) -> bytes:
    """A PMTiles file, version 3, with these tiles of one zoom; directories and vectors gzipped."""
    pack = gzip.compress if kind == MVT else bytes
    packed = sorted((_tile_id(*place), pack(tile)) for place, tile in tiles.items())
    ids, data = [i for i, _tile in packed], [tile for _i, tile in packed]
    deltas = [i - before for i, before in zip(ids, [0, *ids], strict=False)]
    starts = [sum(map(len, data[:n])) + 1 for n in range(len(data))]
    columns = (deltas, [1] * len(data), map(len, data), starts)
    directory = gzip.compress(
        _varint(len(data)) + b"".join(_varint(n) for column in columns for n in column)
    )
    facts = gzip.compress(json.dumps({"vector_layers": []}).encode())
    at = [127, len(directory), 127 + len(directory), len(facts)]
    begins = at[2] + at[3]
    numbers = [*at, begins, 0, begins, sum(map(len, data)), len(data), len(data), len(data)]
    whole = (-1800000000, -850000000, 1800000000, 850000000)
    header = b"PMTiles\x03" + struct.pack("<11Q", *numbers)
    header += struct.pack("<6B", 1, GZIP, GZIP if kind == MVT else NONE, kind, ZOOM, ZOOM)
    header += struct.pack("<4i", *whole) + struct.pack("<B2i", ZOOM, 0, 0)
    return header + directory + facts + b"".join(data)


def water() -> bytes:
    """A vector tile that is water all over, as Protomaps' layers have it."""
    ring = [9, 0, 0, 26, _zigzag(4096), 0, 0, _zigzag(4096), _zigzag(-4096), 0, 15]
    geometry = b"".join(map(_varint, ring))
    feature = _field(3, 0, 3) + _field(4, 2, geometry)
    layer = _field(15, 0, 2) + _field(1, 2, b"water") + _field(2, 2, feature) + _field(5, 0, 4096)
    return _field(3, 2, layer)


def _field(number: int, kind: int, value: int | bytes) -> bytes:
    head = _varint(number << 3 | kind)
    if isinstance(value, int):
        return head + _varint(value)
    return head + _varint(len(value)) + value


def _zigzag(value: int) -> int:
    return value << 1 ^ value >> 31


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _tile_id(x: int, y: int) -> int:
    """The place of a tile on the Hilbert curves of its zoom and of those before."""
    n, d = 2**ZOOM, (4**ZOOM - 1) // 3
    s = n // 2
    while s:
        rx, ry = bool(x & s), bool(y & s)
        d += s * s * (3 * rx ^ ry)
        if not ry:
            if rx:
                x, y = n - 1 - x, n - 1 - y
            x, y = y, x
        s //= 2
    return d


class Tianditu(ThreadingHTTPServer):
    """Answers GetTile as Tianditu's `vec_w` and `cva_w` do: land in one colour, names in another."""

    def __init__(self, colours: dict[str, tuple[int, ...]]) -> None:
        super().__init__(("127.0.0.1", 0), _Tile)
        self.pictures = {layer: picture(colour) for layer, colour in colours.items()}
        self.asked: list[dict[str, str]] = []
        self.host = f"http://127.0.0.1:{self.server_port}"

    def template(self) -> str:
        """What MAPLEBRIDGE_TILES would hold, as docs/settings.md has it."""
        layer = (
            "{host}/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={name}"
            "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}"
            "&TILECOL={{x}}&tk=KEY"
        )
        return " ".join(layer.format(host=self.host, name=name) for name in self.pictures)


class _Tile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Tianditu = self.server
        where = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(where.query).items()}
        server.asked.append(asked)
        right = where.path == f"/{asked['LAYER']}_w/wmts" and asked["tk"] == "KEY"
        self.send_response(200 if right else 403)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(server.pictures[asked["LAYER"]] if right else b"")

    def log_message(self, *args: object) -> None:
        """Say nothing about each request."""
