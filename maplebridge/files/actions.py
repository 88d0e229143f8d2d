"""The only writes of photos: rows, files and their small pictures."""

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from maplebridge.files.models import Blob, Promise
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
from maplebridge.files.sound import VOICE_KIND, check_voice, clean_voice
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
    return _keep(row, photo.data)


def store_voice(sha256: str, data: bytes, *, at: datetime, actor: Actor = ANYONE) -> Blob:
    """Check, re-encode and keep a voice note under the SHA-256 of the bytes sent.

    Raises InvalidInput("voice") with one sentence for a wrong hash, more than 2 MiB or three
    minutes, or anything but WebM, Ogg or MP4 with Opus or AAC.
    """
    check_voice(sha256, data)
    there = Blob.objects.filter(sha256=sha256, erased_at__isnull=True).first()
    if there is not None and _file(there).is_file():
        return there
    voice = clean_voice(data)
    row = Blob(
        sha256=sha256, stored_sha256=voice.sha256, kind=VOICE_KIND, size=len(voice.data),
        seconds=voice.seconds, created_at=at, uploaded_by_kind=actor.kind,
    )  # fmt: skip
    return _keep(row, voice.data)


def _keep(row: Blob, data: bytes) -> Blob:
    with transaction.atomic():
        _lock(row.stored_sha256)
        # The file first: a crash may leave a file without a row, never a row without its file.
        _write(_file(row), data)
        Blob.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["sha256"],
            update_fields=[
                "stored_sha256", "kind", "size", "width", "height", "seconds", "erased_at",
            ],
        )  # fmt: skip
        Promise.objects.filter(sha256=row.sha256).delete()
    return Blob.objects.get(sha256=row.sha256)


def promise(files: Mapping[str, str], *, at: datetime) -> None:
    """Note files by hash, each "photo" or "voice", whose bytes come later; those that are here
    already, or were erased, are not waited for."""
    here = Blob.objects.filter(sha256__in=list(files)).values_list("sha256", flat=True)
    wanted = files.keys() - set(here)
    Promise.objects.bulk_create(
        (Promise(sha256=sha, kind=files[sha], promised_at=at) for sha in sorted(wanted)),
        ignore_conflicts=True,
    )


def give_up(sha256: str) -> None:
    """Note that a promised file came and could not be read."""
    Promise.objects.filter(sha256=sha256).update(failed=True)


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
    return Path(settings.MEDIA_ROOT) / stored_path(row.stored_sha256, row.kind)


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
