"""The server's key pair, made once."""

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from maplebridge.sync.models import SealKey
from maplebridge.sync.queries.opening import NONCE_BYTES, PURPOSE, private_half
from maplebridge.sync.seal import CURVE, key_id, raw_public
from maplebridge.trust import cipher


def current_key() -> SealKey:
    """The key that phones seal to now; made at the first call, and anew when the vault key that
    protects it is another one (what was sealed to the old one then stays unread, but kept)."""
    kept = SealKey.objects.filter(current=True).first()
    if kept is not None and private_half(settings.VAULT_KEY, kept.id, bytes(kept.private)):
        return kept
    with transaction.atomic():
        if kept is not None:
            SealKey.objects.filter(pk=kept.pk).update(current=False)
        SealKey.objects.bulk_create([_new_pair()], ignore_conflicts=True)
    return SealKey.objects.get(current=True)


def _new_pair() -> SealKey:
    pair = ec.generate_private_key(CURVE)
    public = raw_public(pair.public_key())
    name = key_id(public).hex()
    der = pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(NONCE_BYTES)
    box = AESGCM(cipher.derive(settings.VAULT_KEY, PURPOSE))
    private = nonce + box.encrypt(nonce, der, name.encode())
    return SealKey(id=name, public=public, private=private, made_at=timezone.now())
