"""What text says."""

import pytest

from maplebridge.kernel.text import whole_number


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("٣", None),
     ("-1", None), ("1 ", None), ("", None), (None, None), (["1"], None)],
)  # fmt: skip
def test_a_whole_number_is_digits_alone(said, number):
    assert whole_number(said) == number
