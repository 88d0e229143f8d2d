"""What API v1 takes and answers. Unknown names in a body are refused."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A body in which an unknown name is an error, not a typing slip that loses data."""

    model_config = ConfigDict(extra="forbid")


Urgency = Literal["", "life", "violence", "fire", "flood", "gas", "geology"]
URGENT = (
    "A danger at this moment, as on the residents' form; empty: none. Tell the reporter to call "
    "110, 119 or 120 first: this calls nobody outside. The matter is urgent at once and rings for "
    "whoever is on duty, up the line until somebody takes charge. About the matter, never a person."
)


class Problem(Schema):
    """The one form of every error: `message` is for people and in their language."""

    code: str
    message: str
    field: str | None = None
    status: str | None = None
    version: int | None = None


class Contact(Strict):
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=30)


class ReportIn(Strict):
    """A report; `id` makes a retry harmless, `photos` were sent before by their SHA-256."""

    id: UUID | None = None
    text: str = ""
    category: str = Field("", max_length=8)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    area: str = Field("", max_length=15)
    address: str = Field("", max_length=200)
    contact: Contact | None = None
    photos: list[str] = Field(default_factory=list, max_length=9)
    urgency: Urgency = Field("", description=URGENT)


class ReportOut(Schema):
    """`grid` is a grid's code, `lead` the name of the unit that leads or is proposed.

    `call_first`: numbers to show to the reporter of a danger; nobody has been called yet.
    """

    matter: str
    code: str
    status: str
    grid: str | None
    lead: str | None
    track_url: str
    call_first: list[str]


class TrackStep(Schema):
    step: str
    label: str
    at: datetime


class TrackOut(Schema):
    """What anybody with a query code sees: the way of the matter, nothing about people."""

    status: str
    label: str
    steps: list[TrackStep]
    expected_by: datetime | None


class MatterRow(Schema):
    number: str
    title: str
    status: str
    label: str
    version: int
    category: str | None
    area: str
    place: str
    lead: str | None
    urgent: bool
    light: str
    due_at: datetime | None
    due_kind: str
    reported_at: datetime


class MatterPage(Schema):
    """`next` goes into `after` for the page that follows; "" on the last."""

    items: list[MatterRow]
    next: str


class Telling(Schema):
    channel: str
    text: str
    photos: list[str]
    reported_at: datetime


class EventOut(Schema):
    version: int
    step: str
    at: datetime
    to_status: str


class ClockOut(Schema):
    kind: str
    limit: str
    light: str
    first_due_at: datetime
    due_at: datetime


class AssignmentOut(Schema):
    unit: str
    role: str
    state: str


class MatterOut(MatterRow):
    """A matter with its tellings, steps, clocks and what the token's holder may do next."""

    lon: float | None
    lat: float | None
    address: str
    reports: list[Telling]
    events: list[EventOut]
    clocks: list[ClockOut]
    assignments: list[AssignmentOut]
    allowed: list[str]


class StepIn(BaseModel):
    """`id` makes a retry harmless; the step's own fields stand beside these."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    step: str = Field(max_length=20)
    version: int | None = None

    def fields(self) -> dict[str, Any]:
        """The step's own fields by name."""
        return dict(self.__pydantic_extra__ or {})


class StepOut(Schema):
    status: str
    version: int


class FileOut(Schema):
    sha256: str
    width: int
    height: int


class CategoryOut(Schema):
    code: str
    name: str
    group: str


class AreaOut(Schema):
    code: str
    name: str
    level: str
