"""Changes that are planned and neither carried out nor withdrawn."""

from uuid import uuid5

from django.db.models import QuerySet

from maplebridge.org.models import Change

# What the id of a change to a day becomes for the way back from it.
RETURN = "return"


def planned_changes(list_name: str = "", row_id: int | None = None) -> QuerySet[Change]:
    """Those of everything, of a list or of one of its rows, in the order of their days."""
    found = Change.objects.filter(act=Change.Act.PLANNED, settled=None)
    if list_name:
        found = found.filter(list_name=list_name)
    if row_id is not None:
        found = found.filter(row_id=row_id)
    return found.order_by("day", "id")


def return_of(planned: Change) -> Change | None:
    """The way back that was planned together with a change, where it is still to come."""
    if planned.command_id is None:
        return None
    return planned_changes().filter(command_id=uuid5(planned.command_id, RETURN)).first()
