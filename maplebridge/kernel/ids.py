"""Identifiers: UUIDv7 for commands and records, short codes for people."""

import os
import secrets
import threading
import time
import unicodedata
import uuid
from datetime import datetime

from maplebridge.kernel.chance import draw

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
_VALUE = {char: index for index, char in enumerate(ALPHABET)}
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_lock = threading.Lock()
_last = 0


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562). Without `at` each is larger than the one before it here."""
    global _last  # noqa: PLW0603
    if at is not None:
        stamp = int(at.timestamp() * 1000) << 74 | int.from_bytes(draw(10)) >> 6
    else:
        fresh = time.time_ns() // 1_000_000 << 74 | int.from_bytes(os.urandom(10)) >> 6
        with _lock:
            # Same or earlier millisecond: step on by a random amount, so order holds.
            stamp = fresh if fresh > _last else _last + 1 + secrets.randbits(32)
            _last = stamp
    high, low = stamp >> 62, stamp & ((1 << 62) - 1)
    ms, rand_a = high >> 12, high & 0xFFF
    return uuid.UUID(int=ms << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | low)


def _check_char(body: str) -> str:
    """Weighted sum in GF(32), so any single wrong character and any swap of neighbours shows."""
    total = 0
    for char in body:
        total = _times_two(total) ^ _VALUE[char]
    return ALPHABET[_times_two(total)]


def _times_two(value: int) -> int:
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value  # x^5 + x^2 + 1, primitive


def new_query_code() -> str:
    """Eight characters: seven random (35 bits) and a check character."""
    bits = int.from_bytes(draw(5))
    body = "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 35, 5))
    return body + _check_char(body)


def normalise_query_code(text: str) -> str | None:
    """The code someone typed, forgiving case, spaces, hyphens, full width and O/0, I/L/1.

    None when it is no code or its check character is wrong.
    """
    code = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKE)
    code = "".join(c for c in code if not c.isspace() and c not in "-–—_.")
    if len(code) != 8 or any(c not in _VALUE for c in code):
        return None
    return code if _check_char(code[:7]) == code[7] else None


def format_query_code(code: str) -> str:
    """ABCD-EFGH, as printed and read out."""
    return f"{code[:4]}-{code[4:]}"
