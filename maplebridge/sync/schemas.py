"""What phones send around their sealed records, and what they are answered (docs/sync.md)."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from maplebridge.sync.record import WHOLE
from maplebridge.sync.rules import MOST_ASKED, MOST_RECORDS


class Strict(BaseModel):
    """A body in which an unknown name is an error."""

    model_config = ConfigDict(extra="forbid")


class EnrolIn(Strict):
    browser: str = Field("", max_length=200)


class EnrolOut(Schema):
    """The new device and the raw public key it seals to, in base64."""

    device: UUID
    key: str
    epoch: str
    now: datetime


class LastReceipt(Strict):
    receipt: int = Field(ge=0, lt=2**63)
    id: UUID


class PhoneState(Strict):
    """How the phone says it stands; for the device board."""

    unsent: int = Field(0, ge=0, lt=WHOLE)
    quarantined: int = Field(0, ge=0, lt=WHOLE)
    drafts: int = Field(0, ge=0, lt=WHOLE)
    seq: int | None = Field(None, ge=0, lt=WHOLE)
    free_bytes: int | None = Field(None, ge=0, lt=WHOLE)
    app: str = Field("", max_length=60)
    persistent: bool | None = None
    browser: str = Field("", max_length=200)


class Batch(Strict):
    """Sealed records as they are sent; each item is looked at by itself, so that a damaged one
    does not hold up the others."""

    sent_at: AwareDatetime
    epoch: str = Field("", max_length=32)
    last: LastReceipt | None = None
    state: PhoneState = Field(default_factory=PhoneState)
    records: list[Any] = Field(default_factory=list, max_length=MOST_RECORDS)


class Receipt(Schema):
    id: UUID
    sha256: str
    receipt: int
    state: str
    reason: str
    matter: str | None


class DamagedItem(Schema):
    at: int
    id: str


class BatchOut(Schema):
    now: datetime
    epoch: str
    lost: bool
    receipts: list[Receipt]
    damaged: list[DamagedItem]


class WhichIn(Strict):
    ids: list[UUID] = Field(max_length=MOST_ASKED)


class WhichOut(Schema):
    """Records the server lacks, and sealed hashes of files it still waits for."""

    missing: list[UUID]
    files: list[str]


class ChangesOut(Schema):
    """One page; `put` and `gone` are rows of docs/sync.md."""

    now: datetime
    epoch: str
    cursor: str
    more: bool
    restart: bool
    drift: bool
    scopes: list[dict[str, str]]
    put: list[dict[str, Any]]
    gone: list[dict[str, str]]


class LedgerRow(Schema):
    id: UUID
    kind: str
    made_at: datetime | None
    arrived_at: datetime
    state: str
    counts_as: str
    reason: str
    matter: str | None


class LedgerOut(Schema):
    month: str
    counts: dict[str, int]
    rows: list[LedgerRow]


class OwnRecordOut(Schema):
    """One's own record; `record` is what was sealed, None once its words were erased."""

    id: UUID
    receipt: int
    state: str
    reason: str
    made_at: datetime | None
    arrived_at: datetime
    matter: str | None
    record: dict[str, Any] | None


class ChooseIn(Strict):
    id: UUID
    choose: dict[str, Literal["mine", "theirs"]] = Field(max_length=60)
    note: str = Field("", max_length=300)
