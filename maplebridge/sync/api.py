"""The doors of a phone, under /api/v1/sync: docs/sync.md says how both sides behave there."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.rules import Actor
from maplebridge.sync import actions, schemas
from maplebridge.sync.doors import (
    ANY_DEVICE,
    AT_THE_DESK,
    IN_USE,
    PART,
    answer,
    body_of,
    device_of,
    hash_name,
    sealed_part,
    sends,
)
from maplebridge.sync.models import Device
from maplebridge.sync.queries.changes import changes
from maplebridge.sync.queries.ledger import ledger, own_record
from maplebridge.sync.queries.pack import pack
from maplebridge.sync.queries.receipts import files_wanted, missing, receipt_of
from maplebridge.sync.queries.scopes import Scopes
from maplebridge.sync.record import read_items
from maplebridge.sync.rules import COOKIE, COOKIE_DAYS, COOKIE_PATH

router = Router(tags=["sync"])


@router.post(
    "/devices", auth=AT_THE_DESK, operation_id="sync_enrol", response={201: schemas.EnrolOut},
    summary="Enrol this browser as a device", openapi_extra=sends(schemas.EnrolIn),
)  # fmt: skip
def enrol(request: HttpRequest) -> HttpResponse:
    """Signed in at the desk, in a post at the door; answers the device's cookie."""
    told, now = body_of(request, schemas.EnrolIn), timezone.now()
    actor: Actor = request.auth  # type: ignore[attr-defined]
    device, cookie = actions.enrol(actor, browser=told.browser, at=now)
    made = answer(request, _enrolled(device, now), status=201)
    made.set_cookie(
        COOKIE, cookie, max_age=COOKIE_DAYS * 86400, path=COOKIE_PATH, httponly=True,
        samesite="Strict", secure=request.is_secure(),
    )  # fmt: skip
    return made


def _enrolled(device: Device, now: Any) -> dict[str, Any]:
    key, epoch = actions.current_key(), actions.current_epoch(now)
    return {
        "device": device.id, "key": b64encode(bytes(key.public)).decode(), "epoch": epoch.name,
        "now": now,
    }  # fmt: skip


@router.delete(
    "/devices/me", auth=ANY_DEVICE, operation_id="sync_sign_out", response={204: None},
    summary="Sign this device out",
)  # fmt: skip
def sign_out(request: HttpRequest) -> HttpResponse:
    """The phone has sealed everything before; its sealed records may still come."""
    actions.sign_out(device_of(request), at=timezone.now())
    return HttpResponse(status=204)


@router.post(
    "/records", auth=ANY_DEVICE, operation_id="sync_records", response=schemas.BatchOut,
    summary="Send sealed records", openapi_extra=sends(schemas.Batch),
)  # fmt: skip
def records(request: HttpRequest) -> HttpResponse:
    """Keeps the raw bytes first; the same batch again changes nothing."""
    batch = body_of(request, schemas.Batch)
    items, damaged = read_items(batch.records)
    last = (batch.last.receipt, batch.last.id) if batch.last else None
    state = batch.state.model_dump(exclude={"seq"})
    told = actions.Told(batch.sent_at, batch.epoch, last, state, batch.state.seq)
    given = actions.receive(device_of(request), told, items)
    said = {"now": timezone.now(), "epoch": given.epoch.name, "lost": given.lost}
    return answer(
        request, said | {"receipts": given.receipts, "damaged": [vars(d) for d in damaged]}
    )


@router.post(
    "/which", auth=ANY_DEVICE, operation_id="sync_which", response=schemas.WhichOut,
    summary="Which of these records the server lacks", openapi_extra=sends(schemas.WhichIn),
)  # fmt: skip
def which(request: HttpRequest) -> HttpResponse:
    """After a restore: the phone sends those again."""
    asked = body_of(request, schemas.WhichIn).ids
    return answer(request, {"missing": missing(asked), "files": files_wanted(asked)})


@router.api_operation(
    ["HEAD"], "/files/{name}", auth=ANY_DEVICE, operation_id="sync_file_stands",
    response={200: None, 404: None}, summary="How much of a file has come",
)  # fmt: skip
def file_stands(request: HttpRequest, name: str) -> HttpResponse:
    """200 when nothing more is wanted, else 404; `Upload-Offset` says where to go on."""
    taken = actions.stands(hash_name(name))
    made = HttpResponse(status=404 if taken.state == "coming" else 200)
    made["Upload-Offset"] = str(taken.offset)
    return made


@router.patch(
    "/files/{name}", auth=ANY_DEVICE, operation_id="sync_file", openapi_extra=PART,
    response={201: None, 204: None, 409: None}, summary="Send a part of a sealed file",
)  # fmt: skip
def file_part(request: HttpRequest, name: str) -> HttpResponse:
    """At most 256 kB at `Upload-Offset` of `Upload-Length`."""
    offset, length, part = sealed_part(request)
    taken = actions.take_file(
        hash_name(name), offset, length, part, device=device_of(request), at=timezone.now()
    )
    if taken.state == "wrong":
        raise InvalidInput("file", taken.reason)
    status = 201 if taken.state == "whole" else 204 if taken.fits else 409
    made = HttpResponse(status=status)
    made["Upload-Offset"] = str(taken.offset)
    return made


@router.get(
    "/changes", auth=IN_USE, operation_id="sync_changes", response=schemas.ChangesOut,
    summary="What changed since a cursor",
)  # fmt: skip
def changed(request: HttpRequest, cursor: str = "", digest: str = "") -> HttpResponse:
    """At most 500 rows a page; an empty cursor begins a full reading."""
    now = timezone.now()
    epoch = actions.current_epoch(now)
    page = changes(device_of(request).actor, epoch, cursor[:500], digest[:64])
    said = {name: getattr(page, name) for name in ("more", "restart", "drift", "put", "gone")}
    said |= {"now": now, "epoch": epoch.name, "cursor": page.cursor.text(), "scopes": page.scopes}
    return answer(request, said)


@router.get(
    "/pack", auth=IN_USE, operation_id="sync_pack", response={200: dict[str, Any], 304: None},
    summary="Forms, steps, categories and outlines",
)  # fmt: skip
def seldom(request: HttpRequest) -> HttpResponse:
    """What changes seldom, with an ETag."""
    device = device_of(request)
    key = actions.current_key()
    told = pack(Scopes.of(device.actor), device.person.name, bytes(key.public))
    return answer(request, told, etag=True)


@router.get(
    "/ledger", auth=IN_USE, operation_id="sync_ledger", response=schemas.LedgerOut,
    summary="What became of one's own records of a month",
)  # fmt: skip
def own_ledger(request: HttpRequest, month: str) -> HttpResponse:
    """The same query that the appraisal reads."""
    return answer(request, vars(ledger(device_of(request).person_id, month)))


@router.get(
    "/records/{record}", auth=IN_USE, operation_id="sync_record",
    response=schemas.OwnRecordOut, summary="One's own record as it was written",
)  # fmt: skip
def record(request: HttpRequest, record: UUID) -> HttpResponse:
    """For a record that came back, or an unfinished form of a phone that was signed out."""
    return answer(request, own_record(device_of(request).person_id, record))


@router.delete(
    "/records/{record}", auth=IN_USE, operation_id="sync_record_aside", response={204: None},
    summary="Put aside one's own record that came back",
)  # fmt: skip
def record_aside(request: HttpRequest, record: UUID) -> HttpResponse:
    """A returned record, a conflict or an unfinished form that its author needs no more."""
    actions.drop_own(record, device_of(request).person_id, at=timezone.now())
    return HttpResponse(status=204)


@router.post(
    "/conflicts/{record}", auth=IN_USE, operation_id="sync_choose", response=schemas.Receipt,
    summary="Say which value of each field in conflict is right",
    openapi_extra=sends(schemas.ChooseIn),
)  # fmt: skip
def choose(request: HttpRequest, record: UUID) -> HttpResponse:
    """`mine` is applied to what stands there now; the same `id` again answers the same."""
    said, person = body_of(request, schemas.ChooseIn), device_of(request).person_id
    row, _released = actions.choose(
        record, person, said.choose, command_id=said.id, note=said.note, at=timezone.now()
    )
    return answer(request, receipt_of(row))
