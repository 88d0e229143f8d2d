"""The SQL that keeps a table append-only, and what text and phone numbers are kept as."""

import re
import unicodedata

# Closing a day takes this advisory lock alone; writers of events take it shared ("MB").
LEDGER_LOCK = 0x4D42


def normal_phone(raw: str) -> str:
    """Digits of a phone number without country code 86, spaces and dashes; "" when none.

    GB/T 15279 and ITU-T E.164: mainland numbers are written with +86 or 0086 before them.
    """
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", raw))
    if digits.startswith("0086"):
        return digits[4:]
    if digits.startswith("86") and len(digits) == 13:
        return digits[2:]
    return digits


def is_storable(text: str) -> bool:
    """False for what neither UTF-8 nor PostgreSQL can hold: lone surrogates and NUL."""
    return not re.search("[\x00\ud800-\udfff]", text)


APPEND_ONLY_FUNCTION_SQL = """
CREATE OR REPLACE FUNCTION trust_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
"""


def APPEND_ONLY_SQL(table: str) -> str:  # noqa: N802  # a piece of SQL, read as a constant
    """SQL that makes PostgreSQL refuse UPDATE, DELETE and TRUNCATE on a table.

    For `migrations.RunSQL` in any room above; `trust` 0001 must have run. Dropping the table
    drops the triggers, so the reverse may be a no-op. ValueError for anything but a plain name.
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", table):
        raise ValueError(f"not a plain table name: {table!r}")
    return f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION trust_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION trust_append_only();
"""
