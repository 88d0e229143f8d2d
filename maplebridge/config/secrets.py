"""The installation's two secrets: made once, kept in the data folder, never printed."""

import json
import os
import secrets
from pathlib import Path

NAMES = ("MAPLEBRIDGE_SECRET_KEY", "MAPLEBRIDGE_VAULT_KEY")


def export(data_dir: Path) -> Path:
    """Put both keys into the environment, from `<data>/secrets.json` (made when missing).

    Variables that are set already win. Returns the file's path. Losing the file means losing
    every sealed personal field: back it up apart from the database.
    """
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        keys = {NAMES[0]: secrets.token_urlsafe(48), NAMES[1]: secrets.token_hex(32)}
        _make(path, json.dumps(keys))
    try:
        kept = {name: str(json.loads(path.read_text())[name]) for name in NAMES}
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"The file {path} is damaged: bring the keys back from a backup.") from error
    for name, value in kept.items():
        os.environ.setdefault(name, value)
    return path


def adopt(source: Path, data_dir: Path) -> None:
    """Copy the keys of a backup into a data folder that has none; else leave all as it is."""
    target = data_dir / "secrets.json"
    if source.is_file() and not target.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make(target, source.read_text())


def _make(path: Path, text: str) -> None:
    """Write the file whole, for its owner only; where another process was first, its own stays."""
    mine = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        path.hardlink_to(mine)  # all at once, and never over one that is there
    except FileExistsError:
        pass
    finally:
        mine.unlink()
