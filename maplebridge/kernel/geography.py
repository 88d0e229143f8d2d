"""Places: WGS-84 inside, GCJ-02 and BD-09 converted at the edge, metres and square kilometres."""

import math
from collections.abc import Sequence

from maplebridge.kernel.errors import InvalidInput, Said

EARTH_M = 6_371_008.8  # mean radius, IUGG
_A, _EE = 6_378_245.0, 0.006_693_421_622_965_943  # Krasovsky 1940, as GCJ-02 uses it
_BD = math.pi * 3000 / 180
SYSTEMS = ("wgs84", "gcj02", "bd09")


def check_point(lon: float, lat: float) -> None:
    """InvalidInput("lon" or "lat") unless both are finite degrees on Earth, not both zero."""
    if not (isinstance(lon, (int, float)) and math.isfinite(lon) and -180 <= lon <= 180):
        raise InvalidInput("lon", Said("A longitude lies between -180 and 180 degrees."))
    if not (isinstance(lat, (int, float)) and math.isfinite(lat) and -90 <= lat <= 90):
        raise InvalidInput("lat", Said("A latitude lies between -90 and 90 degrees."))
    if lon == 0 and lat == 0:
        raise InvalidInput(
            "lon", Said("Longitude 0, latitude 0 lies in the sea: the position was not known.")
        )


def _in_china(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """The published GCJ-02 offset in degrees at a WGS-84 point."""
    x, y = lon - 105.0, lat - 35.0
    wave = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave * 2 / 3
    )
    north += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave * 2 / 3
    east += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    radians = math.radians(lat)
    magic = 1 - _EE * math.sin(radians) ** 2
    root = math.sqrt(magic)
    return (
        math.degrees(east / (_A / root * math.cos(radians))),
        math.degrees(north / (_A * (1 - _EE) / (magic * root))),
    )


def _to_gcj(lon: float, lat: float) -> tuple[float, float]:
    if not _in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def _from_gcj(lon: float, lat: float) -> tuple[float, float]:
    if not _in_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(10):  # fixed point: the offset changes slowly, 1e-9° after four rounds
        there_lon, there_lat = _to_gcj(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
        if abs(there_lon - lon) < 1e-9 and abs(there_lat - lat) < 1e-9:
            break
    return guess_lon, guess_lat


def _gcj_to_bd(lon: float, lat: float) -> tuple[float, float]:
    far = math.hypot(lon, lat) + 0.000_02 * math.sin(lat * _BD)
    angle = math.atan2(lat, lon) + 0.000_003 * math.cos(lon * _BD)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def _bd_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(10):
        there_lon, there_lat = _gcj_to_bd(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat


def to_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]:
    """WGS-84 degrees of a point in "wgs84", "gcj02" or "bd09"; InvalidInput("crs") otherwise."""
    if crs == "wgs84":
        return lon, lat
    if crs == "gcj02":
        return _from_gcj(lon, lat)
    if crs == "bd09":
        return _from_gcj(*_bd_to_gcj(lon, lat)) if _in_china(lon, lat) else (lon, lat)
    raise InvalidInput("crs", Said("Name one of these: %(known)s.", known=", ".join(SYSTEMS)))


def from_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]:
    """Degrees in "wgs84", "gcj02" or "bd09" of a WGS-84 point; InvalidInput("crs") otherwise."""
    if crs == "wgs84":
        return lon, lat
    if crs == "gcj02":
        return _to_gcj(lon, lat)
    if crs == "bd09":
        return _gcj_to_bd(*_to_gcj(lon, lat)) if _in_china(lon, lat) else (lon, lat)
    raise InvalidInput("crs", Said("Name one of these: %(known)s.", known=", ".join(SYSTEMS)))


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance in metres (haversine, mean Earth radius)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    a = math.sin((phi2 - phi1) / 2) ** 2
    a += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(a)))


def area_km2(ring: Sequence[tuple[float, float]]) -> float:
    """Area of a ring of (lon, lat) degrees on the sphere, in km²; within 0.5 % of the ellipsoid."""
    total = 0.0
    for (lon1, lat1), (lon2, lat2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        total += math.radians(lon2 - lon1) * (
            math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        )
    return abs(total) * EARTH_M**2 / 2 / 1e6
