"""House rules that no linter knows: sizes, names, writes outside actions, lock files."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "maplebridge"
FORBIDDEN = {"utils", "helpers", "common", "manager", "service"}
ENTRANCES = {"views.py", "api.py", "admin.py", "forms.py", "schemas.py"}
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "select_for_update",
    "get_or_create",
}
HARD, SOFT, VIEW = 500, 300, 15


def files() -> list[Path]:
    """Python files of the package and the tests, without migrations."""
    found = [
        *PACKAGE.rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "tools").rglob("*.py"),
    ]
    return [f for f in sorted(found) if "migrations" not in f.parts]


def sizes() -> Iterator[str]:
    for path in files():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > HARD:
            yield f"{path.relative_to(ROOT)}: {lines} lines, more than {HARD}"
        elif lines > SOFT:
            print(f"    note: {path.relative_to(ROOT)} has {lines} lines", file=sys.stderr)


def names() -> Iterator[str]:
    for path in PACKAGE.rglob("*"):
        if path.stem in FORBIDDEN and "templates" not in path.parts and "static" not in path.parts:
            yield f"{path.relative_to(ROOT)}: this name says nothing"


def _objects_write(node: ast.AST) -> bool:
    """A call such as X.objects.create() or row.save(), but not set.update() on plain names."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    chain = ast.unparse(node.func)
    if node.func.attr in {
        "save",
        "bulk_create",
        "bulk_update",
        "select_for_update",
        "get_or_create",
    }:
        return "super()" not in chain
    return node.func.attr in WRITES and ".objects" in chain


def writes() -> Iterator[str]:
    for path in files():
        if path.name not in ENTRANCES or PACKAGE not in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if _objects_write(node):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: writes belong into actions.py"


def views() -> Iterator[str]:
    for path in files():
        if not path.name.startswith("views") or PACKAGE not in path.parents:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                body = [
                    n
                    for n in node.body
                    if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
                ]
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > VIEW:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
                    yield f"{where} has {length} lines, more than {VIEW}"


def locks() -> Iterator[str]:
    scheme = "http" + "s://"
    for path in [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]:
        if scheme in path.read_text(encoding="utf-8"):
            yield f"{path.name}: lock files carry versions and hashes, no addresses"


def vendored() -> Iterator[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name in listed.stdout.splitlines():
        if name.endswith((".min.js", ".min.css", ".min.mjs")):
            yield f"{name}: third-party code is installed, never copied in"


def main() -> int:
    """Print every broken rule; 1 when there is one."""
    broken = [line for rule in (sizes, names, writes, views, locks, vendored) for line in rule()]
    print("\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
