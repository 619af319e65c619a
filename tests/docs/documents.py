"""The project's documents, and the fenced blocks and links in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string as words, its text, and the line it begins on."""

    info: tuple[str, ...]
    body: str
    line: int


def documents() -> list[Path]:
    """Every Markdown file a reader of the project comes to."""
    top = sorted(ROOT.glob("*.md"))
    return [*top, *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("changelog.d/*.md"))]


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    for match in FENCED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Block(tuple(match["info"].split()), match["body"], line)


def links(text: str) -> list[str]:
    """The targets of a document's links, those inside code left out."""
    prose = re.sub(r"`[^`\n]*`", "", FENCED.sub("", text))
    return [match["target"] for match in LINK.finditer(prose)]


def anchors(text: str) -> set[str]:
    """The anchors a document's headings make."""
    headings = (match["text"].lower() for match in HEADING.finditer(FENCED.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}
