"""Photos and voice notes: small, stripped, sealed; refused where room is short, which text never is."""

import hashlib
import io
import json
from base64 import b64decode, b64encode

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.field.conftest import FORM, NO_BROWSER, call, enrol, opened

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.field.pages"), NO_BROWSER]

PHOTO = """const photo = async (letters, type = "image/jpeg") =>
  new File([bytes.unbase64(letters)], "IMG_1.jpg", {type});
const sealedOf = async ({sealed}) => bytes.base64(await (await store.open()).get("bytes", sealed));
"""


def camera(width=2400, height=1800, *, noise=True, orientation=6) -> str:
    """A photo as a phone's camera makes it: large, turned, with place and device in it; base64."""
    small = Image.effect_noise((width // 9, height // 9), 30) if noise else Image.new("L", (9, 9))
    image = small.convert("RGB").resize((width, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRET-MAKER"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (IFDRational(27), IFDRational(57), IFDRational(0))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90, exif=exif)
    return b64encode(file.getvalue()).decode()


def test_a_photo_is_small_upright_and_says_nothing_of_place_or_phone(enrolled, server_key):
    raw = camera()
    assert b"SECRET-MAKER" in b64decode(raw)
    kept = call(
        enrolled,
        PHOTO
        + """const draft = await drafts.begin(given.form);
        const made = await files.addPhoto(draft, await photo(given.raw));
        const twice = await files.addPhoto(draft, await photo(given.raw));
        const shown = Object.assign(new Image(), {src: made.thumb});
        await shown.decode();
        return {draft, same: made.id === twice.id, sealed: await sealedOf(draft.files[0]), thumb: [shown.naturalWidth, shown.naturalHeight],
          kept: (await drafts.open(draft.id)).files.length, row: await (await store.open()).get("files", made.id)}""",
        {"form": FORM, "raw": raw},
    )
    sealed = b64decode(kept["sealed"])
    plain = opened(server_key, sealed)
    image = Image.open(io.BytesIO(plain))
    assert image.size == (960, 1280)  # turned as it was held
    assert len(plain) <= 150_000
    assert not image.getexif()
    assert b"SECRET" not in plain
    (file,) = kept["draft"]["files"]
    assert file["sha256"] == hashlib.sha256(plain).hexdigest()
    assert file["sealed"] == hashlib.sha256(sealed).hexdigest()
    assert file["size"] == len(sealed) == len(plain) + 86
    assert kept["same"]
    assert kept["kept"] == 1
    assert kept["row"]["state"] == "draft"
    assert kept["thumb"] == [180, 240]


def test_a_small_photo_stays_as_large_as_it_was(enrolled, server_key):
    sealed = call(
        enrolled,
        PHOTO
        + """const draft = await drafts.begin(given.form);
        await files.addPhoto(draft, await photo(given.raw));
        return [await sealedOf(draft.files[0]), await code(files.addPhoto(draft, new File(["no picture"], "x.jpg")))]""",
        {"form": FORM, "raw": camera(640, 480, orientation=1)},
    )
    assert Image.open(io.BytesIO(opened(server_key, b64decode(sealed[0])))).size == (640, 480)
    assert sealed[1] == "not_an_image"


def test_files_go_with_their_record_and_leave_with_their_draft(enrolled, server_key):
    kept = call(
        enrolled,
        PHOTO
        + """const db = await store.open();
        const all = async () => [await db.count("files"), await db.count("thumbs"), (await db.getAllKeys("bytes")).filter((k) => k !== "reserve").length];
        const draft = await drafts.begin(given.form);
        await files.addPhoto(draft, await photo(given.raws[0]));
        const second = await files.addPhoto(draft, await photo(given.raws[1]));
        await files.remove(draft, second.id);
        const said = [await all()];
        const again = await drafts.open(draft.id);
        said.push((await files.thumbs(again)).map(({thumb, kind}) => [thumb.slice(0, 5), kind]));
        const id = await outbox.finish(again);
        said.push(await all(), (await outbox.list())[0].files_left, (await outbox.counts()).files);
        const other = await drafts.begin(given.form);
        await files.addPhoto(other, await photo(given.raws[1]));
        await drafts.discard(other.id);
        said.push(await all());
        const row = await db.get("outbox", id);
        said.push(bytes.base64(await db.get("bytes", row.sha256)), again.files[0]);
        return said""",
        {"form": FORM, "raws": [camera(320, 200), camera(300, 200)]},
    )
    assert kept[:5] == [[1, 1, 1], [["blob:", "photo"]], [1, 0, 2], 1, 1]
    assert kept[5] == [1, 0, 2]
    record = json.loads(opened(server_key, b64decode(kept[6])))
    assert record["files"] == [
        {name: kept[7][name] for name in ("sha256", "sealed", "size", "kind")}
    ]


def test_a_voice_note_is_an_equal(enrolled, server_key):
    kept = call(
        enrolled,
        PHOTO
        + """const draft = await drafts.begin(given);
        const recording = await files.recordVoice();
        await sleep(2500);
        const {blob, seconds} = await recording.stop();
        const made = await files.addVoice(draft, blob, seconds);
        vault.lock();
        await vault.unlock("135790");
        const [again] = await files.thumbs(await drafts.open(draft.id));
        const sound = new Audio(again.thumb);
        await new Promise((done, fail) => Object.assign(sound, {onloadedmetadata: done, onerror: fail}));
        return {type: blob.type, size: blob.size, seconds, sealed: await sealedOf(draft.files[0]), kind: draft.files[0].kind,
          heard: sound.readyState > 0}""",
        FORM,
    )
    plain = opened(server_key, b64decode(kept["sealed"]))
    assert plain[:4] == b"\x1aE\xdf\xa3"  # WebM
    assert len(plain) == kept["size"]
    assert kept["size"] / 2.5 < 24_000 / 8 * 1.6  # bytes a second, with the container
    assert (kept["type"], kept["kind"], kept["heard"]) == ("audio/webm", "voice", True)


def test_a_full_phone_refuses_photos_and_never_text(phone, server_key):
    page = phone
    devtools = page.context.new_cdp_session(page)  # before the browser has counted anything
    devtools.send(
        "Storage.overrideQuotaForOrigin",
        {"origin": page.evaluate("location.origin"), "quotaSize": 4 << 20},
    )
    enrol(page, server_key)
    said = call(
        page,
        PHOTO
        + """const heard = [];
        signal.listen("storage", (what) => heard.push(what));
        const draft = await drafts.begin(given.form);
        draft.body.text = "with photos";
        let taken = 0;
        let refused = null;
        const one = await photo(given.raw);
        for (; taken < 200 && !refused; taken += 1) {
          const mark = new Blob([one, crypto.getRandomValues(new Uint8Array(9))]);
          const big = Object.assign(await drafts.begin(given.form), {id: bytes.uuid7()});
          refused = await code(files.addPhoto(big, new File([mark], "x.jpg")));
        }
        draft.body.text = "typed on a full phone";
        await drafts.save(draft);
        const after = await code(files.addPhoto(draft, one));
        const ids = [await outbox.finish(draft)];
        for (let n = 0; n < 100; n += 1) {
          const next = await drafts.begin(given.form);
          next.body.text = "字".repeat(700);
          await drafts.save(next);
          ids.push(await outbox.finish(next));
        }
        return {taken, refused, after, heard: heard.includes("full"), files: draft.files.length,
          kept: (await outbox.list()).filter(({id}) => ids.includes(id)).length,
          drafts: (await drafts.all()).some(({id}) => id === draft.id)}""",
        {"form": FORM, "raw": camera(1280, 960)},
    )
    assert said["refused"] == "storage_full"
    assert said["after"] == "storage_full"
    assert 3 < said["taken"] < 60
    assert said["heard"]
    assert (said["files"], said["kept"], said["drafts"]) == (0, 101, False)
