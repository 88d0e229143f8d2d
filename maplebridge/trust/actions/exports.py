"""The trace that every export leaves."""

from collections.abc import Sequence
from datetime import datetime

from maplebridge.org.rules import Actor
from maplebridge.trust.models import Export


def note_export(
    actor: Actor,
    *,
    source: str,
    query: str,
    columns: Sequence[str],
    fields: Sequence[str],
    purpose: str,
    rows: int,
    at: datetime,
) -> Export:
    """Note that an export was made: from which list with which filter, which columns, how many
    rows, which personal fields (codes of the register) and what for."""
    return Export.objects.create(
        person_id=actor.person_id,
        post_id=next((p.id for p in actor.posts), None),
        source=source,
        query=query,
        columns=list(columns),
        fields=list(fields),
        purpose=purpose if fields else "",
        rows=rows,
        at=at,
    )
