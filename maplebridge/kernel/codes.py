"""Area codes: 6 digits county, 9 town or township, 12 village, 15 grid; the code is the tree.

Source: statistical division codes (国统字〔2009〕91号), 3 digits for the grid after them.
"""

from maplebridge.kernel.errors import InvalidInput, Said

LEVELS = ("county", "town", "village", "grid")
_LENGTHS = {6: "county", 9: "town", 12: "village", 15: "grid"}


def level_of(code: str) -> str:
    """The level a code names; InvalidInput("code") unless it is 6, 9, 12 or 15 digits."""
    level = _LENGTHS.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        raise InvalidInput("code", Said("An area code has 6, 9, 12 or 15 digits."))
    return level


def parent_code(code: str) -> str | None:
    """The code one level up, None for a county."""
    return None if level_of(code) == "county" else code[:-3]


def ancestors(code: str) -> list[str]:
    """The code itself and everything above it, from the smallest to the county."""
    level_of(code)
    return [code[:length] for length in range(len(code), 5, -3)]


def covers(scope: str, code: str) -> bool:
    """True when the place `code` lies in the area `scope` (or is it)."""
    return len(scope) in _LENGTHS and len(code) in _LENGTHS and code.startswith(scope)


def town_kind(code: str) -> str:
    """ "street" (001–099), "town" (100–199), "township" (200–399) or "enterprise" (400–599)."""
    level_of(code)
    segment = int(code[6:9] or 0)
    for last, kind in ((99, "street"), (199, "town"), (399, "township"), (599, "enterprise")):
        if 0 < segment <= last:
            return kind
    raise InvalidInput("code", Said("The township part of the code is out of range."))


def village_kind(code: str) -> str:
    """ "residents" for residents' committees (below 200), "villagers" from 200 on."""
    if len(code) < 12:
        raise InvalidInput("code", Said("A village code has 12 digits."))
    return "residents" if int(code[9:12]) < 200 else "villagers"
