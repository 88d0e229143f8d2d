"""Who stands at a door of sync, what was sent through it, and how it is answered."""

import json
import re
import zlib
from hashlib import sha256
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.responses import NinjaJSONEncoder
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf
from pydantic import BaseModel, ValidationError

from maplebridge.kernel.errors import InvalidInput, NotAllowed, Revoked, SignedOut, TooMany
from maplebridge.kernel.text import whole_number
from maplebridge.org.queries import actor_for
from maplebridge.org.rules import Actor
from maplebridge.sync import actions
from maplebridge.sync.models import Device
from maplebridge.sync.rules import COOKIE, FIELD_KINDS, MOST_BYTES, MOST_PART
from maplebridge.trust.throttle import Bucket, throttle, throttling

# Calls of one device in a minute: a day's records with their photos in one go stay below it.
QUOTA = 240
# Shorter answers cost more to pack than to send.
SHORT = 600
HASH = re.compile(r"[0-9a-f]{64}")
B = TypeVar("B", bound=BaseModel)
_bucket = Bucket(QUOTA)


class AtTheDesk(APIKeyCookie):
    """Somebody signed in at the desk who works at the door; with the token against forged forms."""

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, where the refusal gets a sentence

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """The actor; SignedOut or NotAllowed."""
        if not request.user.is_authenticated:
            raise SignedOut(_("Sign in first."))
        if check_csrf(request):
            raise NotAllowed(_("The page is too old. Load it again."))
        if request.user.first_password:
            raise NotAllowed(_("Choose a password of your own first."))
        return actor_for(request.user)


class DeviceCookie(APIKeyCookie):
    """A device by its signed cookie, and the header that no foreign page can send along."""

    param_name = COOKIE

    def __init__(self, *, in_use: bool) -> None:
        super().__init__(csrf=False)
        self.in_use = in_use

    def authenticate(self, request: HttpRequest, key: str | None) -> Device:
        """The device, with the actor it stands for; SignedOut, or Revoked where only a device in
        use may come."""
        try:
            device = actions.device_of(key or "")
        except SignedOut:
            throttle(request, "sync")
            raise
        if request.headers.get("X-Maplebridge-Device") != str(device.id):
            raise SignedOut(_("Sign in and enrol this phone again."))
        if throttling() and (seconds := _bucket.wait(device.id.hex)):
            raise TooMany(_("Too many at once. Try again in a minute."), seconds=seconds)
        device.actor = actor_for(device.person)  # type: ignore[attr-defined]
        if self.in_use and not (device.revoked_at is None and device.actor.holds(*FIELD_KINDS)):  # type: ignore[attr-defined]
            raise Revoked(_("This phone may no longer be used here."))
        return device


AT_THE_DESK = AtTheDesk()
IN_USE = DeviceCookie(in_use=True)
ANY_DEVICE = DeviceCookie(in_use=False)


def device_of(request: HttpRequest) -> Any:
    """The device behind a request, with its `actor`."""
    return request.auth  # type: ignore[attr-defined]


def body_of(request: HttpRequest, schema: type[B]) -> B:
    """The checked body, unpacked when it came as gzip; RequestDataTooBig over two megabytes,
    InvalidInput naming the first wrong field, HttpError when it is no JSON object."""
    raw = request.read(MOST_BYTES + 1)
    if request.headers.get("Content-Encoding", "").strip().lower() == "gzip":
        raw = _unpacked(raw)
    if len(raw) > MOST_BYTES:
        raise RequestDataTooBig
    try:
        return schema.model_validate_json(raw or b"{}")
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            raise HttpError(400, "not an object") from None
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(where, _("This value is not allowed here.")) from None


def _unpacked(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise HttpError(400, "not gzip") from None


def hash_name(name: str) -> str:
    """The name of a sealed file; InvalidInput when it is no SHA-256."""
    if not HASH.fullmatch(name):
        raise InvalidInput("file", _("A file is named by its SHA-256."))
    return name


def sealed_part(request: HttpRequest) -> tuple[int, int, bytes]:
    """(offset, length of the whole, bytes) of a part; InvalidInput, or RequestDataTooBig."""
    offset, length = (_whole(request, name) for name in ("Upload-Offset", "Upload-Length"))
    part = request.read(MOST_PART + 1)
    if len(part) > MOST_PART:
        raise RequestDataTooBig
    return offset, length, part


def _whole(request: HttpRequest, name: str) -> int:
    value = whole_number(request.headers.get(name))
    if value is None:
        raise InvalidInput(name, _("This is not a number."))
    return value


def answer(
    request: HttpRequest, body: Any, *, status: int = 200, etag: bool = False
) -> HttpResponse:
    """JSON, packed where the phone can unpack it; with an ETag 304 when it has the same."""
    raw = json.dumps(
        body, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":")
    ).encode()  # fmt: skip
    tag = f'W/"{sha256(raw).hexdigest()[:32]}"' if etag else ""
    if tag and request.headers.get("If-None-Match") == tag:
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(raw, status=status, content_type="application/json; charset=utf-8")
        if len(raw) > SHORT and "gzip" in request.headers.get("Accept-Encoding", ""):
            packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
            made.content = packer.compress(raw) + packer.flush()
            made["Content-Encoding"] = "gzip"
    if tag:
        made["ETag"] = tag
    made["Cache-Control"] = "no-cache" if etag else "no-store"
    made["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return made


def sends(schema: type[BaseModel]) -> dict[str, Any]:
    """A body's description for OpenAPI; it may come as gzip, so Ninja does not read it."""
    described = schema.model_json_schema()
    described = _inlined(described, described.pop("$defs", {}))
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": described}}}
    }


def _inlined(part: Any, named: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _inlined(named[part["$ref"].rsplit("/", 1)[1]], named)
        return {k: _inlined(v, named) for k, v in part.items()}
    return [_inlined(v, named) for v in part] if isinstance(part, list) else part


PART = {
    "parameters": [
        {
            "name": name, "in": "header", "required": True,
            "schema": {"type": "integer", "minimum": 0},
        }
        for name in ("Upload-Offset", "Upload-Length")
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
        },
    },
}  # fmt: skip
