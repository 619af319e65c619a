"""How a CSV file is written: its encoding, its delimiter, whether it has a heading."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from engine.analysis.eventlog.notes import Note, Notes
from engine.analysis.eventlog.refusal import InvalidLog

DELIMITERS = (",", ";", "\t", "|")
#: marks by which an encoding is known, the longest first
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1")
#: lines that are looked at
SAMPLE = 100
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
#: what stands in a heading is neither a number nor a date
VALUE = re.compile(r"[\d\s.,:/+\-TZ年月日时分秒]*\d[\d\s.,:/+\-TZ年月日时分秒]*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. Without `header` the columns are numbered."""

    encoding: str = "utf-8"
    delimiter: str = ","
    header: bool = True

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return a dialect as it was chosen. Raises InvalidLog."""
        found = cls(**{name: data[name] for name in cls.__slots__ if name in data})
        known = (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("header", (True, False)))
        for name, values in known:
            if getattr(found, name) not in values:
                text = f"{name} must be one of {', '.join(map(repr, values))}"
                raise InvalidLog(text, field=name)
        return found

    def data(self) -> dict[str, Any]:
        """Return the dialect as `of` takes it."""
        return asdict(self)


def sniffed(content: bytes) -> Dialect:
    """Return how a file seems to be written."""
    encoding = encoding_of(content)
    head = content[: 1 << 18].decode(encoding, "replace")
    lines = head.splitlines()[: SAMPLE + 1]
    # the last line may be cut off
    text = "\n".join(lines[:SAMPLE] if len(head) < len(content) and len(lines) > 1 else lines)
    delimiter = max(DELIMITERS, key=lambda each: evenness(text, each))
    first = next((row for row in rows_of(text, delimiter) if any(row)), [])
    return Dialect(encoding, delimiter, not any(VALUE.fullmatch(each) for each in first))


def encoding_of(content: bytes) -> str:
    """Return the encoding of a file: by its mark, as UTF-8, Chinese, or Western European.

    Chinese in GB 18030 is pairs of bytes beyond ASCII; accents in Latin-1 mostly stand alone.
    """
    marked = next((name for mark, name in MARKS if content.startswith(mark)), None)
    if marked is not None:
        return marked
    if reads(content, "utf-8"):
        return "utf-8"
    runs = NOT_ASCII.findall(content, 0, 1 << 20)
    pairs = sum(len(run) > 1 for run in runs) * 2 >= len(runs)
    return "gb18030" if pairs and reads(content, "gb18030") else "latin-1"


def reads(content: bytes, encoding: str) -> bool:
    """Tell whether bytes can be read in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for begin in range(0, len(content), 1 << 20):
            decoder.decode(content[begin : begin + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Return how good a delimiter is: the share of rows of the most usual width, and that width."""
    widths = Counter(len(row) for row in rows_of(text, delimiter) if row)
    width, rows = max(widths.items(), key=lambda each: (each[1], each[0]), default=(1, 0))
    return (rows / widths.total(), width) if width > 1 else (0.0, 1)


def rows_of(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a sample, as far as it can be read."""
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error:
        return


class Table:
    """The rows of a file under their heading."""

    def __init__(self, content: bytes, dialect: Dialect, notes: Notes) -> None:
        """Raises InvalidLog for a file without rows."""
        self.notes = notes
        stream = io.TextIOWrapper(
            io.BytesIO(content), dialect.encoding, errors="replace", newline=""
        )
        self.reader = csv.reader(stream, delimiter=dialect.delimiter)
        self.ahead: list[list[str]] = []
        first = next(self.filled(), None)
        if first is None:
            raise InvalidLog("the file has no rows", field="file")
        self.columns = distinct(first if dialect.header else [""] * len(first))
        if not dialect.header:
            self.ahead.append(first)

    def filled(self) -> Iterator[list[str]]:
        """Yield the rows in which something stands. Raises InvalidLog with the line."""
        try:
            yield from (row for row in self.reader if any(row))
        except csv.Error as error:
            text = f"cannot be read as CSV: {error}; is a quote left open?"
            raise InvalidLog(text, field="file", line=self.reader.line_num) from error

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows with the lines they end on, as wide as the heading."""
        width = len(self.columns)
        for row in self.ahead:
            yield 1, row
        for row in self.filled():
            line = self.reader.line_num
            if len(row) != width:
                note = Note.SHORT_ROW if len(row) < width else Note.LONG_ROW
                self.notes.count(note, f"line {line}")
                row = (row + [""] * width)[:width]  # noqa: PLW2901 - the row as it is read
            yield line, row


def distinct(names: list[str]) -> tuple[str, ...]:
    """Return the names of columns: those without one and those of another numbered."""
    found: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        plain = " ".join(name.split()) or f"column {number}"
        while plain in found:
            plain = f"{plain} ({number})"
        found[plain] = None
    return tuple(found)
