"""Photos and voice notes as a page shows them: behind the matter's own door, or on their way."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from maplebridge.files.queries import on_their_way
from maplebridge.matters.models import Matter

Files = Mapping[str, Any]  # a report's or an event's, by "before", "photos" and "voices"
KINDS = ("before", "photos", "voices")


def lacking(all_files: Iterable[Files]) -> dict[str, bool]:
    """Of these files those that are not here: hash, and whether it came and could not be read."""
    hashes = {sha for files in all_files for kind in KINDS for sha in files.get(kind) or ()}
    return on_their_way(hashes) if hashes else {}


def attached(
    matter: Matter, files: Files, kinds: Iterable[str] = KINDS,
    gone: Mapping[str, bool] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What `ui/parts/photos.html` draws; `gone` is what `lacking` said of many at once."""
    missing = lacking([files]) if gone is None else gone
    return [
        _link(matter, sha, voice=kind == "voices")
        | {"missing": {True: "failed", False: "coming"}.get(missing.get(sha), "")}
        for kind in kinds
        for sha in files.get(kind) or ()
    ]


def _link(matter: Matter, sha256: str, *, voice: bool) -> dict[str, Any]:
    url = reverse("web:photo", args=[matter.number, sha256])
    return {"url": url, "thumb": f"{url}?{urlencode({'side': 320})}", "voice": voice}
