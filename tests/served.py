"""What the browser tests' server serves: our site, which looks for a changed directory each time."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connections

settings.WHITENOISE_AUTOREFRESH = False  # one server asks for the same files again and again

from maplebridge.config.wsgi import application as site  # noqa: E402
from maplebridge.org.queries import lookups  # noqa: E402

DONE = "/done"
lookups.FRESH_SECONDS = 0.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site; at DONE it forgets and lets the database go, after whatever was asked before."""
    if environ["PATH_INFO"] != DONE:
        return site(environ, start_response)
    cache.clear()
    connections.close_all()
    start_response("204 No Content", [])
    return []
