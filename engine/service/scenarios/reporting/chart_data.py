"""The figures of a chart: written into a sheet, and held by the chart as well.

A chart that holds its figures needs nobody to compute them, wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.series import SeriesLabel
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from engine.service.scenarios.reporting.cells import put


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the values below it, from a row of a sheet on."""

    sheet: Worksheet
    number: int
    top: int
    heading: str
    values: Sequence[Any]

    def write(self) -> None:
        """Write the column into its sheet."""
        put(self.sheet, self.top, self.number, self.heading)
        for place, value in enumerate(self.values, 1):
            put(self.sheet, self.top + place, self.number, value)

    @property
    def label(self) -> SeriesLabel:
        """The heading as a series' name."""
        cache = StrData(ptCount=1, pt=[StrVal(0, self.heading)])
        return SeriesLabel(strRef=StrRef(self._range(self.top, self.top), cache))

    @property
    def texts(self) -> AxDataSource:
        """The values as labels of an axis."""
        points = [StrVal(place, str(value)) for place, value in enumerate(self.values)]
        return AxDataSource(strRef=StrRef(self._body, StrData(len(points), points)))

    @property
    def numbers(self) -> NumDataSource:
        """The values as lengths, or as places along the upright axis."""
        return NumDataSource(numRef=self._numbers())

    @property
    def places(self) -> AxDataSource:
        """The values as places along the level axis."""
        return AxDataSource(numRef=self._numbers())

    def _numbers(self) -> NumRef:
        values = enumerate(self.values)
        points = [NumVal(place, v=value) for place, value in values if value is not None]
        return NumRef(self._body, NumData("General", len(self.values), points))

    @property
    def _body(self) -> str:
        return self._range(self.top + 1, self.top + len(self.values))

    def _range(self, first: int, last: int) -> str:
        letter = get_column_letter(self.number)
        start = f"{quote_sheetname(self.sheet.title)}!${letter}${first}"
        return start if first == last else f"{start}:${letter}${last}"
