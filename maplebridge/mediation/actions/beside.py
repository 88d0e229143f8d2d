"""The matter moves along with its mediation, so that nobody says it a second time."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid5

from django.db import transaction

from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.matters.actions import take_step
from maplebridge.mediation.actions.taking import Taking


def tell_matter(taking: Taking, step: str, fields: Mapping[str, Any]) -> None:
    """Take a step of the matter as the same actor where its flow allows that now.

    A matter that stands elsewhere, or is somebody else's, stays as it is: the mediation goes on.
    """
    try:
        with transaction.atomic():
            take_step(
                taking.mediation.matter_id, step, taking.actor, fields,
                command_id=uuid5(taking.command_id, step), at=taking.at,
            )  # fmt: skip
    except MaplebridgeError as refusal:
        taking.data["matter"] = refusal.code
