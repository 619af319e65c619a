"""A ZIP archive of a procedure's folder: written, and read with care.

It may come from anybody who may deploy. What an archive says of its sizes is not believed; reading
stops at the limits.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath

from api.problem import Malformed
from engine.errors import Invalid, TooLarge

MAX_FILES = 100
#: of a file's name
MAX_NAME = 200
ZIP = "application/zip"
#: what stands for the time in an archive: the same files make the same archive
SOME_DAY = (1980, 1, 1, 0, 0, 0)
SUFFIXES = frozenset({".bpmn", ".xml", ".yaml"})


class BadArchive(Malformed):
    """The archive cannot be read."""


class WrongFile(Invalid):
    """The file is not one of a procedure's."""


class SentTwice(Invalid):
    """Two files have the same name."""


def unpacked(content: bytes, max_bytes: int, max_total: int) -> dict[str, bytes]:
    """Return the diagrams and data of an archive by their plain names.

    Raises BadArchive where it is no archive, SentTwice, WrongFile, TooLarge.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return files(archive, max_bytes, max_total)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadArchive(f"the archive cannot be read: {error}") from error


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
            raise SentTwice(f"the archive holds {name} twice", field=name, file=name)
        check_name(name)
        found[name] = extracted(archive, entry, min(max_bytes, left))
        left -= len(found[name])
    return found


def check_name(name: str) -> None:
    """Raise WrongFile for a name that no file of a procedure can have."""
    if PurePosixPath(name).suffix not in SUFFIXES:
        text = f"{name}: the files of a procedure end in .bpmn or .yaml"
        raise WrongFile(text, field=name, file=name)
    if len(name) > MAX_NAME or not name.isprintable():
        text = f"the name of a file has at most {MAX_NAME} characters, all of them printable"
        raise WrongFile(text, field=name[:MAX_NAME], file=name[:MAX_NAME])


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


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return files in a folder of an archive."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", SOME_DAY)
            written.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
