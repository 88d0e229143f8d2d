"""The service worker: the exact list of files that the phone keeps, each with its hash.

The list makes the build's name, and the build makes the app: a phone has all of one or all of
another. Served at /field/sw.js, so that it reaches /field/ and nothing else.
"""

import gzip
import json
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from maplebridge.field import shell
from maplebridge.ui.storage import bare

CODE = Path(__file__).with_name("worker.js")
PACKERS = {"br": brotli.compress, "gzip": gzip.compress}
ONLINE = ("field:enrol",)  # pages under /field/ that the server itself must answer


def shell_text(language: str) -> str:
    """The shell in `language` ("zh" or "en"): the same text for everybody, as its hash demands."""
    return _shell(language, build())


@cache
def _shell(language: str, name: str) -> str:
    with translation.override(shell.LANGUAGES[language]):
        facts = shell.looks() | {"import_map": shell.import_map(), "build": name}
        return render_to_string("field/shell.html", facts)


@cache
def build() -> str:
    """The build's name: changed by any change of a file, a text or the worker itself."""
    texts = [_shell(language, "").encode() for language in shell.LANGUAGES]
    parts = [*sorted(files().items()), *map(_hash, [*texts, CODE.read_bytes()])]
    return sha256(json.dumps(parts).encode()).hexdigest()[:12]


@cache
def files() -> dict[str, str]:
    """Every static file that the phone keeps: its address and the start of its bytes' SHA-256."""
    return {address: _hash(_static(address).read_bytes()) for address in shell.files()}


@cache
def shells() -> dict[str, str]:
    """The same of the shells, of which a phone keeps those it opened."""
    return {
        reverse(f"field:{language}"): _hash(shell_text(language).encode())
        for language in shell.LANGUAGES
    }


@cache
def script() -> str:
    """The worker with its lists."""
    facts = {
        "BUILD": build(),
        "FILES": files(),
        "SHELLS": shells(),
        "ONLINE": [reverse(name) for name in ONLINE],
    }
    head = "".join(
        f"const {name} = {json.dumps(fact, indent=0)};\n" for name, fact in facts.items()
    )
    return head + bare(CODE.read_text(encoding="utf-8"))


def packed(request: HttpRequest, text: str, kind: str) -> HttpResponse:
    """An answer of our own text, packed as the browser can unpack it: a phone pays by the byte."""
    accepted = request.headers.get("Accept-Encoding", "")
    way = next((way for way in PACKERS if way in accepted), "")
    answer = HttpResponse(_packed(text, way), content_type=f"{kind}; charset=utf-8")
    answer["Cache-Control"], answer["Vary"] = "no-cache", "Accept-Encoding"
    if way:
        answer["Content-Encoding"] = way
    return answer


@lru_cache(maxsize=16)
def _packed(text: str, way: str) -> bytes:
    return PACKERS[way](text.encode()) if way else text.encode()


def tag(_request: HttpRequest, **_named: str) -> str:
    """The ETag of shell and worker: a browser that has this build fetches nothing."""
    return f'W/"{build()}"'


def _static(address: str) -> Path:
    """Where a static file lies: collected under its hashed name, else where it was written."""
    name = unquote(address.removeprefix(settings.STATIC_URL))
    collected = Path(settings.STATIC_ROOT, name)
    found = finders.find(name)
    return Path(found) if found else collected


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
