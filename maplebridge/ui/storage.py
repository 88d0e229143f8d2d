"""Static files: our own are named by their hash, npm packages by the version in their folder."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

VERSIONED = re.compile(r"(^|/)[^/@]+@\d[^/]*/")
# A comment in lines of its own, one after code, and what a line is indented by.
UNSERVED = re.compile(
    r"^[ \t]*(?:/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|//[^\n]*)[ \t]*\n|(?<=[;{},)]) // [^\n]*$|^[ \t]+",
    re.MULTILINE,
)


def is_versioned(name: str) -> bool:
    """Say whether a file lies in a `<package>@<version>/` folder, so its URL never changes."""
    return VERSIONED.search(name) is not None


def bare(code: str) -> str:
    """A script or style sheet without comments and indentation: a quarter of what a phone fetches.

    Lines stay lines and words stay words, so that a fault can be found in its file. No string of
    ours goes over several lines or has what looks like a comment after code.
    """
    return UNSERVED.sub("", code)


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hash and compress our own files; compress npm packages and leave their names alone.

    Packages import their own files by relative path, which a hash in the name would break. Source
    maps are not followed: a package may name one that it doesn't ship.
    """

    patterns = (("*.css", (r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",)),)

    def stored_name(self, name: str) -> str:
        """Return the name under which `name` is served."""
        return name if is_versioned(name) else super().stored_name(name)

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Any]]:
        """Hash what is ours, then compress what is not (called by collectstatic)."""
        own = {name: where for name, where in paths.items() if not is_versioned(name)}
        if not dry_run:
            for name in own:
                if name.startswith(self.rooms) and name.endswith((".js", ".css")):
                    self._make_bare(name)
        yield from super().post_process(own, dry_run=dry_run, **options)
        if not dry_run:
            # A package's file can't change under its name: compressed once, compressed for good.
            npm = [n for n in paths if is_versioned(n) and not self.exists(f"{n}.br")]
            for name, compressed in self.compress_files(npm):
                yield name, compressed, True

    @property
    def rooms(self) -> tuple[str, ...]:
        """The folders of our own rooms."""
        return tuple(
            f"{app.label}/" for app in apps.get_app_configs() if app.name.startswith("maplebridge.")
        )

    def _make_bare(self, name: str) -> None:
        with self.open(name) as file:
            text = file.read().decode()
        if (less := bare(text)) != text:
            self.delete(name)
            self.save(name, ContentFile(less.encode()))
