"""Interface texts: each room's Chinese compiled into one catalogue, and what is missing in it.

Usage: messages.py compile | check
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "maplebridge"
LOCALE = PACKAGE / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.mo"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.mo"
KEYWORDS = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "Said",
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def merge() -> tuple[Catalog, list[str]]:
    """All maplebridge/locale/parts/*.po as one catalogue, and where two rooms disagree.

    What means two things has a context (pgettext) for at least one of them.
    """
    disagreements = []
    whole = Catalog(locale="zh_Hans", project="Maplebridge", charset="utf-8", fuzzy=False)
    for part in sorted((LOCALE / "parts").glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                if not message.id or not message.string:
                    continue
                known = whole.get(message.id, message.context)
                if known is not None and known.string and known.string != message.string:
                    disagreements.append(
                        f"{part.name}: {message.id!r} is {message.string!r}, "
                        f"in another room {known.string!r}; give one of them a context"
                    )
                    continue
                whole.add(message.id, message.string, context=message.context)
    return whole, disagreements


def compile_all() -> None:
    """Write the compiled catalogues; English is the source and gets an empty one."""
    for catalogue, path in (
        (merge()[0], CHINESE),
        (Catalog(locale="en", charset="utf-8", fuzzy=False), ENGLISH),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)


def sources() -> dict[tuple[str | None, str], str]:
    """Every source text in Python and templates: (context, text) to where it stands."""
    import django
    from django.conf import settings
    from django.utils.translation import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    found: dict[tuple[str | None, str], str] = {}
    for path in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # What it leaves of the page is no Python: without indents the calls stay readable.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.lstrip() for line in lines)
        stream = io.BytesIO(text.encode())
        for line, function, messages, _ in extract_python(
            stream, KEYWORDS, [], {"encoding": "utf-8"}
        ):
            texts = messages if isinstance(messages, tuple) else (messages,)
            context = texts[0] if function and "pgettext" in function else None
            first = texts[1] if context is not None else texts[0]
            if first:
                found.setdefault((context, first), f"{path.relative_to(ROOT)}:{line}")
    return found


def check() -> int:
    """Print what has no Chinese, two Chinese or other placeholders; returns how many faults."""
    catalogue, disagreements = merge()
    print("\n".join(disagreements), end="\n" if disagreements else "")
    faults = len(disagreements)
    for (context, text), place in sources().items():
        message = catalogue.get(text, context)
        translation = message.string if message else ""
        if isinstance(translation, tuple):
            translation = translation[0]
        if not translation:
            print(f"{place}: no Chinese for {text!r}")
            faults += 1
        elif set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(translation)):
            print(f"{place}: placeholders differ in {text!r}")
            faults += 1
    return faults


def main(act: str) -> int:
    """Run one act; returns the exit status."""
    if act == "compile":
        compile_all()
        return 0
    return 1 if check() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
