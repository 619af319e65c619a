"""A report as an Excel workbook: a sheet for each section, charts below their tables."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from engine.service.scenarios.reporting.cells import clean, put
from engine.service.scenarios.reporting.charts import drawn, rows
from engine.service.scenarios.reporting.section import Report
from engine.service.scenarios.reporting.sheet import Sheet, letters_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: places of letters the labels of charts take
LABELS = 42


def workbook(report: Report) -> bytes:
    """Return a report as a file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = clean(f"{report.title} {report.subtitle}")
    book.properties.creator = clean(report.author)
    sheets = [book.create_sheet(section.title) for section in report.sections]
    figures = Figures(book.create_sheet(report.chart_data))
    for sheet, section in zip(sheets, report.sections, strict=True):
        Sheet(sheet, figures.chart).write(section, f"{report.title} · {report.subtitle}")
    target = BytesIO()
    book.save(target)
    return target.getvalue()


class Figures:
    """The sheet that charts take their figures from, the last one."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet, self.row = sheet, 1
        sheet.column_dimensions["A"].width = LABELS

    def chart(self, picture: Any) -> Any:
        """Write a picture's figures below those that are there and return its chart."""
        put(self.sheet, self.row, 1, picture.title).font = letters_of(bold=True)
        chart = drawn(picture, self.sheet, self.row + 1)
        self.row += rows(picture) + 2
        return chart
