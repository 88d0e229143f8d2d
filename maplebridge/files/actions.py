"""The only writes of photos: rows, files and their small pictures."""

import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from maplebridge.files.models import Blob
from maplebridge.files.queries import path_of
from maplebridge.files.rules import (
    STORED_KIND,
    THUMBNAIL_SIDES,
    check_announced,
    clean_photo,
    shrink,
    stored_path,
    thumbnail_path,
)
from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.org.rules import ANYONE, Actor


def store_photo(sha256: str, data: bytes, *, at: datetime, actor: Actor = ANYONE) -> Blob:
    """Check, re-encode and keep a photo under the SHA-256 of the bytes sent.

    The same photo again answers the row there is. Raises InvalidInput("photo") with one sentence
    for a wrong hash, more than 10 MiB or 50 megapixels, or anything but a still JPEG, PNG or WebP.
    """
    check_announced(sha256, data)
    there = Blob.objects.filter(sha256=sha256, erased_at__isnull=True).first()
    if there is not None and _file(there).is_file():
        return there
    photo = clean_photo(data)
    row = Blob(
        sha256=sha256,
        stored_sha256=photo.sha256,
        kind=STORED_KIND,
        size=len(photo.data),
        width=photo.width,
        height=photo.height,
        created_at=at,
        uploaded_by_kind=actor.kind,
    )
    with transaction.atomic():
        _lock(photo.sha256)
        # The file first: a crash may leave a file without a row, never a row without its file.
        _write(_file(row), photo.data)
        Blob.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["sha256"],
            update_fields=["stored_sha256", "size", "width", "height", "erased_at"],
        )
    return Blob.objects.get(sha256=sha256)


@transaction.atomic
def erase_photo(sha256: str, *, at: datetime) -> bool:
    """Delete a photo's file and small pictures, keep the row (PIPL 47); False when done before.

    The file stays while another row has the same picture: the same shot sent twice with different
    metadata is stored once. Raises NotFound.
    """
    row = Blob.objects.filter(sha256=sha256).first()
    if row is None:
        raise NotFound(_("There is no such photo."))
    _lock(row.stored_sha256)
    if not Blob.objects.filter(sha256=sha256, erased_at__isnull=True).update(erased_at=at):
        return False
    if not Blob.objects.filter(stored_sha256=row.stored_sha256, erased_at__isnull=True).exists():
        _file(row).unlink(missing_ok=True)
        for side in THUMBNAIL_SIDES:
            _small_file(row, side).unlink(missing_ok=True)
    return True


def thumbnail(kept: Blob, px: int) -> Path:
    """The small picture of a photo, made once: `px` is 160, 320 or 640 (InvalidInput else).

    Raises NotFound as `queries.path_of`.
    """
    if px not in THUMBNAIL_SIDES:
        raise InvalidInput("px", _("Small pictures have 160, 320 or 640 pixels."))
    source, small = path_of(kept), _small_file(kept, px)
    if not small.is_file():
        _write(small, shrink(source.read_bytes(), px))
    return small


def _file(row: Blob) -> Path:
    return Path(settings.MEDIA_ROOT) / stored_path(row.stored_sha256)


def _small_file(row: Blob, side: int) -> Path:
    return Path(settings.MEDIA_ROOT) / thumbnail_path(row.stored_sha256, side)


def _lock(stored_sha256: str) -> None:
    # One picture at a time: erasing must not race with keeping the same picture again.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [stored_sha256])


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
