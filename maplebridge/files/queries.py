"""Which photos there are and where they lie."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from maplebridge.files.models import Blob
from maplebridge.files.rules import stored_path
from maplebridge.kernel.errors import NotFound


def known(hashes: Iterable[str]) -> set[str]:
    """Those of the announced hashes whose photo is kept and not erased."""
    return set(
        Blob.objects.filter(sha256__in=list(hashes), erased_at__isnull=True).values_list(
            "sha256", flat=True
        )
    )


def blob(sha256: str) -> Blob:
    """The photo announced under this hash; NotFound when never sent or erased."""
    found = Blob.objects.filter(sha256=sha256, erased_at__isnull=True).first()
    if found is None:
        raise NotFound(_("There is no such photo."))
    return found


def path_of(kept: Blob) -> Path:
    """The file of a photo; NotFound when it was erased or the disk has lost it."""
    path = Path(settings.MEDIA_ROOT) / stored_path(kept.stored_sha256)
    if kept.erased_at is not None or not path.is_file():
        raise NotFound(_("There is no such photo."))
    return path
