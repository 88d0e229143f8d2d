"""The field register covers every column that sounds personal (PIPL 5 to 9, 17, 19)."""

import pytest
from django.apps import apps
from django.db import connection, models

from maplebridge.org.models import Post
from maplebridge.trust.register import NOT_PERSONAL, REGISTER, smells_personal
from maplebridge.trust.rules import APPEND_ONLY_SQL, normal_phone

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def text_columns() -> set[str]:
    return {
        f"{m._meta.label}.{f.name}"
        for m in apps.get_models(include_auto_created=True)
        for f in m._meta.get_fields()
        if isinstance(f, TEXTS)
    }


def test_every_column_that_sounds_personal_is_registered_or_explained():
    registered = {column for field in REGISTER.values() for column in field.columns}
    smelling = {c for c in text_columns() if smells_personal(c.rsplit(".", 1)[1])}
    assert smelling - registered - NOT_PERSONAL.keys() == set(), (
        "register these columns in trust/register.py, or say there why they hold nothing personal"
    )


def test_explanations_name_columns_that_exist():
    rooms = {m._meta.app_label for m in apps.get_models()}
    named = {c for c in NOT_PERSONAL if c.split(".")[0] in rooms}
    assert named - text_columns() == set()
    assert all(reason.strip() for reason in NOT_PERSONAL.values())


@pytest.mark.parametrize("code", sorted(REGISTER))
def test_each_field_says_all_the_law_asks(code):
    field = REGISTER[code]
    assert field.code == code
    assert all(str(said) for said in (field.label, field.purpose, field.basis))
    assert field.readers <= set(Post.Kind.values)
    assert field.retention_days is None or field.retention_days >= 180
    if field.storage == "vault":
        assert all((field.retention_days, field.max_length, field.readers))
        assert not field.columns
    built = {m._meta.label for m in apps.get_models()}
    for column in field.columns:
        model, name = column.rsplit(".", 1)
        assert model not in built or apps.get_model(model)._meta.get_field(name)


def test_codes_fit_their_columns():
    for model in ("trust.VaultEntry", "trust.AccessLog"):
        width = apps.get_model(model)._meta.get_field("field").max_length
        assert all(len(code) <= width for code in REGISTER)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("phone", True),
        ("contact_phone", True),
        ("full_name", True),
        ("id_number", True),
        ("Address", True),
        ("birth", True),
        ("telemetry", False),
        ("number", False),
        ("renamed", False),
        ("page", False),
        ("text", False),
    ],
)
def test_smell(column, expected):
    assert smells_personal(column) is expected


@pytest.mark.parametrize(
    ("raw", "digits"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 138 1234 5678", "13812345678"),
        ("138１２３４5678", "13812345678"),
        ("0578-7712345", "05787712345"),
        ("86123456", "86123456"),
        ("none", ""),
        ("", ""),
    ],
)
def test_normal_phone(raw, digits):
    assert normal_phone(raw) == digits


@pytest.mark.parametrize("table", ["", "a b", 'x"; DROP TABLE y', "A", "a" * 60])
def test_append_only_takes_plain_names(table):
    with pytest.raises(ValueError, match="plain table name"):
        APPEND_ONLY_SQL(table)


@pytest.mark.django_db
def test_the_lookup_and_nothing_else_of_a_vault_row_is_searchable():
    columns = {
        c.name
        for c in connection.introspection.get_table_description(
            connection.cursor(), "trust_vaultentry"
        )
    }
    assert columns == {
        "id",
        "subject",
        "field",
        "cipher",
        "lookup",
        "created_at",
        "erase_after",
        "erased_at",
    }
