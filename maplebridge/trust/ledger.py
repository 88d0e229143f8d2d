"""How a day of events becomes one hash. Pure functions over (event id, 32-byte event hash)."""

from collections.abc import Iterator, Sequence
from datetime import date

from maplebridge.kernel import chain

Leaf = tuple[int, bytes]
ID_BYTES = 8
PREFIX_BYTES = 8
PACKED_BYTES = ID_BYTES + PREFIX_BYTES
HASH_BYTES = 32


def merkle_root_of(leaves: Sequence[Leaf]) -> bytes:
    """The day's Merkle root, 32 bytes. Each leaf is the id (8 bytes, big-endian) and the hash.

    The id is part of the leaf, so two events that swapped places change the root.
    """
    return chain.merkle_root([_id_bytes(number) + digest for number, digest in leaves])


def day_digest(day: date, count: int, highest_id: int, root: bytes, previous: bytes) -> bytes:
    """SHA-256 over the day, its count, highest id and root, chained to the digest before."""
    payload = {
        "day": day.isoformat(),
        "count": count,
        "highest_id": highest_id,
        "root": root.hex(),
    }
    return chain.digest(payload, previous)


def pack(leaves: Sequence[Leaf]) -> bytes:
    """16 bytes per event: the id and the first 8 bytes of the hash."""
    return b"".join(_id_bytes(number) + digest[:PREFIX_BYTES] for number, digest in leaves)


def unpack(packed: bytes) -> Iterator[Leaf]:
    """The pairs (id, first 8 bytes of the hash) that `pack` was given; ValueError when cut."""
    if len(packed) % PACKED_BYTES:
        raise ValueError("packed leaves have a broken length")
    for start in range(0, len(packed), PACKED_BYTES):
        part = packed[start : start + PACKED_BYTES]
        yield int.from_bytes(part[:ID_BYTES], "big"), part[ID_BYTES:]


def well_formed(leaves: Sequence[Leaf]) -> bool:
    """True when ids are positive and rise strictly and every hash has 32 bytes."""
    last = 0
    for number, digest in leaves:
        if not last < number < 1 << 63 or len(digest) != HASH_BYTES:
            return False
        last = number
    return True


def _id_bytes(number: int) -> bytes:
    return number.to_bytes(ID_BYTES, "big")
