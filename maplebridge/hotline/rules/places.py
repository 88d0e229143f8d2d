"""A place named in words: villages and grids by their names, towns only to tell namesakes apart."""

import re
from collections.abc import Iterable

from maplebridge.kernel.codes import covers

LEAST = 2  # characters of a name that may be looked for


class PlaceFinder:
    """Finds area codes in texts; built once from (name, code) pairs, aliases included."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        for name, code in names:
            if len(name) >= LEAST:
                self._codes.setdefault(name, set()).add(code)
        # Longest first, so that 上八都村 is never read as 八都村.
        longest = sorted(self._codes, key=lambda n: (-len(n), n))
        self._words = re.compile("|".join(map(re.escape, longest))) if longest else None

    def find(self, *texts: str) -> str:
        """The 12- or 15-digit code that the first text with any name means, or "".

        All names in that text must agree on one village or grid (a grid and its village do);
        two different places, or one name that two villages bear, mean nothing is known.
        """
        for text in texts:
            if self._words is None:
                return ""
            named = set(self._words.findall(text))
            if named and any(len(c) >= 12 for n in named for c in self._codes[n]):
                return self._agreed([self._codes[n] for n in named])
        return ""

    def _agreed(self, named: list[set[str]]) -> str:
        fitting = {
            code
            for codes in named
            for code in codes
            if all(any(covers(a, code) or covers(code, a) for a in other) for other in named)
        }
        deepest = {c for c in fitting if not any(o != c and covers(c, o) for o in fitting)}
        code = deepest.pop() if len(deepest) == 1 else ""
        return code if len(code) >= 12 else ""
