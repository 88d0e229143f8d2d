"""Photos of a form: hashes sent ahead by the script, or files sent with the form without it."""

from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from maplebridge.files.actions import store_photo, thumbnail
from maplebridge.files.queries import blob, known, path_of
from maplebridge.files.rules import MOST_BYTES, STORED_KIND, THUMBNAIL_SIDES, is_hash
from maplebridge.kernel.errors import InvalidInput
from maplebridge.kernel.text import whole_number
from maplebridge.org.rules import Actor

NAME_SHOWN = 60  # characters of a file's name


def hash_name(name: str) -> str:
    """The hidden field with the hashes of a photo field: "photo" for "photos"."""
    return "photo" if name == "photos" else f"{name}_photo"


class PhotoRefused(InvalidInput):
    """A file of a form is no photo that can be kept; `kept` has the hashes of the others."""

    def __init__(self, name: str, message: str, kept: list[str]) -> None:
        super().__init__(name, message)
        self.kept = kept


def sent_photos(request: HttpRequest, actor: Actor, name: str = "photos") -> list[str]:
    """Hashes of a form's photos of one field; files that came with the form are stored first.

    Raises PhotoRefused(name) when a file is too large or no photo, or a hash is of no photo here.
    """
    sent = request.POST.getlist(hash_name(name))
    here = known(filter(is_hash, sent))
    hashes, refused = [h for h in sent if h in here], ""
    if len(hashes) < len(sent):
        refused = _("A photo has not arrived. Please choose it once more.")
    for file in request.FILES.getlist(name):
        try:
            hashes.append(_stored(file, actor))
        except InvalidInput as error:
            refused = f"{(file.name or '')[-NAME_SHOWN:]}: {error.message}"
    hashes = list(dict.fromkeys(hashes))
    if refused:
        raise PhotoRefused(name, refused, hashes)
    return hashes


def _stored(file: "UploadedFile[Any]", actor: Actor) -> str:
    if (file.size or 0) > MOST_BYTES:
        raise InvalidInput("photo", _("This photo is too large: at most 10 MB."))
    data = file.read()
    return store_photo(sha256(data).hexdigest(), data, at=timezone.now(), actor=actor).sha256


def photo_response(hash_name: str, side: str = "") -> FileResponse:
    """The picture or its small copy, or the voice note; it never changes, so this browser may
    keep it a day."""
    kept = blob(hash_name)
    asked = whole_number(side)
    wanted = asked if kept.kind == STORED_KIND and asked in THUMBNAIL_SIDES else 0
    path: Any = thumbnail(kept, wanted) if wanted else path_of(kept)
    response = FileResponse(path.open("rb"), content_type=kept.kind)
    response["Cache-Control"] = "private, max-age=86400"
    return response
