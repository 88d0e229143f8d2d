"""Hashes that tie records together: one chain per matter, one Merkle root per day."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

GENESIS = bytes(32)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a chained time must be aware")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} cannot be chained")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("float cannot be chained: its text differs between systems")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("keys must be text")
            _refuse_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _refuse_floats(inner)


def canonical(payload: Mapping[str, object]) -> bytes:
    """The one byte form of a record: JSON, sorted keys, no spaces, UTF-8. TypeError on floats."""
    _refuse_floats(payload)
    text = json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return text.encode()


def digest(payload: Mapping[str, object], previous: bytes) -> bytes:
    """SHA-256 over the previous record's 32-byte hash and the canonical form of this one."""
    return hashlib.sha256(bytes(previous) + canonical(payload)).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The RFC 6962 tree hash of the leaves in order; O(log n) memory. Empty: SHA-256 of nothing."""
    stack: list[tuple[int, bytes]] = []  # (height, hash), heights strictly falling
    for leaf in leaves:
        node = (0, hashlib.sha256(b"\x00" + bytes(leaf)).digest())
        while stack and stack[-1][0] == node[0]:
            height, left = stack.pop()
            node = (height + 1, hashlib.sha256(b"\x01" + left + node[1]).digest())
        stack.append(node)
    if not stack:
        return hashlib.sha256(b"").digest()
    root = stack.pop()[1]
    while stack:
        root = hashlib.sha256(b"\x01" + stack.pop()[1] + root).digest()
    return root


def text_digest(text: str, salt: bytes) -> bytes:
    """HMAC-SHA256 of a text under its own salt: without the salt it says nothing about the text."""
    return hmac.new(bytes(salt), text.encode(), hashlib.sha256).digest()
