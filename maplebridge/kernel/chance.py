"""Where codes, salts and ids draw from: the system's secrets, or a source of the demo's own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

_own: ContextVar[Random | None] = ContextVar("own source", default=None)


def draw(count: int) -> bytes:
    """So many random bytes that nobody can foresee, unless this context is `drawing_from`."""
    source = _own.get()
    return secrets.token_bytes(count) if source is None else source.randbytes(count)


@contextmanager
def drawing_from(source: Random) -> Iterator[None]:
    """Draw from a source that repeats itself, in this context alone.

    Whoever knows its seed knows every code and salt drawn inside: for the demo only, where all is
    invented and shall be the same each time. Keys and nonces never come from here.
    """
    token = _own.set(source)
    try:
        yield
    finally:
        _own.reset(token)
