"""Invented pictures, good and bad, made while the tests run."""

import io
import zipfile
import zlib

from PIL import Image, ImageCms, PngImagePlugin


def picture(size=(64, 48), mode="RGB", colour=None) -> Image.Image:
    """A gradient with a red upper left corner, so that turning it shows."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "RGB":
        image.paste(colour or (200, 20, 20), (0, 0, size[0] // 4, size[1] // 4))
    return image


def encoded(image: Image.Image, kind="JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x9003] = "2026:11:24 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (28.0, 4.0, 30.0), 3: "E", 4: (119.0, 8.0, 0.0)})
    return encoded(
        picture(),
        exif=exif,
        comment=b"secret comment",
        xmp=b"<x:xmpmeta>secret xmp</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )


def appended_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hidden.txt", "hidden")
    return out.getvalue()


def moving(kind: str) -> bytes:
    frames = [picture(colour=(0, 0, 200))]
    return encoded(picture(), kind, save_all=True, append_images=frames, duration=100)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises a huge picture."""
    data = bytearray(encoded(Image.new("1", (8, 8)), "PNG"))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def text_bomb() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 70_000_000, zip=True)
    return encoded(picture(), "PNG", pnginfo=info)
