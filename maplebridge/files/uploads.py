"""Photos of a form: hashes sent ahead by the script, or files sent with the form without it."""

from hashlib import sha256
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.files.actions import store_photo, thumbnail
from maplebridge.files.queries import blob, path_of
from maplebridge.files.rules import MOST_BYTES, STORED_KIND, THUMBNAIL_SIDES
from maplebridge.kernel.errors import InvalidInput
from maplebridge.org.rules import Actor


def hash_name(name: str) -> str:
    """The hidden field with the hashes of a photo field: "photo" for "photos"."""
    return "photo" if name == "photos" else f"{name}_photo"


def sent_photos(request: HttpRequest, actor: Actor, name: str = "photos") -> list[str]:
    """Hashes of a form's photos of one field; files that came with the form are stored first.

    Raises InvalidInput(name) for a file that is too large or no photo.
    """
    hashes = request.POST.getlist(hash_name(name))
    for file in request.FILES.getlist(name):
        if (file.size or 0) > MOST_BYTES:
            raise InvalidInput(name, _("This photo is too large: at most 10 MB."))
        data = file.read()
        try:
            kept = store_photo(sha256(data).hexdigest(), data, at=timezone.now(), actor=actor)
        except InvalidInput as error:
            raise InvalidInput(name, error.message) from error
        hashes.append(kept.sha256)
    return list(dict.fromkeys(hashes))


def photo_response(hash_name: str, side: str = "") -> FileResponse:
    """The picture or its small copy, or the voice note; it never changes, so this browser may
    keep it a day."""
    kept = blob(hash_name)
    small = kept.kind == STORED_KIND and side.isdigit() and int(side) in THUMBNAIL_SIDES
    wanted = int(side) if small else 0
    path: Any = thumbnail(kept, wanted) if wanted else path_of(kept)
    response = FileResponse(path.open("rb"), content_type=kept.kind)
    response["Cache-Control"] = "private, max-age=86400"
    return response
