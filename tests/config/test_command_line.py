"""The command line as a person meets it: in a process of its own, on a data folder of its own."""

import json
import os
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from functools import cache
from tempfile import NamedTemporaryFile

import pytest

from maplebridge.config import postgres

pytestmark = pytest.mark.long
COMMANDS = ["demo", "serve", "migrate", "token", "import-hotline", "tick", "verify-ledger", "backup", "restore"]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with a migrated database; its server stays between commands, for speed."""
    folder = tmp_path_factory.mktemp("command-line") / "data"
    postgres.start(folder, settings={"fsync": "off", "full_page_writes": "off"})
    command = [sys.executable, "-m", "maplebridge", "--data", str(folder), "migrate"]
    assert subprocess.run(command, check=False, env=environment()).returncode == 0
    yield folder
    postgres.stop(folder)


def environment():
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return {k: v for k, v in os.environ.items() if k not in hidden and "MAPLEBRIDGE" not in k}


@cache
def warm():
    command = [sys.executable, "-m", "tests.config.warm"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module", autouse=True)
def _cooling():
    yield
    if warm.cache_info().currsize:
        warm().communicate()
        warm.cache_clear()


def run(data, *args, **extra):
    with NamedTemporaryFile("r") as out, NamedTemporaryFile("r") as err:
        asked = {"args": ["--data", str(data), *args], "env": environment() | extra}
        print(json.dumps(asked | {"out": out.name, "err": err.name}), file=warm().stdin, flush=True)
        status = int(warm().stdout.readline())
        return subprocess.CompletedProcess(args, status, out.read(), err.read())


def refused(done, text):
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert text in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_a_database(tmp_path, command):
    done = run(tmp_path, command, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unreachable_server_is_one_sentence(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/none"
    refused(run(tmp_path, "migrate", DATABASE_URL=url), "Error: connection")


@pytest.mark.parametrize("command", ["migrate", "bench"])
@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "postgresql://a@b:x/c", "postgres://a@b"])  # fmt: skip
def test_what_is_no_address_of_a_server_is_one_sentence(tmp_path, command, url):
    refused(run(tmp_path, command, DATABASE_URL=url), "DATABASE_URL is not of the form")


def test_bench_on_an_unreachable_server_is_one_sentence(tmp_path):
    url = "postgresql://nobody@127.0.0.1:1/none"
    refused(run(tmp_path, "bench", DATABASE_URL=url), "Error: connection")


@pytest.mark.parametrize("command", [["serve"], ["demo"], ["demo", "--load-only"]])
def test_a_port_in_use_is_refused_before_anything_is_made(tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run(tmp_path, *command, "--port", str(other.getsockname()[1]))
    refused(done, "already in use")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "99999", "x"])
def test_an_impossible_port_is_refused(tmp_path, port):
    refused(run(tmp_path, "serve", "--port", port), "--port")


def test_damaged_keys_are_one_sentence(tmp_path):
    (tmp_path / "secrets.json").write_text("{")
    refused(run(tmp_path, "migrate"), "secrets.json is damaged")


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("")
    refused(run(tmp_path / "data", "migrate"), "is a file")


@pytest.fixture(scope="module")
def unmade(tmp_path_factory):
    """A data folder whose database has no tables yet."""
    return tmp_path_factory.mktemp("unmade") / "data"


@pytest.mark.parametrize("args", [["serve", "--port", "8975"], ["tick"], ["verify-ledger"], ["token", "x"]])  # fmt: skip
def test_a_command_wants_the_migrations_first(unmade, args):
    refused(run(unmade, *args), "maplebridge migrate")
    assert not (unmade / "postgres" / "postmaster.pid").exists()  # its last user stopped the server


def test_an_empty_database_is_not_backed_up(unmade, tmp_path):
    refused(run(unmade, "backup", str(tmp_path / "backup")), "nothing to back up")
    assert not (tmp_path / "backup").exists()


def test_a_token_for_nobody_is_refused(data):
    refused(run(data, "token", "nobody-of-this-name"), "Error:")


def test_a_hotline_workbook_is_taken_in_and_refused_in_the_language_of_the_terminal(data, tmp_path):
    from openpyxl import Workbook

    file, damaged = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = Workbook()
    for row in (
        ["编号", "内容", "时间"],
        [1, "路灯不亮", "2026/3/1 9:05"],
        [2, "井盖没了", "昨天"],
    ):
        book.active.append(row)
    book.save(file)
    damaged.write_bytes(file.read_bytes()[:2000])
    zh = {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}
    refused(run(data, "import-hotline", str(damaged), LC_ALL="C"), "cut off or damaged")
    refused(run(data, "import-hotline", str(damaged), **zh), "文件不完整或已损坏")
    done = run(data, "import-hotline", str(file), "--lang", "zh", LC_ALL="C")
    assert "新立事项 1 件" in done.stdout
    assert "行数: 2 / 2" in done.stderr
    again = run(data, "import-hotline", str(file), "--lang", "en", **zh)
    assert "2 rows: 0 new matters, 0 joined one, 1 known before, 1 failed." in again.stdout
    assert (tmp_path / "a-errors.xlsx").is_file()


def test_progress_counts_on_where_nobody_knows_the_end(capsys):
    from maplebridge.config.cli.speech import Progress

    for total in (None, 12_000):
        with Progress("Rows") as progress:
            for done in range(500, 12_001, 500):
                progress(done, total)
    lines = capsys.readouterr().err.split("\n")
    assert lines[:2] == ["    Rows: 5000", "    Rows: 10000"]
    assert len(lines[2:-1]) == 10
    assert lines[-2] == "    Rows: 12000 / 12000"


def test_keys_are_made_once_and_for_the_owner_only(data):
    file = data / "secrets.json"
    before = file.read_text()
    assert run(data, "tick").returncode == 0
    assert file.read_text() == before
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_backup_comes_back_and_a_changed_one_does_not(data, tmp_path):
    kept = tmp_path / "backup"
    done = run(data, "backup", str(kept))
    assert done.returncode == 0, done.stderr
    assert "not in it" in done.stdout
    assert not (kept / "secrets.json").exists()
    refused(run(data, "backup", str(kept)), "not empty")
    refused(run(data, "restore", str(kept)), "--force")
    refused(run(tmp_path / "other", "restore", str(kept)), "other keys")
    back = run(data, "restore", str(kept), "--force")
    assert back.returncode == 0, back.stderr
    assert "the ledger verifies" in back.stdout
    with (kept / "database.dump").open("ab") as file:
        file.write(b"x")
    refused(run(data, "restore", str(kept), "--force"), "database.dump was changed")


def test_a_backup_of_an_older_version_replaces_a_newer_one(data, tmp_path):
    import psycopg

    kept = tmp_path / "backup"
    assert run(data, "backup", str(kept)).returncode == 0
    url = postgres.start(data)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE newer (unit bigint REFERENCES org_unit)")
        connection.execute("ALTER TABLE org_unit ADD COLUMN newer int")
        done = run(data, "restore", str(kept), "--force")
        assert done.returncode == 0, done.stderr
        assert connection.execute("SELECT to_regclass('newer')").fetchone() == (None,)


def test_an_archive_of_another_server_version_loses_only_its_marks():
    from maplebridge.config.backup import _portable

    script = b"""SET transaction_timeout = 0;
SET lock_timeout = 0;
ALTER TABLE ONLY public.a ALTER COLUMN id SET (pg_attver=1);
COPY public.a (text) FROM stdin;
SET transaction_timeout = 0;
says: x SET (pg_attver=1);
\\.
SET transaction_timeout = 0;
"""
    kept = b"".join(_portable(script.splitlines(keepends=True)))
    assert kept == b"".join(script.splitlines(keepends=True)[i] for i in (1, 3, 4, 5, 6))


def test_a_backup_with_keys_starts_a_new_machine(data, tmp_path):
    kept, fresh = tmp_path / "backup", tmp_path / "fresh"
    assert run(data, "backup", str(kept), "--with-keys").returncode == 0
    done = run(fresh, "restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert (fresh / "secrets.json").read_text() == (data / "secrets.json").read_text()
    assert json.loads((kept / "manifest.json").read_text())["rows"]["org_category"] >= 0


def test_a_killed_server_is_started_again(data):
    import psutil

    postgres.start(data)
    pid = int((data / "postgres" / "postmaster.pid").read_text().split()[0])
    server = psutil.Process(pid)
    family = [*server.children(recursive=True), server]
    for process in family:
        with suppress(psutil.NoSuchProcess):  # a worker may end between the list and the kill
            process.kill()
    psutil.wait_procs(family)
    done = run(data, "verify-ledger")
    assert done.returncode == 0, done.stderr


def test_a_server_in_use_is_not_stopped(data):
    postgres.start(data)
    pid = (data / "postgres" / "postmaster.pid").read_text().split()[0]
    assert run(data, "verify-ledger").returncode == 0
    assert (data / "postgres" / "postmaster.pid").read_text().split()[0] == pid
    assert postgres.stop(data)
