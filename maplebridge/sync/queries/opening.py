"""Opening what phones have sealed."""

from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.sync.models import SealKey, Submission
from maplebridge.sync.record import Record, Unreadable, read_record
from maplebridge.sync.seal import NotSealed, named_key, unseal
from maplebridge.trust import cipher

PURPOSE = "sync-seal"
NONCE_BYTES = 12


@lru_cache(maxsize=32)
def private_half(vault_key: str, key_id: str, kept: bytes) -> ec.EllipticCurvePrivateKey | None:
    """The private half of a key as it is kept; None under another vault key."""
    box = AESGCM(cipher.derive(vault_key, PURPOSE))
    try:
        der = box.decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], key_id.encode())
    except InvalidTag:
        return None
    loaded = load_der_private_key(der, None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return loaded


@lru_cache(maxsize=32)
def _key(key_id: str) -> tuple[bytes, bytes] | None:
    row = SealKey.objects.filter(pk=key_id).first()
    # Nothing of a missing key is remembered: a restore may bring it back.
    if row is None:
        raise LookupError(key_id)
    return bytes(row.public), bytes(row.private)


def unsealed(sealed: bytes) -> bytes:
    """The plain bytes of a seal. InvalidInput("sealed") when no key here opens it."""
    try:
        key_id = named_key(sealed)
        found = _key(key_id)
        private = private_half(settings.VAULT_KEY, key_id, found[1]) if found else None
        if private is None or found is None:
            raise LookupError(key_id)
        return unseal(private, found[0], sealed)
    except NotSealed:
        raise InvalidInput("sealed", _("It was not sealed for this server.")) from None
    except LookupError:
        raise InvalidInput("sealed", _("It was sealed with a key this server lacks.")) from None


def record_of(submission: Submission) -> Record:
    """The record inside a submission. InvalidInput when it cannot be opened or read."""
    if submission.erased_at is not None:
        raise InvalidInput("sealed", _("The words of this record were erased with time."))
    try:
        record = read_record(unsealed(bytes(submission.sealed)))
    except Unreadable as error:
        said = _("It is no record of a known form (%(where)s).") % {"where": str(error)}
        raise InvalidInput("sealed", said) from None
    if record.id != submission.record:
        raise InvalidInput("sealed", _("The record inside names another id."))
    return record
