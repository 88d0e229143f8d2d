"""What the shell is made of: its modules and files, and the import map that names them.

The shell is kept by the service worker, so nothing in it may differ from one answer to the next:
its import map is allowed by its hash, where other pages use a nonce.
"""

import base64
import hashlib
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage

from maplebridge.matters.flow import STATUSES
from maplebridge.ui.importmap import import_map_json, imports
from maplebridge.ui.tones import LIGHTS

# The address of each language's shell, and what Django calls the language.
LANGUAGES = {"zh": "zh-hans", "en": "en"}
STYLES = ("ui/maple.css", "field/field.css")
PICTURES = ("ui/icons.svg", "ui/mark.svg")
LENT = ("mb/toast", "mb/times", "idb")  # modules of other rooms and packages that the phone needs


def modules() -> dict[str, str]:
    """Name and address of every module of the phone."""
    return {
        name: url
        for name, url in imports(apart=True).items()
        if name in LENT or name.startswith("mb/field/")
    }


def import_map() -> str:
    """The shell's import map as JSON."""
    return import_map_json(modules())


def import_map_hash() -> str:
    """The source by which the content policy allows exactly this import map."""
    digest = hashlib.sha256(import_map().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def looks() -> dict[str, Any]:
    """What the shell draws once for the modules to clone: every light and every status."""
    return {"lights": list(LIGHTS), "statuses": STATUSES}


def files() -> list[str]:
    """The address of every static file that the phone keeps, each once and in a fixed order."""
    own = [staticfiles_storage.url(name) for name in (*STYLES, *PICTURES)]
    return [*own, *sorted(modules().values())]
