"""Tests; what these modules assert says what it found."""

import pytest

pytest.register_assert_rewrite("tests.browser", "tests.field.hand")
