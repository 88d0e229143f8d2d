"""Personal fields: sealed, opened with a log, put right, erased, kept no longer than registered."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from maplebridge.kernel.errors import Conflict, InvalidInput, NotAllowed
from maplebridge.org.models import Area, Person, Post, Unit
from maplebridge.org.rules import ANYONE, TIMER, Actor, PostFact
from maplebridge.trust import cipher
from maplebridge.trust.actions import (
    correct_subject,
    erase_subject,
    export_own,
    keep_passage,
    open_subject,
    purge_expired,
    seal,
)
from maplebridge.trust.models import AccessLog, Erasure, VaultEntry
from maplebridge.trust.queries import (
    own_data,
    readings_of,
    subjects_with_phone,
)
from maplebridge.trust.register import CONTACT_DAYS, REGISTER

pytestmark = pytest.mark.django_db
VALUES = {
    "reporter.name": "欧阳小满",
    "reporter.phone": "+86 138 1234 5678",
    "reporter.address": "大坪村 12 号",
}
REPORTER = Actor(kind="reporter", report_id="0" * 32)


@pytest.fixture
def sealed(subject, now):
    seal(subject, VALUES, at=now)
    return subject


def test_what_is_sealed_can_be_opened_and_is_not_readable_in_the_table(sealed, dispatcher, now):
    assert open_subject(sealed, VALUES, dispatcher, "Call back", at=now) == VALUES
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM trust_vaultentry t")
        dump = cursor.fetchone()[0]
    for value in (*VALUES.values(), "13812345678"):
        assert value not in dump
        assert value.encode().hex() not in dump


def test_each_entry_lives_as_long_as_the_register_says(sealed):
    days = {e.field: e.erase_after for e in VaultEntry.objects.filter(subject=sealed)}
    assert set(days.values()) == {date(2026, 11, 24) + timedelta(days=CONTACT_DAYS)}


@pytest.mark.parametrize(
    "values",
    [
        {"reporter.shoe": "43"},
        {"photo": "x"},
        {"person.name": "x"},
        {"reporter.phone_lookup": "x"},
        {"reporter.name": "x" * 61},
    ],
)
def test_seal_refuses_what_is_not_registered_or_too_long(values, subject, now):
    with pytest.raises(InvalidInput) as refused:
        seal(subject, {"reporter.address": "ok", **values}, at=now)
    assert refused.value.field in values
    assert not VaultEntry.objects.exists()


def test_blank_values_are_not_kept(subject, now):
    seal(subject, {"reporter.name": "  ", "reporter.phone": ""}, at=now)
    assert not VaultEntry.objects.exists()


def test_sealing_is_one_insert(subject, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        seal(subject, VALUES, at=now)


def test_a_second_value_for_a_field_is_a_conflict(sealed, now):
    with pytest.raises(Conflict), transaction.atomic():
        seal(sealed, {"reporter.name": "Other"}, at=now)


def test_each_reading_is_logged_with_person_post_and_purpose(sealed, in_post, now):
    person = Person.objects.create(username="li", name="Li")
    actor = in_post("handler", post_id=31, person_id=person.id)
    open_subject(sealed, ["reporter.phone", "reporter.name"], actor, " Call back ", at=now)
    logged = AccessLog.objects.order_by("field").values_list(
        "subject", "field", "person_id", "actor_kind", "post_id", "purpose", "at"
    )
    assert list(logged) == [
        (sealed, code, person.id, "staff", 31, "Call back", now)
        for code in ("reporter.name", "reporter.phone")
    ]


def test_the_logged_post_is_the_one_that_allows_the_reading(sealed, now):
    posts = tuple(
        PostFact(id=i, kind=k, title="", unit_id=1, scopes=())
        for i, k in ((1, "adviser"), (2, "verifier"))
    )
    open_subject(sealed, ["reporter.name"], Actor(kind="staff", posts=posts), "Verify", at=now)
    assert AccessLog.objects.get().post_id == 2


@pytest.mark.parametrize("kind", Post.Kind.values)
@pytest.mark.parametrize("code", sorted(VALUES))
def test_only_readers_of_the_register_open_a_field(kind, code, sealed, in_post, now):
    if kind in REGISTER[code].readers:
        assert open_subject(sealed, [code], in_post(kind), "Why", at=now) == {code: VALUES[code]}
    else:
        with pytest.raises(NotAllowed):
            open_subject(sealed, [code], in_post(kind), "Why", at=now)
        assert not AccessLog.objects.exists()


@pytest.mark.parametrize("actor", [ANYONE, TIMER, REPORTER, Actor(kind="staff")], ids=str)
def test_without_a_post_nothing_opens(actor, sealed, now):
    with pytest.raises(NotAllowed):
        open_subject(sealed, ["reporter.name"], actor, "Why", at=now)


@pytest.mark.parametrize("purpose", ["", "  ", "\n"])
def test_a_reading_needs_a_purpose(purpose, sealed, dispatcher, now):
    with pytest.raises(InvalidInput) as refused:
        open_subject(sealed, ["reporter.name"], dispatcher, purpose, at=now)
    assert refused.value.field == "purpose"


def test_opening_an_unknown_field_names_it(sealed, dispatcher, now):
    with pytest.raises(InvalidInput) as refused:
        open_subject(sealed, ["reporter.shoe"], dispatcher, "Why", at=now)
    assert refused.value.field == "reporter.shoe"


def test_nothing_is_returned_when_the_log_cannot_be_written(sealed, dispatcher, now):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trust_accesslog ADD CHECK (purpose <> 'full disk')")
    answer = None
    with pytest.raises(DatabaseError), transaction.atomic():
        answer = open_subject(sealed, VALUES, dispatcher, "full disk", at=now)
    assert answer is None
    assert not AccessLog.objects.exists()


def test_nothing_is_logged_when_nothing_could_be_read(sealed, dispatcher, now):
    VaultEntry.objects.filter(field="reporter.phone").update(cipher=b"\x01" + b"x" * 60)
    with pytest.raises(cipher.VaultError):
        open_subject(sealed, VALUES, dispatcher, "Why", at=now)
    assert not AccessLog.objects.exists()


def test_swapped_ciphertexts_are_noticed(sealed, dispatcher, now):
    name, phone = (VaultEntry.objects.get(field=f) for f in ("reporter.name", "reporter.phone"))
    VaultEntry.objects.filter(id=name.id).update(cipher=phone.cipher)
    VaultEntry.objects.filter(id=phone.id).update(cipher=name.cipher)
    with pytest.raises(cipher.VaultError) as refused:
        open_subject(sealed, ["reporter.name"], dispatcher, "Why", at=now)
    assert str(name.id) in str(refused.value)
    assert not any(v in str(refused.value) for v in VALUES.values())


def test_a_ciphertext_moved_to_another_subject_is_noticed(sealed, dispatcher, now):
    other = uuid4()
    seal(other, {"reporter.name": "Other"}, at=now)
    stolen = VaultEntry.objects.get(subject=sealed, field="reporter.name").cipher
    VaultEntry.objects.filter(subject=other).update(cipher=stolen)
    with pytest.raises(cipher.VaultError):
        open_subject(other, ["reporter.name"], dispatcher, "Why", at=now)


def test_a_renamed_field_is_noticed(sealed, dispatcher, now):
    VaultEntry.objects.filter(field="reporter.address").delete()
    VaultEntry.objects.filter(field="reporter.phone").update(field="reporter.address")
    with pytest.raises(cipher.VaultError):
        open_subject(sealed, ["reporter.address"], dispatcher, "Why", at=now)


def test_another_key_opens_nothing_and_says_so(sealed, dispatcher, now, settings):
    settings.VAULT_KEY = "11" * 32
    with pytest.raises(cipher.VaultError, match="vault key is another one"):
        open_subject(sealed, ["reporter.name"], dispatcher, "Why", at=now)


@pytest.mark.parametrize("key", ["", "00", "zz" * 32, "00" * 33])
def test_a_key_that_is_none_is_named(key, subject, now, settings):
    settings.VAULT_KEY = key
    with pytest.raises(ValueError, match="MAPLEBRIDGE_VAULT_KEY must be 64 hexadecimal digits"):
        seal(subject, VALUES, at=now)


def test_a_resident_finds_own_data_by_phone_however_it_is_written(sealed, now):
    assert subjects_with_phone("138-1234-5678") == [sealed]
    assert subjects_with_phone("13812345679") == []
    assert subjects_with_phone("no digits") == []


def test_own_data_says_what_is_kept_and_export_hands_it_over_and_logs(sealed, now):
    assert [h.field.code for h in own_data(sealed)] == sorted(VALUES)
    assert export_own(sealed, REPORTER, at=now) == VALUES
    assert {log.actor_kind for log in AccessLog.objects.all()} == {"reporter"}
    assert {r.by for r in readings_of(sealed)} == {"Yourself"}


def test_staff_cannot_use_the_residents_export(sealed, supervisor, now):
    with pytest.raises(NotAllowed):
        export_own(sealed, supervisor, at=now)


def test_a_resident_sees_which_post_read_and_no_names(
    sealed, in_post, now, django_assert_num_queries
):
    area = Area.objects.create(code="331181101", name="Badu", level="town")
    unit = Unit.objects.create(code="room", name="Command room", kind="command_room", area=area)
    person = Person.objects.create(username="li", name="Li Wenming")
    post = Post.objects.create(person=person, kind="dispatcher", title="Desk", unit=unit)
    actor = in_post("dispatcher", post.id, person.id)
    for purpose in ("First call", "Second call"):
        open_subject(sealed, ["reporter.phone"], actor, purpose, at=now)
    with django_assert_num_queries(2):
        readings = readings_of(sealed)
    assert [(r.by, r.purpose, r.at) for r in readings] == [
        ("Command room Desk", "Second call", now),
        ("Command room Desk", "First call", now),
    ]
    assert "Li Wenming" not in str(readings)


def test_erasing_blanks_every_field_and_leaves_a_record_without_content(
    sealed, supervisor, dispatcher, now
):
    assert erase_subject(sealed, supervisor, " Asked at the counter ", at=now) == 3
    assert open_subject(sealed, VALUES, dispatcher, "Why", at=now) == {}
    assert not AccessLog.objects.exists()
    assert own_data(sealed) == []
    assert subjects_with_phone(VALUES["reporter.phone"]) == []
    assert {bytes(e.cipher) for e in VaultEntry.objects.all()} == {b""}
    record = Erasure.objects.get()
    assert (record.subject, record.reason, record.at) == (sealed, "Asked at the counter", now)
    assert record.fields == sorted(VALUES)
    assert erase_subject(sealed, supervisor, "again", at=now) == 0
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize("kind", [k for k in Post.Kind.values if k != "supervisor"])
def test_only_a_supervisor_the_timer_or_the_reporter_erases(kind, sealed, in_post, now):
    with pytest.raises(NotAllowed):
        erase_subject(sealed, in_post(kind), "Why", at=now)
    with pytest.raises(InvalidInput):
        erase_subject(sealed, REPORTER, "  ", at=now)
    assert erase_subject(sealed, REPORTER, "Mine", at=now) == 3


def test_correcting_replaces_one_field_and_records_it(sealed, supervisor, dispatcher, now):
    correct_subject(sealed, {"reporter.phone": "13900000000"}, supervisor, "New number", at=now)
    opened = open_subject(sealed, VALUES, dispatcher, "Why", at=now)
    assert opened == {**VALUES, "reporter.phone": "13900000000"}
    assert subjects_with_phone("13812345678") == []
    assert subjects_with_phone("13900000000") == [sealed]
    assert Erasure.objects.get().fields == ["reporter.phone"]


def test_a_refused_correction_changes_nothing(sealed, supervisor, dispatcher, now):
    with pytest.raises(InvalidInput):
        correct_subject(sealed, {"reporter.name": "x" * 99}, supervisor, "Why", at=now)
    assert open_subject(sealed, VALUES, dispatcher, "Why", at=now) == VALUES


@pytest.mark.parametrize(("late", "left"), [(0, 3), (1, 0)])
def test_retention_ends_after_its_last_day(sealed, late, left, now):
    last_day = date(2026, 11, 24) + timedelta(days=CONTACT_DAYS)
    assert purge_expired(last_day + timedelta(days=late), at=now) == 3 - left
    assert VaultEntry.objects.filter(erased_at__isnull=True).count() == left


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_text_that_cannot_be_kept_is_refused_by_field(text, sealed, dispatcher, supervisor, now):
    acts = {
        "reporter.name": lambda: seal(uuid4(), {"reporter.name": text}, at=now),
        "purpose": lambda: open_subject(sealed, ["reporter.name"], dispatcher, text, at=now),
        "reason": lambda: erase_subject(sealed, supervisor, text, at=now),
        "text": lambda: keep_passage(text, at=now),
    }
    for field, act in acts.items():
        with pytest.raises(InvalidInput) as refused:
            act()
        assert refused.value.field == field
