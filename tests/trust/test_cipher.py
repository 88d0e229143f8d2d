"""Single values: any change of a ciphertext is noticed."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maplebridge.trust import cipher

KEY = "ab" * 32


@given(value=st.text(), where=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_flipped_bit_is_noticed(value, where, bit):
    entry = uuid4()
    sealed = cipher.encrypt(KEY, entry, "reporter.name", value)
    assert cipher.decrypt(KEY, entry, "reporter.name", sealed) == value
    broken = bytearray(sealed)
    broken[where % len(broken)] ^= 1 << bit
    with pytest.raises(cipher.VaultError):
        cipher.decrypt(KEY, entry, "reporter.name", bytes(broken))


@given(cut=st.integers(0, 40))
def test_any_cut_ciphertext_is_noticed(cut):
    entry = uuid4()
    sealed = cipher.encrypt(KEY, entry, "reporter.name", "some name")
    with pytest.raises(cipher.VaultError):
        cipher.decrypt(KEY, entry, "reporter.name", sealed[: min(cut, len(sealed) - 1)])


def test_equal_values_never_look_equal():
    entry = uuid4()
    assert len({cipher.encrypt(KEY, entry, "reporter.name", "x") for _ in range(50)}) == 50
