"""Free text: cleaned at the door, cut into two-character tokens for search, compared."""

import re
import unicodedata

from rapidfuzz.distance import Indel

from maplebridge.kernel.errors import InvalidInput

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"[{_CJK}]+|[0-9a-z]+")
_TOKEN_LIMIT = 60
COMPARED = 200  # characters; longer texts differ by their beginnings


def clean_text(value: str, *, field: str, limit: int) -> str:
    """NFC text without control characters, blank edges and runs of blank lines.

    Emoji, markup and right-to-left text stay as they are: they are text. Raises
    InvalidInput(field) when more than `limit` characters remain.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c
        for c in unicodedata.normalize("NFC", value)
        if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )
    text = re.sub(r"[ \t]+\n", "\n", "".join(kept))
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    if len(text) > limit:
        raise InvalidInput(field, f"≤ {limit}: {len(text)}")
    return text


def bigrams(text: str) -> list[str]:
    """Search tokens in the order of first use: pairs of Chinese characters, whole latin words.

    Full-width letters and digits are folded; single Chinese characters are not indexed.
    """
    tokens: dict[str, None] = {}
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii():
            tokens[run[:_TOKEN_LIMIT]] = None
        else:
            for start in range(len(run) - 1):
                tokens[run[start : start + 2]] = None
    return list(tokens)


def search_terms(query: str) -> list[str]:
    """Tokens a query needs, all of them; empty for one Chinese character or punctuation."""
    return bigrams(query)


def signature(text: str) -> str:
    """The text without case, width, spaces and punctuation: equal for exact repeats."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def similarity(a: str, b: str) -> float:
    """How alike two texts are, 0..1, over their first 200 bare characters."""
    left, right = signature(a)[:COMPARED], signature(b)[:COMPARED]
    if not left or not right:
        return 0.0
    return Indel.normalized_similarity(left, right)
