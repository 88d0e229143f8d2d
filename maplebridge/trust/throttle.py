"""How often one address may act without signing in.

A bucket per address in each worker's memory: no round trip, no shared store. With several workers
an address may therefore reach the quota once per worker; MAPLEBRIDGE_THROTTLE is the quota of one.
"""

import os
import threading
import time
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import TooMany

MINUTE = 60.0
MOST_ADDRESSES = 50_000


class Bucket:
    """A token bucket per key: `quota` at once, refilled evenly over a minute."""

    def __init__(self, quota: int) -> None:
        self.quota = quota
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, now: float | None = None) -> float:
        """Take one and return 0, or the seconds until there is one again."""
        moment = time.monotonic() if now is None else now
        rate = self.quota / MINUTE
        with self._lock:
            left, since = self._left.get(key, (float(self.quota), moment))
            left = min(float(self.quota), left + (moment - since) * rate)
            if left < 1:
                return (1 - left) / rate
            if len(self._left) >= MOST_ADDRESSES and key not in self._left:
                self._forget(moment)
            self._left[key] = (left - 1, moment)
            return 0.0

    def _forget(self, moment: float) -> None:
        # Buckets untouched for a minute are full again, so nothing is lost with them.
        self._left = {k: v for k, v in self._left.items() if moment - v[1] < MINUTE}
        if len(self._left) >= MOST_ADDRESSES:
            self._left.clear()


_buckets: dict[str, Bucket] = {}


def throttling() -> bool:
    """False where the operator has switched it off."""
    return os.environ.get("MAPLEBRIDGE_THROTTLE", "60") != "off"


def throttle(request: HttpRequest, act: str) -> None:
    """Count one act of this address; TooMany when it is over the quota of the act."""
    raw = os.environ.get("MAPLEBRIDGE_THROTTLE", "60")
    if not throttling():
        return
    bucket = _buckets.setdefault(f"{act} {raw}", Bucket(max(int(raw), 1)))
    if seconds := bucket.wait(client_address(request)):
        raise TooMany(_("Too many at once. Try again in a minute."), seconds=seconds)


def client_address(request: HttpRequest) -> str:
    """Who sent this, as far as we trust it: the entry our own outermost proxy appended.

    Entries further left in X-Forwarded-For are the client's own claim and are ignored. IPv6
    addresses count by their /64, which one customer has for himself.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if hops := settings.TRUSTED_PROXIES:
        chain = [p.strip() for p in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= hops and chain[-hops]:
            address = chain[-hops]
    try:
        known = ip_address(address)
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", ""))
    if isinstance(known, IPv6Address):
        return str(ip_network((known, 64), strict=False))
    return str(known)
