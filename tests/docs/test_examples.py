"""Every Python example of a document gives what the document shows."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.docs.documents import blocks, documents, name


def examples(document: Path) -> str:
    """A document's interactive examples, in order: the later ones know the names of the earlier."""
    found = blocks(document.read_text(encoding="utf-8"))
    bodies = [block.body for block in found if block.info[:1] == ("python",)]
    return "\n".join(body for body in bodies if ">>>" in body)


@pytest.mark.parametrize("document", [d for d in documents() if examples(d)], ids=name)
def test_examples_give_what_the_document_shows(document: Path) -> None:
    test = doctest.DocTestParser().get_doctest(examples(document), {}, name(document), None, 0)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert not report, "".join(report)
