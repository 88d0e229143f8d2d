"""Sealing to the server's key: what a phone has sealed only the server can open (docs/sync.md).

0x01 · key id (4 bytes) · ephemeral public key (65) · AES-256-GCM ciphertext with its tag (16).
"""

from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = b"\x01"
ID_BYTES, POINT_BYTES, TAG_BYTES = 4, 65, 16
HEAD_BYTES = 1 + ID_BYTES + POINT_BYTES
INFO = b"maplebridge/seal/1"
# Each key seals one message, so the nonce may be the same for all.
NONCE = bytes(12)
CURVE = ec.SECP256R1()


class NotSealed(ValueError):
    """The bytes are no seal, or not one of this key."""


def raw_public(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point, 65 bytes, as WebCrypto's "raw" format has it."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(public_raw: bytes) -> bytes:
    """The four bytes by which a seal names its key."""
    return sha256(public_raw).digest()[:ID_BYTES]


def named_key(sealed: bytes) -> str:
    """The id, in hexadecimal, of the key something was sealed to. NotSealed when it is no seal."""
    if sealed[:1] != VERSION or len(sealed) < HEAD_BYTES + TAG_BYTES:
        raise NotSealed
    return sealed[1 : 1 + ID_BYTES].hex()


def seal(
    public_raw: bytes, plain: bytes, *, ephemeral: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """Seal bytes to a public key. `ephemeral` is given by tests alone, that the result is known."""
    once = ephemeral or ec.generate_private_key(CURVE)
    peer = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public_raw)
    mine = raw_public(once.public_key())
    key = _derive(once.exchange(ec.ECDH(), peer), mine, public_raw)
    return VERSION + key_id(public_raw) + mine + AESGCM(key).encrypt(NONCE, plain, None)


def unseal(private: ec.EllipticCurvePrivateKey, public_raw: bytes, sealed: bytes) -> bytes:
    """The bytes that were sealed to this key. NotSealed when they were not, or were changed."""
    if named_key(sealed) != key_id(public_raw).hex():
        raise NotSealed
    point = sealed[1 + ID_BYTES : HEAD_BYTES]
    try:
        peer = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        key = _derive(private.exchange(ec.ECDH(), peer), point, public_raw)
        return AESGCM(key).decrypt(NONCE, sealed[HEAD_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise NotSealed from error


def _derive(shared: bytes, ephemeral_raw: bytes, public_raw: bytes) -> bytes:
    info = INFO + ephemeral_raw + public_raw
    return HKDF(algorithm=SHA256(), length=32, salt=b"", info=info).derive(shared)
