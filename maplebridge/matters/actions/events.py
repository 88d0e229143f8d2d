"""Appending to a matter's chain, under the row lock the caller holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from maplebridge.kernel import chain
from maplebridge.matters.models import Clock, Matter, MatterEvent
from maplebridge.org.rules import Actor, PostFact
from maplebridge.sql import insert_rows
from maplebridge.trust.actions import keep_passage


def append_event(
    matter: Matter,
    step: str,
    *,
    to_status: str,
    actor: Actor,
    post: PostFact | None,
    at: datetime,
    command_id: UUID,
    data: Mapping[str, Any],
    text: str = "",
    started: Iterable[Clock] = (),
) -> MatterEvent:
    """Write the next event and move the matter's version, status and last hash in memory.

    `text` is kept as a passage; its digest stands in `data["text"]`. The clocks it `started` are
    written with it. The caller saves the matter.
    """
    record = dict(data)
    passage_id = None
    if text:
        passage, digest = keep_passage(text, at=at)
        passage_id, record["text"] = passage.id, digest.hex()
    event = next_event(
        matter,
        step,
        to_status=to_status,
        actor=actor,
        post=post,
        at=at,
        command_id=command_id,
        data=record,
        passage_id=passage_id,
    )
    insert_rows(*started, event)
    return event


def next_event(
    matter: Matter,
    step: str,
    *,
    to_status: str,
    actor: Actor,
    post: PostFact | None,
    at: datetime,
    command_id: UUID,
    data: dict[str, Any],
    passage_id: UUID | None = None,
) -> MatterEvent:
    """The matter's next event, not saved; moves its version, status and last hash in memory."""
    event = MatterEvent(
        matter=matter,
        version=matter.version + 1,
        step=step,
        from_status=matter.status if matter.version else "",
        to_status=to_status,
        at=at,
        actor_kind=actor.kind,
        person_id=actor.person_id,
        post_id=post.id if post else None,
        report_id=UUID(actor.report_id) if actor.report_id else None,
        data=data,
        passage_id=passage_id,
        command_id=command_id,
        previous=bytes(matter.last_hash),
    )
    event.digest = chain.digest(event.payload(), bytes(event.previous))
    matter.version, matter.last_hash, matter.status = event.version, event.digest, to_status
    return event
