"""Both sides of the search: what the index holds about a report, and what a query asks of it.

A report's `search` holds pairs of neighbouring characters ("垃圾") with their places, so that three
and more are found as they stand. After a mark it holds what narrows without another index: the
areas around the matter ("@331181101201"), four neighbouring digits of its number ("#1124"), its
ranges of ids, small and great ("/4096:12"). PostgreSQL's GIN meets them all at once, so a common
pair costs no more than the rarest mark beside it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from maplebridge.kernel.codes import ancestors
from maplebridge.kernel.ids import normalise_query_code
from maplebridge.kernel.text import folded, pairs, words
from maplebridge.matters.models import Matter, Report
from maplebridge.org.queries import Directory, directory

INDEXED = 3000  # characters of a report that search finds
RANGES = (4096, 32_768, 262_144)  # ids; a page of a common word is found in the newest small one
GRAM = 4  # digits of a number that are enough
_FULL_NUMBER = re.compile(r"\d{6,12}-\d{8}(-\d*)?")
_SUFFIXES = ("街道", "社区", "村", "镇", "乡", "县", "市")


def lexemes(matter: Matter, told: str, numbers: Iterable[str] = ()) -> str:
    """The tsvector of a report of a matter (with id and number), as PostgreSQL writes one.

    `numbers` are those of matters merged into it.
    """
    title = "" if matter.title in told else matter.title
    whole = f"{told[:INDEXED]}\n{matter.address}\n{title}"
    said = [f"'{pair}':{place}" for pair, place in pairs(whole)]
    marks = [f"@{code}" for code in ancestors(matter.area_code)]
    for number in (matter.number, *numbers):
        marks += [f"#{gram}" for part in number.split("-") for gram in _grams(part)]
    marks += [f"/{size}:{matter.id // size}" for size in RANGES]
    return " ".join((*said, *map(_quoted, marks)))


@dataclass(frozen=True)
class Query:
    """What somebody typed: perhaps a number's beginning or a query code, and a tsquery; where
    there is no tsquery, `why` says why nothing is found."""

    number: str = ""
    code: str = ""
    tsquery: str = ""
    why: str = ""

    def named(self) -> QuerySet[Matter] | None:
        """The matters that are named outright, None when none is: then it is words."""
        for field, typed in (("number__startswith", self.number), ("reports__code", self.code)):
            found = Matter.objects.filter(**{field: typed})
            if typed and found.exists():
                return found
        return None


def understood(text: str) -> Query:
    """Read a query: every word must be there, a place's name may also be where it happened.

    Words part at spaces and punctuation; two characters are enough. Four digits or more may be
    part of a number. Single characters between spaces ("垃 圾") are read as one word.
    """
    code = normalise_query_code(text) or ""
    whole, pieces = folded(text).strip(), words(text)
    number = whole if _FULL_NUMBER.fullmatch(whole) else ""
    if len(pieces) > 1 and all(len(p) == 1 for p in pieces):
        pieces = ["".join(pieces)]
    asked = [t for t in (_piece(p) for p in pieces) if t]
    if asked:
        return Query(number, code, " & ".join(dict.fromkeys(asked)))
    if pieces:
        return Query(code=code, why=_("One character is too little to search for; give two."))
    return Query(code=code, why=_("Give two letters, characters or digits to search for."))


def _piece(piece: str) -> str:
    """The tsquery of one word, "" when it is too short to ask anything."""
    ways = [w for w in (_as_it_stands(piece), _as_number(piece)) if w]
    if not piece.replace("-", "").isdigit():
        ways += _as_place(piece)
    return _any(ways)


def _as_it_stands(piece: str) -> str:
    return " <-> ".join(_quoted(pair) for pair, _at in pairs(piece))


def _as_number(piece: str) -> str:
    if not piece.replace("-", "").isdigit():
        return ""
    return " & ".join(_quoted(f"#{g}") for part in piece.split("-") for g in _grams(part))


def _as_place(piece: str) -> list[str]:
    """With the longest place name in it taken as the place, and the rest as words there."""
    places = _places(directory())
    name = max((n for n in places if n in piece), key=lambda n: (len(n), n), default="")
    if not name:
        return []
    before, _name, after = piece.partition(name)
    rest = [t for t in (_piece(before), _piece(after.removeprefix("的"))) if t]
    return [" & ".join([_any([_quoted(f"@{c}") for c in places[name]]), *rest])]


@lru_cache(maxsize=1)
def _places(town: Directory) -> dict[str, list[str]]:
    """Area codes by name, other names, and names without 村, 镇 and the like, when two remain."""
    found: dict[str, list[str]] = {}
    for area in town.areas.values():
        for name in (area.name, *area.aliases):
            plain = "".join(words(name))
            short = next((plain.removesuffix(s) for s in _SUFFIXES if plain.endswith(s)), plain)
            for known in {plain, short}:
                if len(known) > 1 and not known.isdigit():
                    found.setdefault(known, []).append(area.code)
    return found


def _grams(digits: str) -> list[str]:
    return [digits[i : i + GRAM] for i in range(len(digits) - GRAM + 1)]


def _quoted(token: str) -> str:
    return f"'{token}'"


def _any(ways: Sequence[str]) -> str:
    """Any of these; in brackets where it needs them."""
    different = list(dict.fromkeys(ways))
    if len(different) < 2:
        return f"({different[0]})" if different and " " in different[0] else "".join(different)
    return "(" + " | ".join(f"({way})" for way in different) + ")"


def in_areas(codes: Iterable[str]) -> str:
    """The tsquery for lying in any of these areas."""
    return _any([_quoted(f"@{code}") for code in codes])


def in_ranges(size: int, low: int, high: int) -> str:
    """The tsquery for belonging to a matter of these ids, whole ranges of one size."""
    return _any([_quoted(f"/{size}:{n}") for n in range(low // size, high // size + 1)])


def saying(tsquery: str) -> QuerySet[Report]:
    """The reports that a tsquery finds."""
    return Report.objects.extra(where=["search @@ %s::tsquery"], params=[tsquery])


def holding(matters: QuerySet[Matter], text: str) -> QuerySet[Matter]:
    """Those of some matters that a text finds: by words, place, part of a number, query code.

    Costs what there is to find; `searching.page_of` gives a page of it at a bounded cost.
    """
    asked = understood(text)
    if (named := asked.named()) is not None:
        return matters.filter(pk__in=named.values("pk"))
    if not asked.tsquery:
        return matters.none()
    return matters.filter(pk__in=saying(asked.tsquery).values("matter_id"))
