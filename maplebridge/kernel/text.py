"""Free text: cleaned at the door, cut into pairs of characters for search, compared."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from rapidfuzz.distance import Indel

from maplebridge.kernel.errors import InvalidInput, Said

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Cc and Cs but \t, \n
_NUMBER = re.compile(r"[0-9]{1,18}")
_YEARS = range(1950, 2200)
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_RUNS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_BRACES = re.compile(r"\{(\w+)\}")
COMPARED = 200  # characters; longer texts differ by their beginnings


def clean_text(value: str, *, field: str, limit: int) -> str:
    """NFC text without control characters, blank edges and runs of blank lines.

    Emoji, markup and right-to-left text stay as they are: they are text. Raises
    InvalidInput(field) when more than `limit` characters remain.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = _CONTROLS.sub("", unicodedata.normalize("NFC", value))
    text = re.sub(r"[ \t]+\n", "\n", kept)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if len(text) > limit:
        raise InvalidInput(
            field,
            Said("At most %(most)d characters; these are %(there)d.", most=limit, there=len(text)),
        )
    return text


def whole_number(text: object) -> int | None:
    """The number that 1 to 18 digits 0-9 write, which fits any key of a table; None for all else.

    `str.isdigit` also takes "²", and `int` gives up at thousands of digits.
    """
    return int(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else None


def day_of(text: object) -> date | None:
    """The day that an address writes as 2026-01-31; None for all else, and for years so far off
    that no moment could be made of them."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return day if day is not None and day.year in _YEARS else None


def folded(text: str) -> str:
    """The text as search sees it: width, case and the kind of hyphen do not count."""
    return _HYPHENS.sub("-", unicodedata.normalize("NFKC", text).lower())


def words(text: str) -> list[str]:
    """Runs of letters and digits of any script, folded; spaces and punctuation part them, a
    hyphen inside ("0578-7211234") does not."""
    return _RUNS.findall(folded(text))


def pairs(text: str) -> list[tuple[str, int]]:
    """Neighbouring characters of the words, two by two, each with its place in the text from 1.

    A character that stands alone makes no pair.
    """
    return [
        (run[0][at : at + 2], run.start() + at + 1)
        for run in _RUNS.finditer(folded(text))
        for at in range(len(run[0]) - 1)
    ]


def signature(text: str) -> str:
    """The text without case, width, spaces and punctuation: equal for exact repeats."""
    return "".join(filter(str.isalnum, folded(text)))


def similarity(a: str, b: str) -> float:
    """How alike two texts are, 0..1, over their first 200 bare characters."""
    left, right = signature(a)[:COMPARED], signature(b)[:COMPARED]
    if not left or not right:
        return 0.0
    return Indel.normalized_similarity(left, right)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with {name} replaced for every known name; other braces stay as they are."""
    return _BRACES.sub(lambda found: facts.get(found[1], found[0]), text)
