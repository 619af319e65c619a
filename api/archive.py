"""A ZIP archive of a procedure's folder, read with care: it may come from anybody who may deploy.

What an archive says of its sizes is not believed; reading stops at the limits.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from api.problem import Malformed
from engine.errors import Invalid, TooLarge

MAX_FILES = 100
SUFFIXES = frozenset({".bpmn", ".xml", ".yaml"})


def unpacked(content: bytes, max_bytes: int, max_total: int) -> dict[str, bytes]:
    """Return the diagrams and data of an archive by their plain names.

    Raises Malformed where it is no archive, Invalid for what cannot be in one, TooLarge.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return files(archive, max_bytes, max_total)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Malformed(f"the archive cannot be read: {error}") from error


def files(archive: zipfile.ZipFile, max_bytes: int, max_total: int) -> dict[str, bytes]:
    """Return an archive's files; folders in it count for nothing."""
    entries = [each for each in archive.infolist() if wanted(each)]
    if len(entries) > MAX_FILES:
        raise TooLarge(f"an archive holds at most {MAX_FILES} files")
    found: dict[str, bytes] = {}
    left = max_total
    for entry in entries:
        name = PurePosixPath(entry.filename).name
        if name in found:
            raise Invalid(f"the archive holds {name} twice", field=name)
        found[name] = extracted(archive, entry, min(max_bytes, left))
        left -= len(found[name])
    return found


def wanted(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a diagram or data."""
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith((".", "__")) for part in path.parts)
    return not entry.is_dir() and not hidden and path.suffix in SUFFIXES


def extracted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Return an entry's content. Raises TooLarge beyond a limit."""
    with archive.open(entry) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise TooLarge(f"{entry.filename} is larger than {limit} bytes unpacked")
    return content
