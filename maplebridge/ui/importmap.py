"""Which name a module of ours or of an npm package has in the browser, and at which URL it lies."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString, mark_safe

# Name in the import map -> (npm package, file inside it). The version is in the folder's name.
PACKAGES = {
    "htmx.org": ("htmx.org", "dist/htmx.esm.min.js"),
    "maplibre-gl": ("maplibre-gl", "dist/maplibre-gl.mjs"),
    "pmtiles": ("pmtiles", "dist/esm/index.js"),
    "fflate": ("fflate", "esm/browser.js"),  # what pmtiles unpacks with
    "idb": ("idb", "build/index.js"),  # the phone's app alone
}
# An app of its own whose shell names its modules; other pages are spared them.
APART = ("mb/field/", "idb")


@cache
def package_folder(package: str, root: Path) -> str | None:
    """Find `<package>@<version>` under `root`, the newest if there are several; None if absent."""
    found = sorted(
        root.glob(f"{package}@*"), key=lambda p: [int(n) for n in re.findall(r"\d+", p.name)]
    )
    return found[-1].relative_to(root).as_posix() if found else None


def npm_url(package: str, file: str) -> str | None:
    """Return the URL of one file of an npm package; None if the package isn't installed."""
    folder = package_folder(package, settings.BUILD_DIR / "npm")
    return staticfiles_storage.url(f"npm/{folder}/{file}") if folder else None


@cache
def own_modules() -> dict[str, str]:
    """Map `mb/<name>` (this room) and `mb/<room>/<name>` (the others) to static file names."""
    modules = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("maplebridge."):
            continue
        prefix = "mb" if app.label == "ui" else f"mb/{app.label}"
        folder = Path(app.path, "static", app.label)
        for path in sorted(folder.rglob("*.js")):
            file = path.relative_to(folder).as_posix()
            modules[f"{prefix}/{file.removesuffix('.js')}"] = f"{app.label}/{file}"
    return modules


def imports(*, apart: bool = False) -> dict[str, str]:
    """Return the map, with the rooms that stand `apart` if asked.

    A package that isn't installed is left out: pages work without it.
    """
    names = [n for n in own_modules() if apart or not n.startswith(APART)]
    own = {name: staticfiles_storage.url(own_modules()[name]) for name in names}
    packages = {n: p for n, p in PACKAGES.items() if apart or not n.startswith(APART)}
    npm = {name: npm_url(package, file) for name, (package, file) in packages.items()}
    return own | {name: url for name, url in npm.items() if url}


def import_map_json(named: Mapping[str, str] | None = None) -> SafeString:
    """Return the import map (all, or `named`) as JSON that is safe inside a script element."""
    return _written(named) if named or settings.DEBUG else _all_written()


@cache
def _all_written() -> SafeString:
    """Every page carries it, and the names stay until the next start."""
    return _written(None)


def _written(named: Mapping[str, str] | None) -> SafeString:
    text = json.dumps({"imports": named or imports()}, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308  file names only, no user text
