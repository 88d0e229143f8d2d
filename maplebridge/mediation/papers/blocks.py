"""The pieces of which a paper's layout is made."""

from dataclasses import dataclass, field

BLANK = "________"


@dataclass(frozen=True)
class Block:
    """One piece of a paper: `kind` is title, page (a title on a new page), name (the committee's on
    a cover), line, text, close (seal and date), facts (label and value in a table), cover (facts on
    a cover), rows (a table filled once for each item of a list), signed (such a table kept on one
    sheet with what follows), signs (rows of one or two to sign), or count (# stands for the number
    of pages)."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    each: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A paper's layout: the code of its template file, its name on the index, its blocks."""

    code: str
    name: str
    blocks: tuple[Block, ...] = field(default=())


def title(words: str) -> Block:
    """The name of a paper."""
    return Block("title", words)


def line(words: str) -> Block:
    """A label, or a line that is one."""
    return Block("line", words)


def text(words: str) -> Block:
    """A paragraph."""
    return Block("text", words)


def facts(*rows: tuple[str, str]) -> Block:
    """Labels and values in a table."""
    return Block("facts", rows=rows, widths=(3.8, 12.0))


def signs(*rows: tuple[str, ...]) -> Block:
    """Rows of one or two lines to sign on."""
    return Block("signs", rows=rows)


def close(*lines: str) -> Block:
    """Seal and date, each on its line."""
    return Block("close", "\n".join(lines))


def only_if(condition: str, *blocks: Block) -> tuple[Block, ...]:
    """Blocks that stand in a paper only where there is something to print."""
    return (text("{%p if " + condition + " %}"), *blocks, text("{%p endif %}"))
