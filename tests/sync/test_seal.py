"""The seal, with vectors written out: a phone in any language must come to the same bytes."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from maplebridge.sync import seal

VECTORS = json.loads(Path(__file__).with_name("seal_vectors.json").read_text(encoding="utf-8"))


def key(number):
    return ec.derive_private_key(int(number, 16), seal.CURVE)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: v["name"])
def test_vectors(vector):
    server, once = key(vector["server_private"]), key(vector["ephemeral_private"])
    public = seal.raw_public(server.public_key())
    assert public.hex() == vector["server_public"]
    assert seal.key_id(public).hex() == vector["key_id"]
    plain = bytes.fromhex(vector["plain"])
    sealed = seal.seal(public, plain, ephemeral=once)
    assert sealed.hex() == vector["sealed"]
    assert seal.unseal(server, public, sealed) == plain


@given(st.binary(max_size=2000))
def test_what_was_sealed_comes_out_again(plain):
    server = ec.generate_private_key(seal.CURVE)
    public = seal.raw_public(server.public_key())
    sealed = seal.seal(public, plain)
    assert len(sealed) == len(plain) + seal.HEAD_BYTES + seal.TAG_BYTES
    assert seal.unseal(server, public, sealed) == plain
    assert seal.seal(public, plain) != sealed


@given(st.data())
def test_one_bit_more_or_less_and_it_stays_shut(data):
    server = key(VECTORS["vectors"][1]["server_private"])
    public = seal.raw_public(server.public_key())
    sealed = bytearray(bytes.fromhex(VECTORS["vectors"][1]["sealed"]))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(seal.NotSealed):
        seal.unseal(server, public, bytes(sealed))


@pytest.mark.parametrize("wrong", [b"", b"\x01", b"\x02" + bytes(200), b"\x01" + bytes(84)])
def test_what_is_no_seal_names_no_key(wrong):
    with pytest.raises(seal.NotSealed):
        seal.named_key(wrong)


def test_another_key_does_not_open_it():
    mine, other = (ec.generate_private_key(seal.CURVE) for _ in range(2))
    public = seal.raw_public(mine.public_key())
    with pytest.raises(seal.NotSealed):
        seal.unseal(other, seal.raw_public(other.public_key()), seal.seal(public, b"x"))
    with pytest.raises(seal.NotSealed):  # the right name, the wrong secret
        seal.unseal(other, public, seal.seal(public, b"x"))
