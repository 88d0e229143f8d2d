"""docs/settings.md names every variable that is read, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"(?:environ(?:\.get|\.setdefault)?[\[(]|env_bool\(|envvar=)\s*\"([A-Z_]+)\"")
NOT_OURS = {"PATH"}


def test_every_variable_is_explained_and_none_is_invented():
    sources = [*(ROOT / "maplebridge").rglob("*.py"), *(ROOT / "tools").glob("*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    read |= {n for text in tests for n in READ.findall(text) if n.startswith("MAPLEBRIDGE_HOTLINE")}
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([A-Z_]+)`", text, re.MULTILINE))
    assert explained == read - NOT_OURS
