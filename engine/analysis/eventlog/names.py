"""Names as logs have them, mended and numbered."""

from __future__ import annotations

import re
import zlib

from engine.analysis.eventlog.log import UNKNOWN
from engine.analysis.eventlog.notes import Note, Notes

LONGEST = 500
UNNAMED = "(unnamed)"
#: controls, and halves of characters that no encoding can write
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Names:
    """Different names, each with its place, in the order in which they first come.

    `blank` is what the empty name becomes; where that is empty too, its place is UNKNOWN.
    """

    def __init__(self, notes: Notes, blank: str = "") -> None:
        self.notes = notes
        self.blank = blank
        self.places: dict[str, int] = {}
        self.written: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.places)

    def place(self, text: str) -> int:
        """Return the place of a name as it is written."""
        place = self.written.get(text)
        if place is None:
            place = self.written[text] = self.add(clean(text, self.notes))
        return place

    def add(self, name: str) -> int:
        """Return the place of a clean name."""
        if not name:
            if not self.blank:
                return UNKNOWN
            self.notes.count(Note.UNNAMED)
            name = self.blank
        return self.places.setdefault(name, len(self.places))

    def all(self) -> tuple[str, ...]:
        """Return the names in their places."""
        return tuple(self.places)


def clean(text: str, notes: Notes) -> str:
    """Return a name without controls and space around it, cut where it is very long.

    What is cut ends with a checksum of the whole, so that two long names stay two.
    """
    name = text.strip()
    if CONTROL.search(name):
        notes.count(Note.CONTROL, CONTROL.sub(" ", name))
        name = CONTROL.sub(" ", name).strip()
    if len(name) > LONGEST:
        notes.count(Note.LONG, name)
        name = f"{name[: LONGEST - 9]}…{zlib.crc32(name.encode()):08x}"
    return name
