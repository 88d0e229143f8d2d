"""Photos: kept once under the hash as sent, small pictures on demand, erased when asked."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pictures import appended_zip, bomb, encoded, moving, picture, text_bomb, with_position
from PIL import Image

from maplebridge.files.actions import erase_photo, store_photo, thumbnail
from maplebridge.files.models import Blob
from maplebridge.files.queries import blob, known, path_of
from maplebridge.files.rules import MOST_BYTES
from maplebridge.kernel.errors import InvalidInput, NotFound
from maplebridge.org.rules import Actor

NOW = timezone.make_aware(datetime(2026, 11, 24, 9, 30))


def store(data: bytes, **more) -> Blob:
    return store_photo(sha256(data).hexdigest(), data, at=NOW, **more)


REFUSED = {
    "empty": (b"", "empty"),
    "text": (b"hello", "not a JPEG"),
    "html": (b"<html>" * 100, "not a JPEG"),
    "gif": (encoded(picture(), "GIF"), "not a JPEG"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a JPEG"),
    "tiff": (encoded(picture(), "TIFF"), "not a JPEG"),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
    "large": (b"\xff\xd8" + bytes(MOST_BYTES), "10 MB"),
    "moving png": (moving("PNG"), "Moving"),
    "moving webp": (moving("WEBP"), "Moving"),
    "over 50 megapixels": (bomb(10_000, 5_001), "50 million"),
    "over Pillow's warning": (bomb(10_000, 9_500), "50 million"),
    "over Pillow's limit": (bomb(100_000, 100_000), "50 million"),
    "header only": (bomb(5_000, 5_000), "damaged"),
    "text bomb": (text_bomb(), "damaged"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_jpeg_under_both_hashes(kind):
    data = encoded(picture(), kind)
    row = store(data, actor=Actor(kind="reporter"))
    kept = path_of(row).read_bytes()
    assert row.sha256 == sha256(data).hexdigest()
    assert row.stored_sha256 == sha256(kept).hexdigest()
    assert (row.kind, row.size, row.width, row.height) == ("image/jpeg", len(kept), 64, 48)
    assert (row.created_at, row.uploaded_by_kind) == (NOW, "reporter")
    h = row.stored_sha256
    assert path_of(row) == Path(django_settings.MEDIA_ROOT) / h[:2] / h[2:4] / f"{h}.jpg"
    with Image.open(io.BytesIO(kept)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert [p for p in path_of(row).parent.iterdir() if p.suffix != ".jpg"] == []


@pytest.mark.django_db
def test_position_camera_profile_and_comments_are_gone():
    data = with_position()
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(0x8825)
        assert {"comment", "icc_profile", "xmp"} <= before.info.keys()
    kept = path_of(store(data)).read_bytes()
    with Image.open(io.BytesIO(kept)) as after:
        assert dict(after.getexif()) == {}
        assert not after.info.keys() & {"exif", "comment", "icc_profile", "xmp", "photoshop"}
    for trace in (b"Exif", b"PhoneMaker", b"secret", b"ICC_PROFILE", b"http"):
        assert trace not in kept


@pytest.mark.django_db
@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script>", appended_zip()])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_bytes_behind_the_picture_are_left_behind(kind, tail):
    data = encoded(picture(), kind) + tail
    kept = path_of(store(data)).read_bytes()
    assert tail not in kept
    assert b"hidden" not in kept
    assert b"script" not in kept
    assert kept.endswith(b"\xff\xd9")


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_in_one_sentence(name):
    data, said = REFUSED[name]
    with pytest.raises(InvalidInput, match=said) as refused:
        store(data)
    assert refused.value.field == "photo"
    assert not Blob.objects.exists()
    assert not list(Path(django_settings.MEDIA_ROOT).rglob("*"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "announced",
    ["", "x" * 64, "0" * 63, "0" * 64, sha256(b"other").hexdigest(), "../../../etc/passwd"],
)
def test_the_announced_hash_must_fit(announced):
    with pytest.raises(InvalidInput) as refused:
        store_photo(announced, encoded(picture()), at=NOW)
    assert refused.value.field == "photo"


@pytest.mark.django_db
def test_an_upper_case_hash_is_not_another_photo():
    data = encoded(picture())
    with pytest.raises(InvalidInput):
        store_photo(sha256(data).hexdigest().upper(), data, at=NOW)


@pytest.mark.django_db
def test_the_same_photo_twice_is_one_row():
    data = encoded(picture())
    first = store(data)
    written = path_of(first).stat().st_mtime_ns
    again = store_photo(first.sha256, data, at=timezone.now())
    assert (again.pk, again.created_at) == (first.pk, NOW)
    assert Blob.objects.count() == 1
    assert path_of(first).stat().st_mtime_ns == written


@pytest.mark.django_db
def test_a_file_the_disk_has_lost_comes_back_with_the_next_upload():
    data = encoded(picture())
    row = store(data)
    path_of(row).unlink()
    with pytest.raises(NotFound):
        path_of(row)
    assert path_of(store(data)).is_file()
    assert Blob.objects.count() == 1


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_eight_uploads_at_once_make_one_row_and_one_file(transactional_db):
    data = encoded(picture((300, 200)))
    together = threading.Barrier(8)

    def upload() -> str:
        together.wait()
        try:
            return store(data).stored_sha256
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = {done.result() for done in [pool.submit(upload) for _ in range(8)]}
    assert len(answers) == 1
    assert Blob.objects.count() == 1
    files = [p for p in Path(django_settings.MEDIA_ROOT).rglob("*") if p.is_file()]
    assert [p.stem for p in files] == list(answers)


@pytest.mark.django_db
def test_known_tells_which_photos_need_not_be_sent(django_assert_num_queries):
    here, gone = store(encoded(picture())), store(encoded(picture((20, 20))))
    erase_photo(gone.sha256, at=NOW)
    with django_assert_num_queries(1):
        assert known([here.sha256, gone.sha256, "0" * 64]) == {here.sha256}
    assert blob(here.sha256) == here
    for missing in (gone.sha256, "0" * 64):
        with pytest.raises(NotFound):
            blob(missing)


@pytest.mark.django_db
@pytest.mark.parametrize("side", [160, 320, 640])
def test_a_small_picture_is_made_once(side):
    row = store(encoded(picture((1000, 500))))
    small = thumbnail(row, side)
    with Image.open(small) as image:
        assert image.size == (side, side // 2)
    made = small.stat().st_mtime_ns
    assert thumbnail(row, side).stat().st_mtime_ns == made


@pytest.mark.django_db
@pytest.mark.parametrize("side", [0, -1, 161, 10**9])
def test_other_sizes_are_refused(side):
    with pytest.raises(InvalidInput) as refused:
        thumbnail(store(encoded(picture())), side)
    assert refused.value.field == "px"


@pytest.mark.django_db
def test_erasing_removes_file_and_small_pictures_and_keeps_the_row():
    data = encoded(picture((1000, 500)))
    row = store(data)
    paths = [path_of(row), thumbnail(row, 160), thumbnail(row, 640)]
    assert erase_photo(row.sha256, at=NOW) is True
    assert erase_photo(row.sha256, at=NOW) is False
    assert not any(p.exists() for p in paths)
    row.refresh_from_db()
    assert row.erased_at == NOW
    for reading in (lambda: path_of(row), lambda: thumbnail(row, 160)):
        with pytest.raises(NotFound):
            reading()
    assert path_of(store(data)).is_file()
    with pytest.raises(NotFound):
        erase_photo("0" * 64, at=NOW)


@pytest.mark.django_db
def test_a_picture_that_two_uploads_share_stays_until_the_last_is_erased():
    one = encoded(picture())
    other = one + b"trailing"
    rows = [store(one), store(other)]
    assert rows[0].stored_sha256 == rows[1].stored_sha256
    erase_photo(rows[0].sha256, at=NOW)
    assert path_of(rows[1]).is_file()
    erase_photo(rows[1].sha256, at=NOW)
    assert not list(Path(django_settings.MEDIA_ROOT).rglob("*.jpg"))
