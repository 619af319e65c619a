"""Any list as a file: Excel or CSV, all rows that its filters leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from api.call import Content
from api.web.display import zone
from api.web.visit import Visit
from engine.service.views import Page

T = TypeVar("T")

#: a file holds at most so many rows, so that one request cannot occupy the service
MOST_ROWS = 50_000
PART_ROWS = 200
WIDEST = 60
#: a cell that begins so would be run as a formula by spreadsheets
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column: its heading in the page's language, and its value of a row."""

    heading: str
    value: Callable[[T], Any]


def wanted(visit: Visit) -> str:
    """Return the format that is asked for, '' for the page itself."""
    return visit.argument("format", WRITERS)


def every(find: Callable[[str | None, int], Page[T]]) -> Iterator[T]:
    """Yield the rows of all parts of a list; `find` is given a cursor and a limit."""
    cursor: str | None = None
    for _part in range(MOST_ROWS // PART_ROWS):
        found = find(cursor, PART_ROWS)
        yield from found.items
        if found.next is None:
            return
        cursor = found.next


def file(visit: Visit, name: str, columns: Sequence[Column[T]], rows: Iterable[T]) -> Content:
    """Return rows as a file of the format the visit asks for."""
    style = wanted(visit)
    content_type, write = WRITERS[style]
    headings = [str(column.heading) for column in columns]
    values = ([plain(column.value(row)) for column in columns] for row in rows)
    today = visit.work.today
    return Content(write(headings, values), content_type, f"{name}-{today:%Y%m%d}.{style}")


def plain(value: Any) -> Any:
    """Return a value as a cell holds it: instants on the city's wall clock, without offset."""
    if isinstance(value, datetime):
        return value.astimezone(zone()).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, int | float | date):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return CSV with the mark by which Excel knows UTF-8."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(headings)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def as_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook: bold headings that stay in sight, columns as wide as their values."""
    held = [list(row) for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(held) + 1}"
    for number, heading in enumerate(headings):
        widest = max([cells(heading), *(cells(row[number]) for row in held)])
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(widest + 2, WIDEST)
    sheet.append([bold(sheet, heading) for heading in headings])
    for row in held:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bold(sheet: Any, text: str) -> Any:
    """Return a heading's cell."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def cells(value: Any) -> int:
    """Return how wide a value is: a Chinese character takes two places."""
    return sum(1 if letter.isascii() else 2 for letter in str("" if value is None else value))


Writer = Callable[[Sequence[str], Iterable[Sequence[Any]]], bytes]
WRITERS: Mapping[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
