"""Names and the like of parties: sealed in the vault, mended there, shared by files in a row."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from maplebridge.kernel.ids import uuid7
from maplebridge.org.rules import TIMER
from maplebridge.trust.actions import correct_subject, seal

MENDED = "A mediator put the details of a party right."


def keep_person(values: Mapping[str, str], at: datetime) -> UUID:
    """A new subject of the vault with the filled fields, by their codes of the register."""
    subject = uuid7(at)
    seal(subject, {code: value for code, value in values.items() if value}, at=at)
    return subject


def mend_person(subject: UUID, values: Mapping[str, str], at: datetime) -> None:
    """Put fields right or add them; the old values are erased from the vault."""
    filled = {code: value for code, value in values.items() if value}
    if filled:
        correct_subject(subject, filled, TIMER, MENDED, at=at)
