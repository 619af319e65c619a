"""Text written a column at a time: every different piece once, rows as places of pieces.

A row of an event log repeats names and dates that a log has few of. They are put into one array
of bytes once, and a compiled loop copies the pieces of each row: no text is formatted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64] | npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Different pieces of text one after the other; place -1 is the last of them."""

    text: bytes
    ends: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], unknown: str = "") -> Pieces:
        """Return texts in UTF-8, and behind them the one for what is unknown."""
        encoded = [each.encode(errors="replace") for each in (*texts, unknown)]
        return cls(b"".join(encoded), np.cumsum([len(each) for each in encoded], dtype=np.int64))


#: some columns of a chunk of rows: pieces, and which of them stands in each row
Columns = Sequence[tuple[Pieces, Places]]


class Writer:
    """The pieces that all rows of a file are made of, in one array."""

    def __init__(self, tables: Sequence[Pieces]) -> None:
        sizes = np.array([0, *(len(each.text) for each in tables)], dtype=np.int64)
        before = np.cumsum(sizes)
        self.text = np.frombuffer(b"".join(each.text for each in tables), dtype=np.uint8)
        if len(self.text) > np.iinfo(np.int32).max:
            raise MemoryError("the names of the log are more than 2 GB")
        self.begins, self.lengths = [], []
        for table, place in zip(tables, before[:-1], strict=True):
            starts = np.concatenate([[0], table.ends[:-1]])
            self.begins.append((starts + place).astype(np.int32))
            self.lengths.append((table.ends - starts).astype(np.int32))

    def rows(self, columns: Sequence[Places]) -> bytes:
        """Return the text of rows: a piece of each table in turn, by places in the tables."""
        begins = np.empty((len(columns[0]), len(columns)), dtype=np.int32)
        lengths = np.empty_like(begins)
        for at, places in enumerate(columns):
            begins[:, at] = self.begins[at][places]
            lengths[:, at] = self.lengths[at][places]
        out = np.empty(int(lengths.sum(dtype=np.int64)), dtype=np.uint8)
        copy(self.text, begins.ravel(), lengths.ravel(), out)
        return out.tobytes()


@numba.njit(cache=True, nogil=True)
def copy(
    text: npt.NDArray[np.uint8],
    begins: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int32],
    out: npt.NDArray[np.uint8],
) -> None:
    """Copy pieces of a text one behind the other."""
    place = 0
    for piece in range(len(begins)):
        begin = begins[piece]
        for each in range(lengths[piece]):
            out[place] = text[begin + each]
            place += 1


def slices(length: int, size: int = 1 << 15) -> Iterator[slice]:
    """Yield the chunks of so many rows: few enough that a chunk stays in the processor's cache."""
    for begin in range(0, length, size):
        yield slice(begin, min(begin + size, length))
