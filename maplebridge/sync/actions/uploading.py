"""Files that come apart: sealed, in parts, each part kept before it is answered."""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from maplebridge.files.actions import give_up, store_photo, store_voice
from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.rules import Actor
from maplebridge.sync.models import Device, Upload
from maplebridge.sync.queries.opening import unsealed
from maplebridge.sync.rules import MOST_FILE

# A file that came whole so often and never with its hash is not sent again.
SPOILT = 3


@dataclass(frozen=True)
class Taken:
    """Where an upload stands: `offset` is where it goes on; `fits` is False when the part began
    elsewhere."""

    state: str
    offset: int
    fits: bool = True
    reason: str = ""


def stands(name: str) -> Taken:
    """How much of a file is here."""
    row = Upload.objects.filter(pk=name).first()
    if row is None:
        return Taken("coming", 0)
    if row.state != Upload.State.COMING:
        return Taken(row.state, row.size, reason=row.reason)
    return Taken("coming", _held(row))


def take_file(
    name: str, offset: int, length: int, part: bytes, *, device: Device, at: datetime
) -> Taken:
    """Keep a part of a sealed file; once it is whole, check, open and store it.

    `name` is the SHA-256 of the sealed bytes, `length` all of them. The same part again changes
    nothing. Raises InvalidInput for a length out of bounds or another one than before.
    """
    if not 0 < length <= MOST_FILE or offset + len(part) > length:
        raise InvalidInput("Upload-Length", _("The file is larger than 10 MB."))
    with transaction.atomic():
        Upload.objects.bulk_create(
            [Upload(sha256=name, size=length, device=device, begun_at=at)], ignore_conflicts=True
        )
        row = Upload.objects.select_for_update().get(pk=name)
        if row.state != Upload.State.COMING:
            return Taken(row.state, row.size, reason=row.reason)
        if row.size != length:
            if row.received or row.submission_id is None:
                raise InvalidInput("Upload-Length", _("Another length was announced."))
            row.size = length
        held = _held(row)
        if held < row.received:  # the disk has lost some: what lies beyond is not trusted again
            row.received = held
            row.save(update_fields=["received"])
        if offset != held:
            return Taken("coming", held, fits=False)
        _append(row, held, part)
        row.received = held + len(part)
        row.save(update_fields=["received", "size"])
        if row.received < row.size:
            return Taken("coming", row.received)
        return _finish(row, device, at)


def _held(row: Upload) -> int:
    """The bytes that are certainly here: a crash, or a restore, may leave more or fewer on disk."""
    path = _path(row.sha256)
    return min(row.received, path.stat().st_size) if path.is_file() else 0


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "coming" / name[:2] / name


def _append(row: Upload, held: int, part: bytes) -> None:
    path = _path(row.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if path.is_file() else "w+b") as file:
        file.truncate(held)
        file.seek(held)
        file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _finish(row: Upload, device: Device, at: datetime) -> Taken:
    path = _path(row.sha256)
    with path.open("rb") as file:
        right = file_digest(file, "sha256").hexdigest() == row.sha256
    if not right:
        return _spoilt(row, path, at)
    try:
        _store(row, path.read_bytes(), device, at)
    except InvalidInput as error:
        return _wrong(row, error.message, at)
    row.state, row.ended_at = Upload.State.WHOLE, at
    row.save(update_fields=["state", "ended_at", "plain", "kind"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    return Taken("whole", row.size)


def _store(row: Upload, sealed: bytes, device: Device, at: datetime) -> None:
    """Open the file and keep it as the photo or voice note it was announced as."""
    plain = unsealed(sealed)
    name = sha256(plain).hexdigest()
    if row.plain and row.plain != name:
        raise InvalidInput("photo", _("It is not the file that the record names."))
    actor = Actor(kind="staff", person_id=device.person_id)
    row.plain = name
    if not row.kind:  # it came before the record that says what it is
        sounds = plain[:4] in {b"\x1a\x45\xdf\xa3", b"OggS"} or plain[4:8] == b"ftyp"
        row.kind = "voice" if sounds else "photo"
    store = store_photo if row.kind == "photo" else store_voice
    with transaction.atomic():  # a fault in it undoes nothing of the upload
        store(name, plain, at=at, actor=actor)


def _spoilt(row: Upload, path: Path, at: datetime) -> Taken:
    """The bytes are not those that were named: they begin anew, a few times."""
    row.spoilt += 1
    if row.spoilt >= SPOILT:
        row.save(update_fields=["spoilt"])
        return _wrong(row, _("The photo did not arrive whole. Send it again."), at)
    row.received = 0
    row.save(update_fields=["spoilt", "received"])
    path.replace(path.with_suffix(f".spoilt{row.spoilt}"))
    return Taken("coming", 0, fits=False)


def _wrong(row: Upload, reason: str, at: datetime) -> Taken:
    """Whole but no use: the bytes stay aside, the record stays and says so."""
    row.state, row.reason, row.ended_at = Upload.State.WRONG, reason[:200], at
    row.save(update_fields=["state", "reason", "ended_at"])
    if row.plain:
        give_up(row.plain)
    return Taken("wrong", row.size, reason=row.reason)
