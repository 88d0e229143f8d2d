"""AES-256-GCM for single fields. Pure functions: the key comes in as hex."""

import hashlib
import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.trust.rules import normal_phone

# First byte of every ciphertext, so that a later scheme or key can stand beside this one.
VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16


class VaultError(MaplebridgeError):
    """A stored field cannot be opened: wrong key, or its row was changed. Names no content."""

    code = "damaged"


@lru_cache(maxsize=16)
def derive(master_hex: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose from the master key (HKDF-SHA256, RFC 5869).

    ValueError when the master key is not 64 hex digits.
    """
    try:
        master = bytes.fromhex(master_hex)
    except ValueError:
        master = b""
    if len(master) != 32:
        raise ValueError("MAPLEBRIDGE_VAULT_KEY must be 64 hexadecimal digits (32 bytes).")
    info = f"maplebridge/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def encrypt(master_hex: str, entry: UUID, field: str, value: str) -> bytes:
    """Version byte, 12-byte random nonce, ciphertext and 16-byte tag, bound to entry and field."""
    nonce = os.urandom(NONCE_BYTES)
    box = AESGCM(derive(master_hex, "vault"))
    return VERSION + nonce + box.encrypt(nonce, value.encode(), _bound(entry, field))


def decrypt(master_hex: str, entry: UUID, field: str, cipher: bytes) -> str:
    """The value that `encrypt` was given; VaultError when key, row or bytes differ."""
    nonce, body = cipher[1 : 1 + NONCE_BYTES], cipher[1 + NONCE_BYTES :]
    try:
        if cipher[:1] != VERSION or len(body) < TAG_BYTES:
            raise InvalidTag
        return (
            AESGCM(derive(master_hex, "vault")).decrypt(nonce, body, _bound(entry, field)).decode()
        )
    except InvalidTag:
        facts = {"entry": entry, "field": field}
        raise VaultError(
            _(
                "Vault entry %(entry)s (%(field)s) cannot be opened: "
                "the vault key is another one, or the row was changed."
            )
            % facts
        ) from None


def phone_lookup(master_hex: str, phone: str) -> bytes | None:
    """HMAC-SHA256 of the normalised phone, 32 bytes; None when it has no digits."""
    digits = normal_phone(phone)
    if not digits:
        return None
    return hmac.new(derive(master_hex, "phone-lookup"), digits.encode(), hashlib.sha256).digest()


def _bound(entry: UUID, field: str) -> bytes:
    return entry.bytes + field.encode()
