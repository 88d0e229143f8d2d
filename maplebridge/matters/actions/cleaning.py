"""From what a form, an API call or a phone sent to checked values, by the kind of each field."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from maplebridge.files.queries import known
from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.flow import Step
from maplebridge.kernel.text import clean_text
from maplebridge.kernel.worktime import Limit
from maplebridge.matters.flow import FIELDS, STATUSES
from maplebridge.org.queries import directory

TEXT_LIMIT = 5000
LINE_LIMIT = 200
PHOTO_LIMIT = 9
VOICE_LIMIT = 3
SHA256 = re.compile(r"[0-9a-f]{64}")


def clean_fields(step: Step, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of a step's fields; unknown names are refused, blanks left out.

    Units come as ids or codes and go out as Unit; categories and areas as codes and go out as
    rows; dates as ISO text or date. InvalidInput names the first wrong field.
    """
    asked = (*step.needs, *step.optional)
    for name in raw:
        if name not in asked:
            raise InvalidInput(name, _("This step has no such field."))
    values = {
        name: _clean(name, raw[name]) for name in asked if raw.get(name) not in (None, "", [])
    }
    for name in step.needs:
        if values.get(name) in (None, "", []):
            raise InvalidInput(name, _("%(field)s is needed.") % {"field": FIELDS[name].label})
    if "handle_limit" in values:
        Limit.parse(values["handle_limit"])
    return values


def _clean(name: str, value: Any) -> Any:
    field = FIELDS[name]
    if field.kind in {"text", "line"}:
        return clean_text(
            str(value), field=name, limit=TEXT_LIMIT if field.kind == "text" else LINE_LIMIT
        )
    if field.kind == "choice":
        if str(value) not in {key for key, _label in field.choices}:
            raise InvalidInput(name, _("Choose one of the given answers."))
        return str(value)
    return _READERS[field.kind](name, value)


def _unit(name: str, value: Any) -> Any:
    for unit in directory().units.values():
        if str(value) in {str(unit.id), unit.code}:
            return unit
    raise InvalidInput(name, _("There is no such unit."))


def _units(name: str, value: Any) -> Any:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(name, _("Give a list of units."))
    return list({unit.id: unit for unit in (_unit(name, v) for v in value)}.values())


def _category(name: str, value: Any) -> Any:
    category = directory().category(str(value))
    if category is None:
        raise InvalidInput(name, _("There is no such category."))
    return category


def _area(name: str, value: Any) -> Any:
    area = directory().area(str(value))
    if area is None:
        raise InvalidInput(name, _("There is no such area."))
    return area


def _date(name: str, value: Any) -> Any:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput(name, _("Write the date as 2026-01-31.")) from error


def _number(name: str, value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(name, _("This is not a number.")) from error


def _matter(name: str, value: Any) -> Any:
    return clean_text(str(value), field=name, limit=LINE_LIMIT)


def _status(name: str, value: Any) -> Any:
    if value not in STATUSES:
        raise InvalidInput(name, _("There is no such status."))
    return value


def clean_photos(name: str, value: Any) -> list[str]:
    """SHA-256 names of photos that were uploaded before; at most nine."""
    if not isinstance(value, (list, tuple)) or not all(
        isinstance(v, str) and SHA256.fullmatch(v) for v in value
    ):
        raise InvalidInput(name, _("Name photos by their SHA-256."))
    photos = list(dict.fromkeys(value))
    if len(photos) > PHOTO_LIMIT:
        raise InvalidInput(name, _("At most %(count)d photos.") % {"count": PHOTO_LIMIT})
    if photos and set(photos) - known(photos):
        raise InvalidInput(name, _("A photo has not arrived yet; upload it first."))
    return photos


def clean_voices(name: str, value: Any) -> list[str]:
    """SHA-256 names of voice notes; at most three. The phone of a worker alone sends them."""
    voices = clean_photos(name, value)
    if len(voices) > VOICE_LIMIT:
        raise InvalidInput(name, _("At most %(count)d voice notes.") % {"count": VOICE_LIMIT})
    return voices


_READERS = {
    "unit": _unit,
    "units": _units,
    "category": _category,
    "area": _area,
    "date": _date,
    "number": _number,
    "matter": _matter,
    "photos": clean_photos,
    "voices": clean_voices,
    "status": _status,
}
