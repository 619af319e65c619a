"""Cells of a workbook: names are texts, whatever they begin with."""

from __future__ import annotations

import re
from typing import Any

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

#: what neither a document nor a workbook can hold
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: a cell that begins so would be run as a formula by spreadsheets
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write a value and return its cell. Texts stay texts, even after somebody edits them."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        text = clean(value)
        cell.value, cell.data_type = text, "s"
        cell.quotePrefix = text.startswith(FORMULA)
    else:
        cell.value = value
    found: Cell = cell
    return found


def clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return CONTROLS.sub("", text)
