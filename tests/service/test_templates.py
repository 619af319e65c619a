"""Documents from templates that are edited in Word: filled as they are, wrong ones told by name."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn

from engine.service import tasks
from engine.service.review import minutes, minutes_document, minutes_shown
from engine.service.review.minutes_document import MINUTES, NAMES, REPLY
from engine.service.review.template import BadTemplate, Names, fill, placeholders, read, roots
from engine.settings import Settings
from tests.service.city import City
from tests.service.review_minutes import LEAD, TEXTS, concluded, met, people, round_task

KNOWN = Names(frozenset({"project", "text"}), {"opinion": frozenset({"department", "kind"})})
OPINIONS = [{"department": "规划局", "kind": "同意"}, {"department": "环保局", "kind": "不同意"}]


def made(path: Path, *lines: str) -> Path:
    """Write a template of paragraphs."""
    document = Document()
    for each in lines:
        document.add_paragraph(each)
    document.save(str(path))
    return path


def filled(path: Path, texts: dict[str, str], opinions: list[dict[str, str]]) -> DocumentObject:
    return Document(BytesIO(fill(read(path, KNOWN), texts, {"opinion": opinions})))


def test_a_placeholder_is_found_however_word_splits_it(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("项目：{", "{ pro", "ject }", "}。{{project}}"):
        paragraph.add_run(piece).bold = piece == "ject }"
    document.sections[0].header.paragraphs[0].add_run("{{ project }}")
    document.save(str(tmp_path / "t.docx"))
    found = filled(tmp_path / "t.docx", {"project": "甲\n乙 {{ text }}"}, [])
    lines = "甲\n乙 {{ text }}"
    assert found.paragraphs[0].text == f"项目：{lines}。{lines}"
    assert found.sections[0].header.paragraphs[0].text == lines


def test_a_row_is_repeated_and_so_is_a_paragraph(tmp_path: Path) -> None:
    document = Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table.rows[0].cells, ("部门", "意见"), strict=True):
        cell.text = text
    for cell, name in zip(table.rows[1].cells, ("department", "kind"), strict=True):
        cell.text = f"{{{{ opinion.{name} }}}}"
    document.add_paragraph("{{ opinion.department }}（{{ project }}）")
    document.save(str(tmp_path / "t.docx"))
    found = filled(tmp_path / "t.docx", {"project": "甲"}, OPINIONS)
    rows = [[cell.text for cell in row.cells] for row in found.tables[0].rows]
    assert rows == [["部门", "意见"], ["规划局", "同意"], ["环保局", "不同意"]]
    assert [each.text for each in found.paragraphs] == ["规划局（甲）", "环保局（甲）"]
    empty = filled(tmp_path / "t.docx", {"project": "甲"}, [])
    assert [cell.text for cell in empty.tables[0].rows[1].cells] == ["无", ""]


def test_what_people_typed_cannot_break_a_document(tmp_path: Path) -> None:
    path = made(tmp_path / "t.docx", "{{ text }}", "{{ opinion.kind }}")
    said = [{"department": "", "kind": "<b>{{ project }}</b>\x00\x0b"}]
    found = filled(path, {"text": "a & b\x08 < c", "project": "甲"}, said)
    assert [each.text for each in found.paragraphs] == ["a & b < c", "<b>{{ project }}</b>"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{{ projekt }}", "projekt"),
        ("{{ opinion.colour }}", "opinion.colour"),
        ("{{ 项目 }}", "项目"),
        ("{{ project | upper }}", "project | upper"),
    ],
)
def test_an_unknown_placeholder_is_told_by_its_name(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        read(made(tmp_path / "mine.docx", line), KNOWN)
    assert told in str(caught.value)
    assert caught.value.detail == {"template": "mine.docx", "placeholder": told}


def test_what_is_no_document_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.docx").write_bytes(b"not a document")
    with pytest.raises(BadTemplate, match="no Word document"):
        read(tmp_path / "t.docx", KNOWN)


@pytest.mark.parametrize("name", [MINUTES, REPLY])
def test_the_templates_that_come_along_are_chinese_documents(name: str) -> None:
    document = read(minutes_document.template(Settings(), name), NAMES[name])
    assert [each for root in roots(document) for each in placeholders(root)]
    for style in ("Normal", "Title", "Heading 1"):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in {"仿宋", "宋体", "黑体"}


def test_every_name_of_the_guide_is_known_and_every_known_name_in_the_guide() -> None:
    root = Path(__file__).parents[2]
    guide = (root / "docs" / "how-to" / "change-the-minutes-template.md").read_text("utf-8")
    for names in NAMES.values():
        lists = {f"{name}.{key}" for name, keys in names.lists.items() for key in keys}
        missing = [each for each in {*names.texts, *lists} if f"`{each}`" not in guide]
        assert missing == []


def own(city: City, folder: Path, change: Callable[[Any], None]) -> None:
    """Give the city a template of its own."""
    city.decides(folder, "")
    (folder / MINUTES).unlink()
    document = Document(str(Settings().bpmn_dir / MINUTES))
    change(document)
    document.save(str(folder / MINUTES))


def test_a_city_has_its_own_template_and_a_wrong_one_keeps_minutes_from_going_out(
    city: City, tmp_path: Path
) -> None:
    staff = people(city)
    _disputed, agreed = met(city, staff)
    concluded(city, agreed, staff[LEAD], "approved")
    city.do(minutes.draft, agreed, TEXTS, by=staff[LEAD])
    own(city, tmp_path / "own", lambda each: each.add_paragraph("滨州样式 {{ code }}"))
    file = city.see(minutes_shown.file, agreed)[1]
    assert "滨州样式 LS2014-000" in Document(BytesIO(file)).paragraphs[-1].text
    own(city, tmp_path / "bad", lambda each: each.add_paragraph("{{ projekt }}"))
    task = round_task(city, agreed, "minutes")
    with pytest.raises(BadTemplate, match="projekt"):
        city.do(tasks.complete, task, "drafted", by=staff[LEAD])
    own(city, tmp_path / "good", lambda _each: None)
    city.do(tasks.complete, task, "drafted", by=staff[LEAD])
