"""Workbooks made to be read: a title, what the numbers are, a heading that stays in sight."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from api.web.export import WIDEST, WRITERS, cells, plain

XLSX = WRITERS["xlsx"][0]
NARROWEST = 9
INK, GROUND, LINE = "14304D", "F0F2F5", "C3CCD6"
THIN = Side(style="thin", color=LINE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, a title, notes below it, headings, rows, and a last row of totals.

    `formats` are number formats by column, '' for none: numbers stay numbers.
    """

    name: str
    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()
    total: Sequence[Any] = ()
    formats: Sequence[str] = field(default=())


def made_of(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        write(book.create_sheet(sheet.name), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write(into: Worksheet, sheet: Sheet) -> None:
    """Write a sheet: title, notes, headings, rows, total."""
    into.append([sheet.title])
    into["A1"].font = Font(bold=True, size=14, color=INK)
    for note in sheet.notes:
        into.append([note])
        into.cell(into.max_row, 1).font = Font(color="55616F")
    into.append([str(each) for each in sheet.headings])
    head = into.max_row
    held = [[plain(each) for each in row] for row in sheet.rows]
    held += [[plain(each) for each in sheet.total]] if sheet.total else []
    for row in held:
        into.append(row)
    style(into, sheet, head)
    into.freeze_panes = f"B{head + 1}"
    into.print_title_rows = f"{head}:{head}"
    into.page_setup.orientation = "landscape"
    into.page_setup.fitToHeight = 0
    into.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for number, heading in enumerate(sheet.headings):
        widest = max([cells(str(heading)), *(cells(row[number]) for row in held)])
        width = min(max(widest + 2, NARROWEST), WIDEST)
        into.column_dimensions[get_column_letter(number + 1)].width = width


def style(into: Worksheet, sheet: Sheet, head: int) -> None:
    """Give the heading, the rows and the total their looks."""
    border = Border(top=THIN, bottom=THIN, left=THIN, right=THIN)
    for row in into.iter_rows(min_row=head, max_col=len(sheet.headings)):
        for place, cell in enumerate(row):
            cell.border = border
            heading = cell.row == head
            number = isinstance(cell.value, int | float) and not heading
            across = "center" if heading else "right" if number else "left"
            cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True)
            if heading or (sheet.total and cell.row == into.max_row):
                cell.font = Font(bold=True, color=INK)
                cell.fill = PatternFill("solid", fgColor=GROUND)
            if number and sheet.formats:
                cell.number_format = sheet.formats[place] or "General"
