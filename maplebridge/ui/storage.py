"""Static files: our own are named by their hash, npm packages by the version in their folder."""

import re
from collections.abc import Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

VERSIONED = re.compile(r"(^|/)[^/@]+@\d[^/]*/")


def is_versioned(name: str) -> bool:
    """Say whether a file lies in a `<package>@<version>/` folder, so its URL never changes."""
    return VERSIONED.search(name) is not None


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
        yield from super().post_process(own, dry_run=dry_run, **options)
        if not dry_run:
            # A package's file can't change under its name: compressed once, compressed for good.
            npm = [n for n in paths if is_versioned(n) and not self.exists(f"{n}.br")]
            for name, compressed in self.compress_files(npm):
                yield name, compressed, True
