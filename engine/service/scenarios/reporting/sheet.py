"""A section of a report as a sheet: sentences, tables, charts, one below the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from engine.service.scenarios.reporting.cells import put
from engine.service.scenarios.reporting.section import Section, Table

INK, GROUND, EDGE, GREY = "14304D", "E6ECF3", "C3CCD6", "55616F"
#: places of letters a column takes; a whole sheet at least
NARROW, WIDE, LEAST = 10, 50, 100
#: points a line of text takes, and centimetres of a row without text
LINE, ROW = 15, 0.53
SIDE = Side(style="thin", color=EDGE)
BORDER = Border(top=SIDE, bottom=SIDE, left=SIDE, right=SIDE)
A4 = 9


class Sheet:
    """A section on its way into a sheet, downwards; `chart` draws a picture."""

    def __init__(self, sheet: Worksheet, chart: Callable[[Any], Any]) -> None:
        self.sheet, self.chart, self.row = sheet, chart, 1
        self.widths: dict[int, int] = {}

    def write(self, section: Section, origin: str) -> None:
        """Write a section; `origin` says what it is part of."""
        tables = [*section.tables, *_grouped(section)]
        for table in tables:
            self._measure(table)
        self._fill()
        self._line(section.title, letters_of(bold=True, size=14))
        self._line(origin, letters_of(color=GREY))
        for text in section.paragraphs:
            self._line(text, letters_of(color="000000"))
        for note in section.notes:
            self._line(note, letters_of(color=GREY, size=9))
        self.row += 1
        for table in tables:
            self._table(table, titled=table.title != section.title)
        for picture in section.pictures:
            self._picture(picture)
        self._print()

    # -- widths --------------------------------------------------------------------------------

    def _measure(self, table: Table) -> None:
        """Make columns wide enough for a table, and not narrower than for those before it."""
        for place in range(len(table.headings)):
            rows = (table.headings, *table.rows, *([table.total] if table.total else []))
            needed = max(places(row[place]) for row in rows) + 4
            known = self.widths.get(place + 1, NARROW)
            self.widths[place + 1] = min(max(known, needed), WIDE)

    def _fill(self) -> None:
        """Give the last column what is left, so that sentences have room."""
        last = max(self.widths, default=1)
        used = sum(width for number, width in self.widths.items() if number != last)
        self.widths[last] = max(self.widths.get(last, NARROW), LEAST - used)
        for number, width in self.widths.items():
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    # -- rows ----------------------------------------------------------------------------------

    def _line(self, text: str, font: Font) -> None:
        """Write a text over all columns."""
        cell = put(self.sheet, self.row, 1, text)
        cell.font = font
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        if len(self.widths) > 1:
            self.sheet.merge_cells(None, self.row, 1, self.row, max(self.widths))
        lines = lines_of(text, sum(self.widths.values()))
        self.sheet.row_dimensions[self.row].height = max(lines * LINE, font.size * 1.6)
        self.row += 1

    def _table(self, table: Table, *, titled: bool) -> None:
        if titled:
            self._line(table.title, letters_of(bold=True))
        self._row(table.headings, (), bold=True)
        for row in table.rows:
            self._row(row, table.formats, bold=False)
        if table.total:
            self._row(table.total, table.formats, bold=True)
        self.row += 1

    def _row(self, values: Sequence[Any], formats: Sequence[str], *, bold: bool) -> None:
        for place, value in enumerate(values):
            cell = put(self.sheet, self.row, place + 1, value)
            number = isinstance(value, int)
            across = "right" if number else "left"
            cell.font = letters_of(color="000000")
            cell.border = BORDER
            cell.alignment = Alignment(across, "center", wrap_text=not number, indent=1)
            if bold:
                cell.font = letters_of(bold=True)
                cell.fill = PatternFill("solid", fgColor=GROUND)
            if number and formats and formats[place]:
                cell.number_format = formats[place]
        texts = enumerate(map(shown, values), 1)
        lines = max(lines_of(text, self.widths[number] - 3) for number, text in texts)
        self.sheet.row_dimensions[self.row].height = lines * LINE + 3
        self.row += 1

    # -- charts --------------------------------------------------------------------------------

    def _picture(self, picture: Any) -> None:
        """Put a chart below what is there, on a page of its own in print."""
        self.sheet.row_breaks.append(Break(id=self.row))
        self.row += 2
        chart = self.chart(picture)
        self.sheet.add_chart(chart, f"A{self.row}")
        self.row += ceil(chart.height / ROW) + 1

    def _print(self) -> None:
        self.sheet.page_setup.orientation = "landscape"
        self.sheet.page_setup.paperSize = A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.sheet_view.showGridLines = False


def letters_of(*, size: float = 11, color: str = INK, bold: bool = False) -> Font:
    """Return letters as all sheets have them."""
    return Font(name="Calibri", size=size, color=color, bold=bold)


def _grouped(section: Section) -> list[Table]:
    """Return the sentences of a section as a table: whom each concerns, and what it says."""
    rows = [(name, each) for name, sentences in section.groups.items() for each in sentences]
    return [Table(section.title, section.group_headings, rows)] if rows else []


def places(value: Any) -> int:
    """Return how wide a value is, its longest line: a Chinese character takes two places."""
    return max(map(letters, shown(value).split("\n")))


def lines_of(text: str, width: int) -> int:
    """Return how many lines of a width a text takes."""
    return sum(max(1, ceil(letters(line) / width)) for line in text.split("\n"))


def letters(text: str) -> int:
    """Return how many places a line takes."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def shown(value: Any) -> str:
    """Return a value as a text."""
    return "" if value is None else str(value)
