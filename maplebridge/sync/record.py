"""The record inside a seal, and what travels around it; shapes of docs/sync.md."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from maplebridge.sync.rules import MOST_FILES

WHOLE = 2**53
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Kind = Literal["report", "visit", "inspection", "place", "step", "note", "mediation", "draft"]


class Position(BaseModel):
    """The one point given by the act of recording, WGS-84 degrees; accuracy in metres."""

    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    accuracy: float = Field(0, ge=0, allow_inf_nan=False)


class AnnouncedFile(BaseModel):
    """A photo or voice note that comes apart: hashes of its plain and of its sealed bytes."""

    sha256: Hash
    sealed: Hash
    size: int = Field(gt=0, lt=WHOLE)
    kind: Literal["photo", "voice"]


class Subject(BaseModel):
    """What the record is about; `record` is an earlier record of this phone that made a matter."""

    matter: int | None = Field(None, gt=0, lt=2**63)
    place: UUID | None = None
    need: UUID | None = None
    record: UUID | None = None
    version: int | None = Field(None, ge=0, lt=WHOLE)


class Record(BaseModel):
    """A finished record. Names of a later app that are not known here are left alone."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    kind: Kind
    device: UUID | None = None
    form: str = Field("", max_length=40)
    form_version: int = Field(0, ge=0, lt=WHOLE)
    after: UUID | None = None
    seq: int = Field(ge=0, lt=WHOLE)
    made_at: AwareDatetime
    offset_ms: int | None = Field(None, gt=-WHOLE, lt=WHOLE)
    subject: Subject = Field(default_factory=Subject)
    position: Position | None = None
    files: list[AnnouncedFile] = Field(default_factory=list, max_length=MOST_FILES)
    body: dict[str, Any] = Field(default_factory=dict)


class Unreadable(ValueError):
    """The plain bytes are no record."""


def read_record(plain: bytes) -> Record:
    """The record in bytes that were unsealed. Unreadable when they are none."""
    try:
        return Record.model_validate_json(plain)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unreadable(where) from error


@dataclass(frozen=True)
class Item:
    """One sealed record of a batch whose bytes came as they were sent."""

    record: UUID
    sha256: bytes
    sealed: bytes


@dataclass(frozen=True)
class Damaged:
    """An item of a batch that cannot be what the phone sent."""

    at: int
    id: str


def read_items(raw: Iterable[Any]) -> tuple[list[Item], list[Damaged]]:
    """The items of a batch in their order, and those that were damaged on the way."""
    items, damaged = [], []
    for index, each in enumerate(raw):
        try:
            sealed = b64decode(each["sealed"].encode(), validate=True)
            item = Item(UUID(each["id"]), bytes.fromhex(each["sha256"]), sealed)
            if not sealed or sha256(sealed).digest() != item.sha256:
                raise ValueError
        except (KeyError, TypeError, AttributeError, ValueError, binascii.Error):
            named = each.get("id") if isinstance(each, dict) else None
            damaged.append(Damaged(index, str(named)[:60] if named else ""))
        else:
            items.append(item)
    return items, damaged
