"""The bytes of a log file, unpacked as they come, never more than the limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, TypeAlias

from engine.analysis.eventlog.refusal import InvalidLog, Limits

Source: TypeAlias = bytes | IO[bytes]
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
CHUNK = 1 << 18


def chunks(source: Source, limits: Limits) -> Iterator[bytes]:
    """Yield a file piece by piece, unpacked where gzip packed it.

    Raises TooLarge as soon as more has come than is allowed, so that what unpacks to a thousand
    times its size costs no more than the limit; InvalidLog for an archive, for a file that is cut
    off or damaged, and for an empty one.
    """
    size = 0
    for piece in unpacked(source):
        size += len(piece)
        limits.check("size", size)
        yield piece
    if not size:
        raise InvalidLog("the file is empty", field="file")


def unpacked(source: Source) -> Iterator[bytes]:
    """Yield the pieces of a file, unpacked where gzip packed it. Raises InvalidLog."""
    stream = BytesIO(source) if isinstance(source, bytes) else source
    head = stream.read(len(ZIP))
    if head == ZIP:
        text = "this is a ZIP archive or a workbook: send the .xes, .xes.gz or .csv file itself"
        raise InvalidLog(text, field="file")
    if not head.startswith(GZIP):
        yield from pieces(stream, head)
        return
    try:
        with gzip.open(Joined(head, stream)) as file:
            yield from pieces(file)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidLog(f"the file cannot be unpacked: {error}", field="file") from error


def pieces(stream: IO[bytes] | gzip.GzipFile, head: bytes = b"") -> Iterator[bytes]:
    """Yield what a stream holds after what was already read of it."""
    if head:
        yield head
    while piece := stream.read(CHUNK):
        yield piece


class Joined(BytesIO):
    """A stream whose first bytes were already read: they come again before the others."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__(head)
        self.rest = rest

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes; fewer than asked for where the two parts meet."""
        return super().read(size) or self.rest.read(-1 if size is None else size)
