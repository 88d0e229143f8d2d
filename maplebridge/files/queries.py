"""Which photos there are and where they lie."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from maplebridge.files.models import Blob, Promise
from maplebridge.files.rules import stored_path
from maplebridge.kernel.errors import NotFound


def known(hashes: Iterable[str]) -> set[str]:
    """Those of the announced hashes whose file is kept and not erased, or is promised."""
    wanted = list(hashes)
    here = Blob.objects.filter(sha256__in=wanted, erased_at__isnull=True)
    coming = Promise.objects.filter(sha256__in=wanted)
    names = here.values_list("sha256", flat=True)
    return set(names.union(coming.values_list("sha256", flat=True)))


def on_their_way(hashes: Iterable[str]) -> dict[str, bool]:
    """Those of the hashes whose file has not come, and whether it came and could not be read."""
    return dict(Promise.objects.filter(sha256__in=list(hashes)).values_list("sha256", "failed"))


def blob(sha256: str) -> Blob:
    """The photo announced under this hash; NotFound when never sent or erased."""
    found = Blob.objects.filter(sha256=sha256, erased_at__isnull=True).first()
    if found is None:
        raise NotFound(_("There is no such photo."))
    return found


def path_of(kept: Blob) -> Path:
    """The file of a photo; NotFound when it was erased or the disk has lost it."""
    path = Path(settings.MEDIA_ROOT) / stored_path(kept.stored_sha256, kept.kind)
    if kept.erased_at is not None or not path.is_file():
        raise NotFound(_("There is no such photo."))
    return path
