"""Reply templates: which fit."""

from datetime import date

from maplebridge.org.models import ReplyTemplate
from maplebridge.sql import read

_VALID = """
WHERE use = ANY(%s) AND (unit_id IS NULL OR unit_id = %s)
    AND (category_id IS NULL OR category_id = %s)
    AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
ORDER BY name, id"""


def replies_valid(
    uses: list[str], unit_id: int | None, category_id: int | None, day: date
) -> list[ReplyTemplate]:
    """Templates of these uses for all or this unit and category, valid on the day, by name."""
    return read(ReplyTemplate, _VALID, [uses, unit_id, category_id, day, day])
