"""Voice notes: what comes in, what is kept."""

from hashlib import sha256
from io import BytesIO

import av
import pytest
from django.utils import timezone

from maplebridge.files import sound as rules
from maplebridge.files.actions import give_up, promise, store_voice
from maplebridge.files.models import Blob, Promise
from maplebridge.files.queries import known, on_their_way, path_of
from maplebridge.files.uploads import photo_response
from maplebridge.kernel.errors import InvalidInput
from tests.files.sounds import sound


@pytest.mark.parametrize(
    ("container", "codec"), [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac")]
)
def test_what_phones_record_becomes_plain_speech(container, codec):
    kept = rules.clean_voice(
        sound(container, codec, 3, metadata={"title": "第三网格 王强", "location": "+27.9+119.0/"})
    )
    assert 3 <= kept.seconds <= 4
    assert len(kept.data) < 30_000
    with av.open(BytesIO(kept.data)) as opened:
        assert [s.type for s in opened.streams] == ["audio"]
        assert (opened.streams[0].codec_context.name, opened.streams[0].channels) == ("aac", 1)
        assert not {"title", "location", "comment"} & opened.metadata.keys()
    assert "王强".encode() not in kept.data


def test_the_same_sound_is_kept_the_same_way():
    data = sound("ogg", "libopus", 1)
    assert rules.clean_voice(data) == rules.clean_voice(data)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"no sound at all",
        b"OggS" + b"\0" * 100,
        b"\x1a\x45\xdf\xa3" + b"\xff" * 200,
        b"\0\0\0\x18ftypisom" + b"\0" * 100,
        sound("webm", "libopus", 2)[:200],
        sound("wav", "pcm_s16le", 1),
        sound("ogg", "flac", 1),
    ],
    ids=["empty", "text", "ogg", "webm", "mp4", "cut", "wav", "flac"],
)
def test_anything_else_is_refused_with_a_sentence(wrong):
    with pytest.raises(InvalidInput) as refused:
        rules.clean_voice(wrong)
    assert refused.value.field == "voice"


def test_a_long_one_is_refused_while_it_is_read(monkeypatch):
    monkeypatch.setattr(rules, "MOST_SECONDS", 3)
    with pytest.raises(InvalidInput, match=r"three minutes|三分钟"):
        rules.clean_voice(sound("ogg", "libopus", 5))


@pytest.mark.parametrize("name", ["", "g" * 64, "A" * 64, "0" * 64])
def test_a_wrong_hash_is_refused(name):
    with pytest.raises(InvalidInput):
        rules.check_voice(name, b"x")


@pytest.mark.django_db
def test_a_promise_holds_until_the_file_comes(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    data, now = sound("webm", "libopus", 1), timezone.now()
    name = sha256(data).hexdigest()
    promise({name: "voice"}, at=now)
    promise({name: "voice"}, at=now)
    assert (known([name, "0" * 64]), on_their_way([name])) == ({name}, {name: False})
    kept = store_voice(name, data, at=now)
    assert store_voice(name, data, at=now) == kept
    assert (on_their_way([name]), known([name])) == ({}, {name})
    promise({name: "voice"}, at=now)
    assert not Promise.objects.exists()
    answer = photo_response(name, "320")
    assert answer["Content-Type"] == "audio/mp4"
    assert b"".join(answer.streaming_content) == path_of(kept).read_bytes()
    assert Blob.objects.get().seconds >= 1


@pytest.mark.django_db
def test_a_promise_that_cannot_be_kept_is_said(settings, tmp_path):
    promise({"a" * 64: "photo"}, at=timezone.now())
    give_up("a" * 64)
    assert on_their_way(["a" * 64]) == {"a" * 64: True}
