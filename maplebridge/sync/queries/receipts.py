"""What the server has of what phones sent."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from maplebridge.sync.models import Submission, Upload
from maplebridge.sync.record import Item

_COLUMNS = ("record", "sha256", "receipt", "state", "reason", "matter__number")


def receipt_row(
    record: UUID, sha256: bytes, receipt: int, state: str, reason: str, number: str | None
) -> dict[str, Any]:
    """A receipt as a phone reads it."""
    return {
        "id": str(record), "sha256": bytes(sha256).hex(), "receipt": receipt, "state": state,
        "reason": reason, "matter": number,
    }  # fmt: skip


def receipts_of(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The receipt of each item that was kept, in their order."""
    rows = Submission.objects.filter(record__in={i.record for i in items})
    found = {(r[0], bytes(r[1])): r for r in rows.values_list(*_COLUMNS)}
    return [receipt_row(*found[i.record, i.sha256]) for i in items]


def receipt_of(submission: Submission) -> dict[str, Any]:
    """The receipt of one submission."""
    return receipt_row(*Submission.objects.values_list(*_COLUMNS).get(pk=submission.pk))


def left_to_apply(most: int) -> int:
    """How many records are kept and not applied, counted to `most`."""
    return Submission.objects.filter(state="kept").values("pk")[:most].count()


def missing(ids: Iterable[UUID]) -> list[str]:
    """Those of the ids that no record here has."""
    wanted = list(dict.fromkeys(ids))
    known = set(Submission.objects.filter(record__in=wanted).values_list("record", flat=True))
    return [str(each) for each in wanted if each not in known]


def files_wanted(ids: Iterable[UUID]) -> list[str]:
    """Sealed hashes of files of these records that have not come whole."""
    coming = Upload.objects.filter(submission__record__in=list(ids), state=Upload.State.COMING)
    return list(coming.order_by("begun_at", "sha256").values_list("sha256", flat=True))
