"""What a photo must be, and how any photo becomes a plain JPEG that carries nothing else."""

import io
import re
import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from maplebridge.kernel.errors import InvalidInput

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048
QUALITY = 85
THUMBNAIL_SIDES = (160, 320, 640)
STORED_KIND = "image/jpeg"
FORMATS = ("JPEG", "PNG", "WEBP")

_HASH = re.compile(r"[0-9a-f]{64}")
# ISO/IEC 23008-12 brands of HEIC/HEIF, and AVIF: what phones send when not asked for JPEG.
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
# What decoders raise on bytes that only look like a picture.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    EOFError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class CleanPhoto:
    """A baseline JPEG with no metadata, upright, its longest side at most 2048 pixels."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return sha256(self.data).hexdigest()


def is_hash(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return bool(_HASH.fullmatch(text))


def check_announced(announced: str, data: bytes) -> None:
    """InvalidInput("photo") unless the bytes are within bounds and have the announced hash."""
    if not is_hash(announced):
        raise InvalidInput("photo", _("A photo is named by its SHA-256, 64 hexadecimal digits."))
    if not data:
        raise InvalidInput("photo", _("The photo is empty."))
    if len(data) > MOST_BYTES:
        raise InvalidInput("photo", _("The photo is larger than 10 MB."))
    if sha256(data).hexdigest() != announced:
        raise InvalidInput("photo", _("The photo did not arrive whole. Send it again."))


def clean_photo(data: bytes) -> CleanPhoto:
    """Decode a JPEG, PNG or WebP and encode it anew: pixels only, no EXIF, position or profile.

    Bytes after the picture are left behind. Raises InvalidInput("photo") for anything else, for
    broken, moving, or too large pictures (over 50 megapixels, told by the header before any
    pixel is decoded).
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise InvalidInput("photo", _("HEIC photos can't be read. Choose JPEG, PNG or WebP."))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_header(picture)
            # Shrinks while decoding, where JPEG allows it; orientation is read before it is lost.
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            flat = _flatten(upright)
    except UnidentifiedImageError:
        raise InvalidInput("photo", _("This is not a JPEG, PNG or WebP photo.")) from None
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except _BROKEN:
        raise InvalidInput("photo", _("The photo is damaged or cut off.")) from None
    return CleanPhoto(_encode(flat), flat.width, flat.height)


def shrink(data: bytes, side: int) -> bytes:
    """A JPEG of a stored photo whose longest side is at most `side` pixels."""
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        picture.thumbnail((side, side))
        return _encode(_flatten(picture))


def stored_path(stored_sha256: str, kind: str = STORED_KIND) -> str:
    """Where a stored file lies below the media folder: "ab/cd/<hash>.jpg", ".m4a" for speech."""
    ending = "jpg" if kind == STORED_KIND else "m4a"
    return f"{stored_sha256[:2]}/{stored_sha256[2:4]}/{stored_sha256}.{ending}"


def thumbnail_path(stored_sha256: str, side: int) -> str:
    """Where the small picture of a stored photo lies below the media folder."""
    return f"thumbnails/{side}/{stored_path(stored_sha256)}"


def _check_header(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_many_pixels()
    # A phone's JPEG may hold a second view of the same shot (MPO): its first picture is the photo.
    if picture.format in {"PNG", "WEBP"} and getattr(picture, "is_animated", False):
        raise InvalidInput("photo", _("Moving pictures are not accepted. Choose a still photo."))


def _too_many_pixels() -> InvalidInput:
    return InvalidInput("photo", _("The photo has more than 50 million pixels."))


def _flatten(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    elif picture.mode.startswith("I"):
        # 16-bit grey: Pillow would clip, not scale, on the way to 8 bits.
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGB")


def _encode(picture: Image.Image) -> bytes:
    # The encoder would carry comment and profile over from `info`.
    picture.info.clear()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
