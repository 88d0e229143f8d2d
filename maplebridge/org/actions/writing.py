"""The last look before a row is written: known fields, dates in order, the others of its list."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.actions.checks import check_row
from maplebridge.org.lists import KeptList
from maplebridge.org.models import Person

# A limit that never changes is not found fault with when something else of its row does.
_LONG_SET = {"respond", "sign", "handle"}


def fit(kept: KeptList, row: Any, given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Put model values into a row without saving it; returns those of many-to-many fields.

    Raises InvalidInput naming the field that does not fit.
    """
    many: dict[str, Any] = {}
    known = {f.name: f for f in (*row._meta.fields, *row._meta.many_to_many)}
    for name, value in given.items():
        if name not in kept.fields:
            raise InvalidInput(name, _("There is no such field in this list."))
        if known[name].many_to_many:
            many[name] = list(value)
        else:
            setattr(row, name, value)
    last = getattr(row, "valid_to", None)
    if last is not None and last < row.valid_from:
        raise InvalidInput("valid_to", _("The last day comes after the first."))
    if isinstance(row, Person) and row.pk is None:
        row.set_unusable_password()
    try:
        row.full_clean(exclude=["password", *(_LONG_SET & {*kept.fixed} if row.pk else ())])
    except ValidationError as error:
        field = next(iter(error.message_dict))
        said = " ".join(error.message_dict[field])
        raise InvalidInput("" if field == "__all__" else field, said) from error
    check_row(kept.name, row, many, now)
    return many


def write(kept: KeptList, row: Any, given: dict[str, Any], now: datetime) -> None:
    """Save a row with these values; raises as `fit`."""
    many = fit(kept, row, given, now)
    row.save()
    for name, rows in many.items():
        getattr(row, name).set(rows)
