"""Own files are hashed, npm packages keep their names, and the import map finds both."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import RequestFactory, override_settings

from maplebridge.ui import importmap, storage

pytestmark = pytest.mark.long
IMMUTABLE = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
ROOM = Path(importmap.__file__).parent


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A build folder with an npm package whose source map is missing, collected and hashed."""
    folder = tmp_path_factory.mktemp("build")
    for version in ("6.9.0", "6.17.0"):
        dist = folder / "npm" / f"maplibre-gl@{version}" / "dist"
        dist.mkdir(parents=True)
        (dist / "maplibre-gl.mjs").write_text(
            'new URL("./maplibre-gl-worker.mjs", import.meta.url);\n//# sourceMappingURL=gone.map\n'
            * 90
        )
        (dist / "maplibre-gl.css").write_text("a{background:url(./gone.svg)}\n" * 90)
    with override_settings(**of(folder)):
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)  # again changes nothing
    return folder


def of(folder):
    """The settings under which a build folder is the site's."""
    hashed = {"staticfiles": {"BACKEND": "maplebridge.ui.storage.HashedStorage"}}
    return {
        "BUILD_DIR": folder,
        "STATIC_ROOT": folder / "static",
        "STATICFILES_DIRS": [("npm", folder / "npm")],
        "STORAGES": settings.STORAGES | hashed,
    }


@pytest.fixture
def collected(built):
    """The build folder, in use."""
    importmap.package_folder.cache_clear()
    with override_settings(**of(built)):
        yield built
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
