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
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from maplebridge.config import postgres
from maplebridge.kernel.errors import MaplebridgeError
from maplebridge.sync.actions import begin_epoch

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
    if not connection.introspection.table_names():
        raise BackupError("The database is empty: there is nothing to back up.")
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
    there = connection.introspection.table_names()
    if there and not force:
        raise BackupError("The database is not empty; --force replaces what is in it.")
    _load(source / DUMP, surplus=sorted(set(there) - manifest["rows"].keys()))
    if (source / "files").is_dir():
        shutil.copytree(source / "files", settings.MEDIA_ROOT, dirs_exist_ok=True)
    if (found := row_counts()) != manifest["rows"]:
        differing = sorted(t for t, n in manifest["rows"].items() if found.get(t) != n)
        raise BackupError(f"After restoring, these tables differ: {', '.join(differing)}.")
    if "sync_epoch" in manifest["rows"]:
        # What came after the backup is lost here, but not on the phones: they offer it again.
        begin_epoch("restored", at=timezone.now())
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


def _load(archive: Path, surplus: list[str]) -> None:
    """Put an archive into the present database in one transaction. Raises BackupError.

    `surplus` tables, of a newer version than the archive's, go. psql reads the archive's script,
    so that an archive of one PostgreSQL version fits a server of another: see `_portable`.
    """
    make = [_program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-privileges",
            "--file=-", str(archive)]  # fmt: skip
    take = [_program("psql"), "--no-psqlrc", "--quiet", "--single-transaction",
            "--set=ON_ERROR_STOP=1", "--file=-"]  # fmt: skip
    environment, quote = _environment(), connection.ops.quote_name
    drops = [f"DROP TABLE {quote(name)} CASCADE;\n".encode() for name in surplus]
    with tempfile.TemporaryFile("w+") as said:
        maker = subprocess.Popen(make, stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        taker = subprocess.Popen(  # noqa: S603
            take, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        assert maker.stdout
        assert taker.stdin
        try:
            with suppress(BrokenPipeError):
                taker.stdin.writelines(chain(drops, _portable(maker.stdout)))
            maker.stdout.close()
            if maker.wait() not in {0, -signal.SIGPIPE}:
                taker.kill()  # the end of a cut-off script would commit what came so far
        finally:
            with suppress(BrokenPipeError):
                taker.stdin.close()
            ended = taker.wait()
        said.seek(0)
        if ended != 0:
            raise BackupError(f"The restore failed: {_complaint(said.read())}")


def _portable(script: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out what only some PostgreSQL versions know and nobody needs; rows pass untouched.

    transaction_timeout is a setting since 17; pg_attver is a bookkeeping mark that some builds
    of 15 put on every column and that their own pg_dump leaves out too.
    """
    rows = False
    for line in script:
        if rows:
            rows = line != b"\\.\n"
        elif line.startswith(b"SET transaction_timeout") or b" SET (pg_attver=" in line:
            continue
        else:
            rows = line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n")
        yield line


def _program(command: str) -> str:
    """Return the path of one of PostgreSQL's programs. Raises BackupError.

    The wheel's own, or the machine's for a server newer than the wheel.
    """
    connection.ensure_connection()
    newer = connection.pg_version >= 190_000  # type: ignore[attr-defined]
    program = shutil.which(command) if newer else str(postgres.bin_dir() / command)
    if program is None:
        raise BackupError(f"The program {command} of this PostgreSQL version is not installed.")
    return program


def _environment() -> dict[str, str]:
    """The environment in which PostgreSQL's programs find the present database."""
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
    return os.environ | {k: str(v) for k, v in given.items() if v}


def _run(command: str, *args: str) -> None:
    """Run one of PostgreSQL's programs against the present database.

    Raises BackupError with the program's first complaint.
    """
    done = subprocess.run(  # noqa: S603
        [_program(command), *args], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{command} failed: {_complaint(done.stderr)}")


def _complaint(said: str) -> str:
    """The first error a program told, or all it told."""
    return next((line for line in said.splitlines() if "error" in line.lower()), said.strip())
