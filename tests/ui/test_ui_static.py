"""Own files are hashed, npm packages keep their names, and the import map finds both."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import RequestFactory

from maplebridge.ui import importmap, storage

IMMUTABLE = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
ROOM = Path(importmap.__file__).parent


@pytest.fixture
def collected(tmp_path, settings):
    """A build folder with an npm package whose source map is missing, collected and hashed."""
    npm = tmp_path / "npm"
    for version in ("6.9.0", "6.17.0"):
        dist = npm / f"maplibre-gl@{version}" / "dist"
        dist.mkdir(parents=True)
        (dist / "maplibre-gl.mjs").write_text(
            'new URL("./maplibre-gl-worker.mjs", import.meta.url);\n//# sourceMappingURL=gone.map\n'
            * 90
        )
        (dist / "maplibre-gl.css").write_text("a{background:url(./gone.svg)}\n" * 90)
    settings.BUILD_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [("npm", npm)]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "maplebridge.ui.storage.HashedStorage"}
    }
    importmap.package_folder.cache_clear()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # again changes nothing
    yield tmp_path
    importmap.package_folder.cache_clear()


def test_import_map_points_at_files_that_exist(collected):
    found = importmap.imports()
    assert {"mb/start", "mb/map", "mb/keys", "mb/times", "mb/photos", "mb/toast"} <= set(found)
    assert found["maplibre-gl"] == "/static/npm/maplibre-gl@6.17.0/dist/maplibre-gl.mjs"
    assert "htmx.org" not in found  # not installed here: left out, not guessed
    for url in found.values():
        assert (collected / "static" / url.removeprefix("/static/")).is_file(), url
        assert IMMUTABLE.search(url), url


def test_packages_are_compressed_but_never_rewritten(collected):
    dist = collected / "static/npm/maplibre-gl@6.17.0/dist"
    names = {path.name for path in dist.iterdir()}
    assert {"maplibre-gl.mjs", "maplibre-gl.mjs.br", "maplibre-gl.css"} <= names
    assert not any(re.search(r"\.[0-9a-f]{12}\.", name) for name in names)
    assert "sourceMappingURL=gone.map" in (dist / "maplibre-gl.mjs").read_text()


@pytest.mark.parametrize(
    ("name", "versioned"),
    [
        ("npm/htmx.org@4.0.1/dist/htmx.js", True),
        ("npm/@tabler/core@1.6.1/dist/x.css", True),
        ("ui/maple.css", False),
        ("npm/@tabler/core/x.css", False),
        ("ui/me@home.svg", False),
    ],
)
def test_versioned_folders(name, versioned):
    assert storage.is_versioned(name) is versioned
    assert bool(IMMUTABLE.search(f"/static/{name}")) is versioned


def test_import_map_tag_carries_the_nonce_and_no_markup():
    request = RequestFactory().get("/")
    request.csp_nonce = "abc"
    html = Template("{% load ui %}{% import_map %}").render(Context({"request": request}))
    text = re.fullmatch(r'<script type="importmap" nonce="abc">(.*)</script>', html)[1]
    assert "<" not in text
    assert json.loads(text)["imports"]["mb/map"].startswith("/static/ui/map")


def test_sizes_stay_small():
    assert (ROOM / "static/ui/maple.css").stat().st_size < 40_000
    for module in (ROOM / "static/ui").glob("*.js"):
        assert len(module.read_text().splitlines()) <= 200, module.name


def test_modules_import_by_name_only():
    """A relative import would miss the hash in the other module's name."""
    for module in (ROOM / "static/ui").glob("*.js"):
        for name in re.findall(r"""(?:from|import\()\s*["']([^"']+)""", module.read_text()):
            assert name in importmap.own_modules() or name in importmap.PACKAGES, (
                module.name,
                name,
            )
