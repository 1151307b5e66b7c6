"""The plain text of a legal page as paragraphs and headings. Pure; whoever shows a block escapes its text."""

from dataclasses import dataclass

# Level 1 is the page's title.
HEADINGS = {"## ": 2, "### ": 3}


@dataclass(frozen=True)
class Block:
    """A paragraph (``level`` 0; its lines parted by ``\\n``), or a heading of level 2 or 3."""

    text: str
    level: int = 0


def blocks(body: str) -> list[Block]:
    """Return the blocks of a text in order. Blank lines part paragraphs; every other mark-up stays as it is written."""
    found: list[Block] = []
    lines: list[str] = []

    def close() -> None:
        if lines:
            found.append(Block("\n".join(lines)))
            lines.clear()

    for raw in body.splitlines():
        line = raw.strip()
        start = next((mark for mark in HEADINGS if line.startswith(mark)), "")
        if start:
            close()
            found.append(Block(line.removeprefix(start).strip(), HEADINGS[start]))
        elif line:
            lines.append(line)
        else:
            close()
    close()
    return found
