"""Documents from templates that are edited in Word: placeholders are filled, nothing is evaluated.

`{{ project }}` stands for one text. `{{ opinion.department }}` stands for one of a list: the row of
a table it stands in, or else its paragraph, is repeated for each of them; where there is none, the
first placeholder of the line says so. Word may split a placeholder into pieces as it likes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from engine.errors import Invalid

PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
PARTS = re.compile(r"/word/(document|header\d*|footer\d*)\.xml")
#: what XML cannot hold
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NONE = "无"
P, R, T, TR, BR = (qn(f"w:{name}") for name in ("p", "r", "t", "tr", "br"))
#: what may be in a document once only
UNIQUE = tuple(qn(f"w:{name}") for name in ("bookmarkStart", "bookmarkEnd"))
PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"

Element = Any
Lists = Mapping[str, Sequence[Mapping[str, str]]]


class BadTemplate(Invalid):
    """The template of a document cannot be used."""

    code = "bad_template"
    remedy = (
        "Correct the template in Word; docs/how-to/change-the-minutes-template.md has its names."
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The placeholders of a document: of single texts, and of lists by their names."""

    texts: frozenset[str]
    lists: Mapping[str, frozenset[str]]

    def __contains__(self, name: str) -> bool:
        first, _dot, second = name.partition(".")
        return name in self.texts or second in self.lists.get(first, ())


def read(path: Path, names: Names) -> DocumentObject:
    """Open a template. Raises BadTemplate naming the placeholders that are unknown."""
    try:
        found = Document(str(path))
    except (OSError, KeyError, ValueError, BadZipFile, PackageNotFoundError) as error:
        raise BadTemplate(
            f"{path.name} is no Word document: {error}", template=path.name
        ) from error
    every = [name for root in roots(found) for name in placeholders(root)]
    unknown = list(dict.fromkeys(name for name in every if name not in names))
    if unknown:
        text = f"{path.name}: there is no {', '.join(f'{{{{ {name} }}}}' for name in unknown)}"
        raise BadTemplate(text, template=path.name, placeholder=unknown[0])
    for root in roots(found):
        for block in repeated(root):
            check_block(path, block)
    return found


def check_block(path: Path, block: Element) -> None:
    """Raise BadTemplate for a line that would have to be repeated for two lists."""
    lists = lists_in(block)
    if len(lists) > 1:
        text = f"{path.name}: one line names several lists: {', '.join(sorted(lists))}"
        raise BadTemplate(text, template=path.name)


def fill(document: DocumentObject, texts: Mapping[str, str], lists: Lists) -> bytes:
    """Fill a template that was read, and return the document as a file."""
    for root in roots(document):
        blocks = repeated(root)
        inside = {id(each): each for block in blocks for each in block.iter(P)}
        for paragraph in [each for each in root.iter(P) if id(each) not in inside]:
            fill_paragraph(paragraph, texts)
        for block in blocks:
            repeat(block, texts, lists)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def roots(document: DocumentObject) -> list[Element]:
    """Return the body, the headers and the footers."""
    return [
        part.element
        for part in document.part.package.iter_parts()
        if isinstance(part, XmlPart) and PARTS.fullmatch(str(part.partname))
    ]


def repeated(root: Element) -> list[Element]:
    """Return the lines that are repeated: rows of tables, or paragraphs."""
    found: dict[int, Element] = {}
    for paragraph in root.iter(P):
        if any("." in name for name in names_of(paragraph)):
            block = next(paragraph.iterancestors(TR), paragraph)
            found[id(block)] = block
    return list(found.values())


def repeat(block: Element, texts: Mapping[str, str], lists: Lists) -> None:
    """Put a line there for each of its list, or the one that says there is none."""
    name = next(iter(lists_in(block)))
    rows = lists.get(name) or [nothing(block, name)]
    for row in rows:
        copy = deepcopy(block)
        make_unique(copy)
        block.addprevious(copy)
        values = {**texts, **{f"{name}.{key}": value for key, value in row.items()}}
        for paragraph in list(copy.iter(P)):
            fill_paragraph(paragraph, values)
    block.getparent().remove(block)


def nothing(block: Element, name: str) -> dict[str, str]:
    """Return the values of a line for a list that is empty."""
    own = [each for each in placeholders(block) if each.startswith(f"{name}.")]
    keys = [each.partition(".")[2] for each in own]
    return {key: NONE if key == keys[0] else "" for key in keys}


def make_unique(copy: Element) -> None:
    """Take out of a copied line what a document may have once only."""
    for each in list(copy.iter(*UNIQUE)):
        each.getparent().remove(each)
    for each in copy.iter(P, TR):
        each.attrib.pop(PARAGRAPH_ID, None)


def lists_in(block: Element) -> set[str]:
    """Return the lists that a line names."""
    return {name.partition(".")[0] for name in placeholders(block) if "." in name}


def placeholders(root: Element) -> list[str]:
    """Return every placeholder below an element, in order."""
    return [name for paragraph in root.iter(P) for name in names_of(paragraph)]


def names_of(paragraph: Element) -> list[str]:
    """Return the placeholders of a paragraph itself."""
    return PLACEHOLDER.findall(text_of(pieces(paragraph)))


# -- one paragraph ------------------------------------------------------------------------------


def pieces(paragraph: Element) -> list[Element]:
    """Return the pieces of text of a paragraph, those of text boxes in it left out."""
    return [each for each in paragraph.iter(T) if next(each.iterancestors(P)) is paragraph]


def text_of(found: Iterable[Element]) -> str:
    """Return the text that pieces amount to."""
    return "".join(each.text or "" for each in found)


def fill_paragraph(paragraph: Element, values: Mapping[str, str]) -> None:
    """Put values in the place of placeholders, each in the style that it begins in."""
    found = pieces(paragraph)
    matches = list(PLACEHOLDER.finditer(text_of(found)))
    for match in reversed(matches):
        if match[1] in values:
            put(found, match.start(), match.end(), CONTROLS.sub("", values[match[1]]))
    if matches:
        for each in found:
            break_lines(each)


def put(found: Sequence[Element], start: int, end: int, value: str) -> None:
    """Write a value over the characters from start to end of what pieces amount to."""
    for piece, begin in reversed(list(placed(found))):
        text = piece.text or ""
        first, last = max(start - begin, 0), min(end - begin, len(text))
        if first >= last:
            continue
        here = value if begin <= start else ""
        piece.text = text[:first] + here + text[last:]
        piece.set(qn("xml:space"), "preserve")


def placed(found: Iterable[Element]) -> Iterator[tuple[Element, int]]:
    """Return pieces with where each begins."""
    begin = 0
    for piece in found:
        yield piece, begin
        begin += len(piece.text or "")


def break_lines(piece: Element) -> None:
    """Make line breaks of a text out of its newlines."""
    first, *others = (piece.text or "").replace("\r\n", "\n").split("\n")
    piece.text = first
    for line in reversed(others):
        text = OxmlElement("w:t")
        text.text = line
        text.set(qn("xml:space"), "preserve")
        piece.addnext(text)
        piece.addnext(OxmlElement("w:br"))
