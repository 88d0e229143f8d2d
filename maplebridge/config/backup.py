"""Backup and restore: one folder with the database, the photos and a list of what is in it.

database.dump   pg_dump's custom format, of one moment
files/…         the photos, by content
secrets.json    only when asked for: whoever has it and the dump can read every contact
manifest.json   version, moment, rows per table, SHA-256 of every file
"""

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from maplebridge.config import postgres
from maplebridge.kernel.errors import MaplebridgeError

MANIFEST, DUMP, KEYS = "manifest.json", "database.dump", "secrets.json"


class BackupError(MaplebridgeError):
    """The backup can't be made or taken back; the text is one sentence for a person."""


def backup(target: Path, *, with_keys: bool = False) -> dict[str, Any]:
    """Write a backup into the new or empty folder `target`; return its manifest.

    The database is read at one moment while others go on working. Photos are copied after it, so
    every photo that the database names is there. Raises BackupError.
    """
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"The folder {target} is not empty.")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        counts = row_counts()
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges",
             f"--snapshot={snapshot}", f"--file={target / DUMP}")  # fmt: skip
    if settings.MEDIA_ROOT.is_dir():
        shutil.copytree(settings.MEDIA_ROOT, target / "files")
    keys = settings.DATA_DIR / KEYS
    if with_keys:
        if not keys.exists():
            raise BackupError("The keys are not kept in the data folder; back them up yourself.")
        shutil.copy2(keys, target / KEYS)
    manifest = {
        "maplebridge": version("maplebridge"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "key": key_mark(settings.VAULT_KEY),
        "rows": counts,
        "files": {name: _sha256(target / name) for name in _names(target)},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def read_manifest(source: Path) -> dict[str, Any]:
    """Return the manifest of the backup in `source` after comparing every file with it.

    Raises BackupError that names the first file that is missing, changed or too many.
    """
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        listed = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"The folder {source} holds no readable backup.") from error
    for name in sorted(listed.keys() | set(_names(source))):
        if name not in listed:
            raise BackupError(f"The file {name} does not belong to this backup.")
        if not (source / name).is_file():
            raise BackupError(f"The file {name} is missing from the backup.")
        if _sha256(source / name) != listed[name]:
            raise BackupError(f"The file {name} was changed after the backup.")
    return dict(manifest)


def restore(source: Path, *, force: bool = False, without_keys: bool = False) -> dict[str, Any]:
    """Take the backup in `source` back into the present database; return its manifest.

    All or nothing. Refuses a database that has tables unless `force`, and keys other than those
    the backup was sealed with unless `without_keys`. Raises BackupError.
    """
    manifest = read_manifest(source)
    if not without_keys and manifest["key"] != key_mark(settings.VAULT_KEY):
        raise BackupError(
            "The backup was sealed with other keys: put its secrets.json into the data folder, "
            "or use --without-keys and lose every contact."
        )
    if connection.introspection.table_names() and not force:
        raise BackupError("The database is not empty; --force replaces what is in it.")
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges",
         "--single-transaction", f"--dbname={connection.settings_dict['NAME']}",
         str(source / DUMP))  # fmt: skip
    if (source / "files").is_dir():
        shutil.copytree(source / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
    if (found := row_counts()) != manifest["rows"]:
        differing = sorted(t for t, n in manifest["rows"].items() if found.get(t) != n)
        raise BackupError(f"After restoring, these tables differ: {', '.join(differing)}.")
    return manifest


def key_mark(key: str) -> str:
    """Return a mark by which two keys can be told apart, and nothing else learnt about them."""
    return hashlib.sha256(b"maplebridge backup" + key.encode()).hexdigest()[:16]


def row_counts() -> dict[str, int]:
    """Return the number of rows of every table of ours, by table name."""
    quote = connection.ops.quote_name
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {quote(table)}")  # noqa: S608  quoted name
            counts[table] = cursor.fetchone()[0]
    return counts


def _names(folder: Path) -> list[str]:
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    return sorted(name for name in found if name != MANIFEST)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(command: str, *args: str) -> None:
    """Run one of PostgreSQL's programs against the present database.

    The wheel's own, or the machine's for a server newer than the wheel. Raises BackupError with
    the program's first complaint.
    """
    connection.ensure_connection()
    newer = connection.pg_version >= 190_000  # type: ignore[attr-defined]
    program = shutil.which(command) if newer else str(postgres.bin_dir() / command)
    if program is None:
        raise BackupError(f"The program {command} of this PostgreSQL version is not installed.")
    parts = connection.settings_dict
    options = parts.get("OPTIONS", {})
    given = {
        "PGHOST": parts["HOST"],
        "PGPORT": parts["PORT"],
        "PGUSER": parts["USER"],
        "PGPASSWORD": parts["PASSWORD"],
        "PGDATABASE": parts["NAME"],
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
    }
    environment = os.environ | {k: str(v) for k, v in given.items() if v}
    done = subprocess.run(  # noqa: S603
        [program, *args], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        raise BackupError(f"{command} failed: {said[0] if said else done.stderr.strip()}")
