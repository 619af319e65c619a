"""The repository speaks only of itself: it can be cloned anywhere and stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.documents import ROOT

LEFT_OUT = {"node_modules", "build", "dist", "var", "htmlcov", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".gitignore"}
#: Absolute paths of one machine: a clone has none of them.
MACHINE_PATH = re.compile(r"(?<![\w./}:-])/(?:work|root|Users)/\w+")
FRAGMENT = re.compile(r"\+[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")


def files(folder: Path = ROOT) -> Iterator[Path]:
    """The files a clone has, and those about to be added."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") and path.name not in HIDDEN_BUT_OURS
        if hidden or path.name in LEFT_OUT or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def text(path: Path) -> str:
    """A file's text; empty where it is a picture or the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files()
        for match in MACHINE_PATH.finditer(text(path))
    ]
    assert not found


def test_the_lock_pins_every_library_exactly_and_names_no_host() -> None:
    lines = (ROOT / "requirements" / "lock.txt").read_text(encoding="utf-8").splitlines()
    loose = [line for line in lines if not re.fullmatch(r"#.*|[\w.\-]+==[\w.!+]+", line)]
    assert not loose


@pytest.mark.parametrize("path", sorted(ROOT.glob("changelog.d/*")), ids=lambda path: path.name)
def test_changelog_fragments_are_named_and_written_as_agreed(path: Path) -> None:
    if path.name in {"README.md", "template.md.jinja"}:
        return
    assert FRAGMENT.fullmatch(path.name)
    assert path.read_text(encoding="utf-8").strip().endswith(".")


def test_architecture_decisions_are_numbered_and_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", text(folder / "README.md"))
    written = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert listed == written
    assert [name[:4] for name in written] == [f"{n + 1:04}" for n in range(len(written))]
