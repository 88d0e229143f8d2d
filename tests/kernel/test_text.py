"""What text says."""

from datetime import date

import pytest

from maplebridge.kernel.text import day_of, whole_number


@pytest.mark.parametrize(
    ("said", "number"),
    [("0", 0), ("42", 42), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("²", None), ("٣", None),
     ("-1", None), ("1 ", None), ("", None), (None, None), (["1"], None)],
)  # fmt: skip
def test_a_whole_number_is_digits_alone(said, number):
    assert whole_number(said) == number


@pytest.mark.parametrize(
    ("said", "day"),
    [("2026-01-31", date(2026, 1, 31)), ("2026-02-30", None), ("0001-01-01", None),
     ("9999-12-31", None), ("today", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_day_is_one_of_our_times(said, day):
    assert day_of(said) == day
