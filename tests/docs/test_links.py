"""Every link to a place in the project leads there, and every document can be reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.documents import ROOT, anchors, documents, links, name

ELSEWHERE = ("https://", "http://", "mailto:")


def targets(document: Path) -> list[tuple[Path, str]]:
    """The files and anchors that a document links to within the project."""
    found = []
    for link in links(document.read_text(encoding="utf-8")):
        if not link.startswith(ELSEWHERE):
            path, _, anchor = link.partition("#")
            found.append(((document.parent / path).resolve() if path else document, anchor))
    return found


@pytest.mark.parametrize("document", documents(), ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    broken = [str(path) for path, _ in targets(document) if not path.exists()]
    assert not broken


@pytest.mark.parametrize("document", documents(), ids=name)
def test_anchors_are_headings(document: Path) -> None:
    broken = [
        f"{path.name}#{anchor}"
        for path, anchor in targets(document)
        if anchor and path.suffix == ".md" and anchor not in anchors(path.read_text("utf-8"))
    ]
    assert not broken


def test_every_page_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    reached = {index}
    waiting = [index]
    while waiting:
        for path, _ in targets(waiting.pop()):
            if path.suffix == ".md" and path.exists() and path not in reached:
                reached.add(path)
                waiting.append(path)
    pages = {path.resolve() for path in ROOT.glob("docs/**/*.md") if path.name != "template.md"}
    assert not sorted(str(path.relative_to(ROOT)) for path in pages - reached)
