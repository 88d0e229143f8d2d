"""Photos and voice notes that come apart from their record, in parts, again, broken."""

import re
from hashlib import sha256

import pytest
from django.conf import settings as django_settings
from django.test import Client

from maplebridge.files.models import Blob, Promise
from maplebridge.matters.models import Report
from maplebridge.sync.models import Upload
from maplebridge.sync.seal import seal
from tests.files.pictures import encoded, picture, with_position
from tests.files.sounds import sound
from tests.sync.phone import Offline

PHOTO = encoded(picture())


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def patch(phone, name, part, offset, length):
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Length": str(length),
        "Content-Type": "application/octet-stream",
    }
    status, answered, _body = phone.call("PATCH", f"/files/{name}", raw=part, headers=headers)
    return status, answered.get("upload-offset")


def test_a_photo_is_promised_and_then_there(phone, django_capture_on_commit_callbacks):
    told = phone.record("report", {"text": "井盖坏了"}, files=[(PHOTO, "photo")])
    phone.send()
    plain = sha256(PHOTO).hexdigest()
    assert Report.objects.get(pk=told).photos == [plain]
    assert Promise.objects.get().sha256 == plain
    with django_capture_on_commit_callbacks(execute=True):
        phone.upload(part=1000)
    assert Blob.objects.get(pk=plain).kind == "image/jpeg"
    assert not Promise.objects.exists()
    assert phone.files == {}
    upload = Upload.objects.get()
    assert (upload.state, upload.plain, upload.submission.record) == ("whole", plain, told)
    assert not [p for p in django_settings.MEDIA_ROOT.rglob("coming/**/*") if p.is_file()]


def test_a_voice_note_alone_is_a_report(phone, world):
    voice = sound("webm", "libopus", 2)
    told = phone.record("report", {}, files=[(voice, "voice")])
    phone.send()
    phone.upload()
    made = Report.objects.get(pk=told)
    assert (made.text, made.voices) == ("(told by voice note)", [sha256(voice).hexdigest()])
    assert Blob.objects.get().kind == "audio/mp4"
    desk = Client()
    desk.force_login(world.people.li, "django.contrib.auth.backends.ModelBackend")
    page = desk.get(f"/desk/matters/{made.matter.number}").content.decode()
    heard = re.search(r'<audio controls preload="none" src="([^"]+)"', page)
    assert desk.get(heard[1])["Content-Type"] == "audio/mp4"


def test_a_photo_may_come_before_its_record(phone):
    told = phone.record("report", {"text": "井盖坏了"}, files=[(PHOTO, "photo")])
    phone.upload()
    assert Blob.objects.count() == 1
    phone.send()
    assert Upload.objects.get().submission.record == told
    assert not Promise.objects.exists()


def test_where_a_photo_was_taken_does_not_stay_in_it(phone):
    data = with_position()
    phone.record("report", {"text": "井盖坏了"}, files=[(data, "photo")])
    phone.send()
    phone.upload()
    stored = next(django_settings.MEDIA_ROOT.rglob("*.jpg")).read_bytes()
    assert b"Exif" not in stored


def test_parts_that_do_not_fit_are_told_where_to_go_on(phone):
    sealed = seal(phone.key, PHOTO)
    name, length = sha256(sealed).hexdigest(), len(sealed)
    assert patch(phone, name, sealed[:100], 0, length) == (204, "100")
    assert patch(phone, name, sealed[:100], 0, length) == (409, "100")
    assert patch(phone, name, sealed[200:300], 200, length) == (409, "100")
    status, headers, _ = phone.call("HEAD", f"/files/{name}")
    assert (status, headers["upload-offset"]) == (404, "100")
    assert patch(phone, name, sealed[100:], 100, length) == (201, str(length))
    assert phone.call("HEAD", f"/files/{name}")[0] == 200
    assert patch(phone, name, sealed[:100], 0, length) == (201, str(length))


def test_a_disk_that_has_less_than_it_said_goes_on_from_there(phone):
    sealed = seal(phone.key, PHOTO)
    name, length = sha256(sealed).hexdigest(), len(sealed)
    patch(phone, name, sealed[:500], 0, length)
    part = next(p for p in django_settings.MEDIA_ROOT.rglob("coming/**/*") if p.is_file())
    part.write_bytes(sealed[:300])
    assert patch(phone, name, sealed[500:], 500, length) == (409, "300")
    assert patch(phone, name, sealed[300:400], 300, length) == (204, "400")
    part.write_bytes(sealed[:400] + b"a torn write")
    assert patch(phone, name, sealed[400:], 400, length)[0] == 201


def test_what_was_damaged_on_the_way_begins_anew(phone):
    sealed = seal(phone.key, PHOTO)
    name, length = sha256(sealed).hexdigest(), len(sealed)
    assert patch(phone, name, b"\0" + sealed[1:], 0, length) == (409, "0")
    assert patch(phone, name, sealed, 0, length) == (201, str(length))
    assert len(list(django_settings.MEDIA_ROOT.rglob("*.spoilt1"))) == 1


@pytest.mark.parametrize("plain", [b"no photo", PHOTO[:400], b"OggS no sound"])
def test_whole_but_wrong_is_kept_aside_and_said(phone, plain):
    told = phone.record("report", {"text": "井盖坏了"}, files=[(plain, "photo")])
    phone.send()
    phone.upload()
    upload = Upload.objects.get()
    assert (upload.state, upload.submission.record) == ("wrong", told)
    assert upload.reason
    assert Promise.objects.get().failed
    assert len([p for p in django_settings.MEDIA_ROOT.rglob("coming/**/*") if p.is_file()]) == 1
    assert phone.call("HEAD", f"/files/{upload.sha256}")[0] == 200


def test_another_file_than_the_record_names_is_wrong(phone):
    phone.record("report", {"text": "井盖坏了"}, files=[(PHOTO, "photo")])
    other = (
        encoded(picture(color="blue")) if "color" in picture.__code__.co_varnames else PHOTO + b"x"
    )
    sealed = seal(phone.key, other)
    name = sha256(sealed).hexdigest()
    phone.send()
    Upload.objects.update(sha256=name, size=len(sealed))
    assert patch(phone, name, sealed, 0, len(sealed))[0] == 422
    assert "not the file" in Upload.objects.get(pk=name).reason


@pytest.mark.parametrize(
    ("offset", "length", "status"),
    [
        ("x", "5", 422),
        ("0", "", 422),
        ("0", "0", 422),
        ("0", "3", 422),
        ("0", "99999999999", 422),
        ("-1", "5", 422),
    ],
)
def test_parts_without_their_numbers_are_refused(phone, offset, length, status):
    assert patch(phone, "a" * 64, b"12345", offset, length)[0] == status
    assert not Upload.objects.exists()


def test_a_part_that_is_too_large_is_refused(phone):
    assert patch(phone, "a" * 64, b"\0" * (256 * 1024 + 1), 0, 10**6)[0] == 413


@pytest.mark.parametrize("name", ["x", "A" * 64, "..%2f" * 8])
def test_a_name_that_is_no_hash_is_refused(phone, name):
    assert patch(phone, name, b"1", 0, 5)[0] in {404, 422}


def test_a_server_that_answers_something_else_is_no_answer(phone):
    phone.record("report", {"text": "x"}, files=[(PHOTO, "photo")])
    phone.carry = lambda *_a: (200, {"content-type": "text/html"}, b"<html>Welcome</html>")
    with pytest.raises(Offline):
        phone.send()
    with pytest.raises(Offline):
        phone.upload()
    assert len(phone.unsent) == 1
