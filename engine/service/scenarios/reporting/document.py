"""A report as a Word document: headings, tables, sentences, charts that can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from engine.service.scenarios.reporting.cells import clean
from engine.service.scenarios.reporting.chart_part import Charts
from engine.service.scenarios.reporting.section import Report, Section, Table

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, GREY, GROUND = RGBColor(0x14, 0x30, 0x4D), RGBColor(0x55, 0x61, 0x6F), "E6ECF3"
LATIN, BODY, HEADING = "Times New Roman", "宋体", "黑体"
#: centimetres: A4, its margins, and the line between them
PAPER, MARGIN, LINE = (21.0, 29.7), 2.5, 16.0
SMALL = Pt(9)
#: twentieths of a point beside the letters of a table
PADDING = "57"
HEADINGS = {"Title": 22, "Heading 1": 15, "Heading 2": 12}


def document(report: Report) -> bytes:
    """Return a report as a file."""
    made = Document()
    _page(made)
    _letters(made, report.language)
    _properties(made, report)
    _footer(made, report.footer)
    made.add_paragraph(clean(report.title), "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph(clean(report.subtitle), "Subtitle").alignment = WD_ALIGN_PARAGRAPH.CENTER
    charts = Charts(made, report.chart_data)
    for section in report.sections:
        _section(made, section, charts)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def _section(made: DocumentObject, section: Section, charts: Charts) -> None:
    made.add_heading(clean(section.title), 1)
    for text in section.paragraphs:
        made.add_paragraph(clean(text))
    for picture in section.pictures:
        charts.add(picture)
    for table in section.tables:
        if table.title != section.title:
            made.add_heading(clean(table.title), 2)
        _table(made, table)
    for name, sentences in section.groups.items():
        made.add_heading(clean(name), 2)
        for each in sentences:
            made.add_paragraph(clean(each), "List Bullet")
    for note in section.notes:
        run = made.add_paragraph().add_run(clean(note))
        run.font.size, run.font.color.rgb = SMALL, GREY


# -- tables ---------------------------------------------------------------------------------------


def _table(made: DocumentObject, table: Table) -> None:
    rows = [*table.rows, *([table.total] if table.total else [])]
    grid = made.add_table(0, len(table.headings), "Table Grid")
    grid.autofit = False
    _narrow(grid)
    widths = [LINE * share / sum(table.widths) for share in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
    formats = table.formats or [""] * len(table.headings)
    _row(grid, table.headings, widths, bold=True)
    for row in rows:
        told = [_told(value, style) for value, style in zip(row, formats, strict=True)]
        _row(grid, told, widths, bold=row is table.total, figures=row)
    _repeat(grid.rows[0])
    made.add_paragraph()


def _row(
    grid: Any,
    texts: Sequence[str],
    widths: Sequence[float],
    *,
    bold: bool,
    figures: Sequence[Any] = (),
) -> None:
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - docx has no name
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Cm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(clean(text))
        run.font.size, run.bold = SMALL, bold
        if figures and isinstance(figures[place], int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if bold:
            _shade(cell)


def _told(value: Any, style: str) -> str:
    """Return a value as a document shows it; a number with its sign where its format says so."""
    if value is None:
        return ""
    if style and isinstance(value, int):
        return f"{value:+d}".replace("-", "−") if value else "0"
    return str(value)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": GROUND}.items():
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - docx has no name for it


def _narrow(grid: Any) -> None:
    """Keep letters closer to the lines of a table, which then has more room for them."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), PADDING)
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # noqa: SLF001 - as above


def _repeat(row: Any) -> None:
    """Let a row head the table on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - as above


# -- looks ----------------------------------------------------------------------------------------


def _page(made: DocumentObject) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = map(Cm, PAPER)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)


def _letters(made: DocumentObject, language: str) -> None:
    styles: Any = made.styles
    for name in ("Normal", "Subtitle", *HEADINGS):
        style = styles[name]
        own = HEADING if name in HEADINGS else BODY
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), own)
        style.font.color.rgb = INK if name != "Normal" else None
        style.font.italic = False
        if name in HEADINGS:
            style.font.size = Pt(HEADINGS[name])
    styles["Normal"].font.size = Pt(10.5)
    _language(styles["Normal"], language)


def _language(style: Any, language: str) -> None:
    """Say which language the text is in, for spelling and for readers aloud."""
    found = OxmlElement("w:lang")
    found.set(qn("w:val"), {"zh": "zh-CN"}.get(language, "en-GB"))
    found.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(found)


def _properties(made: DocumentObject, report: Report) -> None:
    properties = made.core_properties
    properties.title = clean(f"{report.title} {report.subtitle}")[:255]
    properties.author = clean(report.author)[:255]
    properties.language = {"zh": "zh-CN"}.get(report.language, "en-GB")
    properties.comments = ""


def _footer(made: DocumentObject, text: str) -> None:
    """Number the pages: `{page}` and `{pages}` stand for fields."""
    paragraph = made.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _brace, rest = text.partition("{page}")
    between, _brace, after = rest.partition("{pages}")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        paragraph.add_run(words).font.size = SMALL
        if field:
            _field(paragraph, field)


def _field(paragraph: Any, name: str) -> None:
    """Add what Word fills in itself."""
    found = OxmlElement("w:fldSimple")
    found.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    run.font.size = SMALL
    found.append(run._r)  # noqa: SLF001 - docx has no name for it
    paragraph._p.append(found)  # noqa: SLF001 - as above
