"""Any photo becomes a plain JPEG with nothing but the picture, or one clear sentence."""

import io
from functools import cache

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pictures import encoded, picture, with_position
from PIL import Image, PngImagePlugin

from maplebridge.files.rules import clean_photo
from maplebridge.kernel.errors import InvalidInput

SEEDS = [encoded(picture()), encoded(picture(), "PNG"), encoded(picture(), "WEBP"), with_position()]


@pytest.mark.parametrize(("kind", "key"), [("PNG", "pnginfo"), ("WEBP", "xmp")])
def test_text_inside_other_formats_is_gone(kind, key):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret")
    data = encoded(picture(), kind, **{key: info if kind == "PNG" else b"secret"})
    assert b"secret" in data
    assert b"secret" not in clean_photo(data).data


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, (0, 0)),
        (2, (1, 0)),
        (3, (1, 1)),
        (4, (0, 1)),
        (5, (0, 0)),
        (6, (1, 0)),
        (7, (1, 1)),
        (8, (0, 1)),
    ],
)
def test_the_picture_stands_upright(orientation, corner):
    exif = Image.Exif()
    exif[0x0112] = orientation
    clean = clean_photo(encoded(picture((400, 200)), exif=exif, quality=95))
    assert (clean.width, clean.height) == ((400, 200) if orientation < 5 else (200, 400))
    with Image.open(io.BytesIO(clean.data)) as image:
        spot = tuple(
            10 if side == 0 else size - 10 for side, size in zip(corner, image.size, strict=True)
        )
        red, green, _blue = image.getpixel(spot)
    assert red > 150
    assert green < 80


@pytest.mark.parametrize("size", [(4000, 1000), (1000, 4000), (2049, 2049), (2048, 10), (1, 1)])
def test_the_longest_side_is_2048(size):
    clean = clean_photo(encoded(picture(size)))
    assert max(clean.width, clean.height) == min(2048, max(size))
    assert clean.width / clean.height == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGBA", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_colour_mode_becomes_rgb(mode, kind):
    clean = clean_photo(encoded(picture().convert(mode), kind))
    with Image.open(io.BytesIO(clean.data)) as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize(
    ("mode", "value", "shown"), [("RGBA", (0, 0, 0, 0), 255), ("I;16", 32768, 128)]
)
def test_transparent_is_white_and_deep_grey_keeps_its_tone(mode, value, shown):
    clean = clean_photo(encoded(Image.new(mode, (16, 16), value), "PNG"))
    with Image.open(io.BytesIO(clean.data)) as image:
        assert image.getpixel((8, 8)) == pytest.approx((shown,) * 3, abs=2)


def test_the_first_view_of_a_double_shot_is_the_photo():
    data = encoded(picture(), "MPO", save_all=True, append_images=[picture((32, 32))])
    clean = clean_photo(data)
    assert (clean.width, clean.height) == (64, 48)


@cache
def noise(size, progressive):
    return encoded(Image.effect_noise(size, 60).convert("RGB"), progressive=progressive)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("size", [(640, 480), (4000, 3000)])
def test_a_cut_off_jpeg_is_refused(share, progressive, size):
    data = noise(size, progressive)
    with pytest.raises(InvalidInput):
        clean_photo(data[: int(len(data) * share)])


@hypothesis_settings(deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 200),
)
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_give_a_photo_or_a_sentence(seed, changes, cut):
    data = bytearray(seed[: len(seed) - cut])
    for where, value in changes:
        data[where % len(data)] = value
    try:
        clean = clean_photo(bytes(data))
    except InvalidInput:
        return
    with Image.open(io.BytesIO(clean.data)) as image:
        assert image.size == (clean.width, clean.height)
        assert dict(image.getexif()) == {}
