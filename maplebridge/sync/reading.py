"""Plain values out of the body of a record; every refusal names the field."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput

# What a form asks that travels beside the body, in `files` and `position`.
BESIDE = frozenset({"photos", "voice", "voices", "position"})
BLANK: tuple[Any, ...] = (None, "", [], {}, False)


class Body:
    """The body of a record, read name by name; `finish` refuses what nobody asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._asked: set[str] = set(BESIDE)

    def _take(self, name: str) -> Any:
        self._asked.add(name)
        return self._raw.get(name)

    def text(self, name: str) -> str:
        """Words, "" when there are none."""
        value = self._take(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise InvalidInput(name, _("These are no words."))
        return value

    def number(self, name: str) -> int | None:
        """A whole number that names a row, or None."""
        value = self._take(name)
        if value in BLANK:
            return None
        try:
            found = int(value) if isinstance(value, (int, str)) else 0
        except ValueError:
            found = 0
        if not 0 < found < 2**63:
            raise InvalidInput(name, _("There is nothing here."))
        return found

    def uuid(self, name: str) -> UUID | None:
        """An id, or None."""
        value = self._take(name)
        if value in BLANK:
            return None
        try:
            return UUID(value)
        except (ValueError, AttributeError, TypeError):
            raise InvalidInput(name, _("This is not a UUID.")) from None

    def day(self, name: str) -> date | None:
        """A day in ISO form, or None."""
        value = self._take(name)
        if value in BLANK:
            return None
        try:
            return date.fromisoformat(value)
        except (ValueError, TypeError):
            raise InvalidInput(name, _("Write the date as 2026-01-31.")) from None

    def mapping(self, name: str) -> dict[str, Any]:
        """Values by name, {} when there are none."""
        value = self._take(name)
        if value in BLANK:
            return {}
        if not isinstance(value, dict):
            raise InvalidInput(name, _("This value is not allowed here."))
        return value

    def names(self, name: str) -> list[str]:
        """A list of words, [] when there are none."""
        value = self._take(name)
        if value in BLANK:
            return []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise InvalidInput(name, _("This value is not allowed here."))
        return value

    def finish(self) -> None:
        """InvalidInput for a name that was filled and that nobody asked for."""
        for name, value in self._raw.items():
            if name not in self._asked and value not in BLANK:
                raise InvalidInput(name[:40], _("There is no such field."))
