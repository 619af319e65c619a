"""Charts that stay charts: pictures drawn by openpyxl over the figures of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from math import ceil
from typing import Any, Literal

from openpyxl.chart import BarChart, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from engine.service.scenarios.reporting.cells import clean
from engine.service.scenarios.reporting.chart_data import Column
from engine.service.scenarios.reporting.section import Bars, Curve, Picture, Scatter, Series

#: centimetres
WIDTH, LINE, MARGIN, SCATTER = 16.0, 0.62, 2.6, 9.0
GRID, EDGE, INK = "DDE3EA", "8195AB", "14304D"
#: of letters, in hundredths of a point
SMALL, MIDDLE = 800, 1100
#: most grid lines along an axis, and how far they may be apart
TICKS = 14
STEPS: Sequence[int] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def drawn(picture: Picture, sheet: Worksheet, top: int = 1) -> ChartBase:
    """Write a picture's figures into a sheet from a row on and return its chart."""
    chart: Any
    if isinstance(picture, Bars):
        chart = _bars(picture, sheet, top)
    else:
        chart = _scatter(picture, sheet, top)
    chart.title = title_maker(clean(picture.title))
    chart.title.tx.rich.paragraphs[0].pPr = _letters(MIDDLE, bold=True)
    chart.title.overlay = False
    chart.legend.position = "b"
    chart.legend.txPr = _text(SMALL)
    chart.width = WIDTH
    chart.roundedCorners = False
    found: ChartBase = chart
    return found


def rows(picture: Picture) -> int:
    """Return how many rows of a sheet a picture's figures take, with their headings."""
    if isinstance(picture, Bars):
        return len(picture.labels) + 1
    return max(len(curve.points) for curve in picture.curves) + 1


# -- bars -----------------------------------------------------------------------------------------


def _bars(picture: Bars, sheet: Worksheet, top: int) -> Any:
    chart: Any = BarChart(barDir="bar", grouping="stacked", overlap=100, gapWidth=35)
    labels = Column(sheet, 1, top, picture.labels_title, list(map(clean, picture.labels)))
    labels.write()
    for place, series in enumerate(picture.series):
        column = Column(sheet, place + 2, top, series.name, series.values)
        column.write()
        chart.series.append(_bar(place, series, labels, column))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblSkip = 1
    _axis(chart.x_axis)
    chart.y_axis.crossBetween = "between"
    _scale(chart.y_axis, picture.longest)
    chart.height = MARGIN + LINE * len(picture.labels)
    return chart


def _bar(place: int, series: Series, labels: Column, column: Column) -> Any:
    # in a legend, what is not shown has no name either
    name = column.label if series.fill else SeriesLabel(v="\u00a0")
    bar: Any = ChartSeries(idx=place, order=place, tx=name)
    bar.cat, bar.val = labels.texts, column.numbers
    bar.invertIfNegative = False
    bar.marker = None
    bar.spPr = _filled(series.fill) if series.fill else GraphicalProperties(noFill=True)
    if not series.fill:
        bar.spPr.line.noFill = True
    if series.label:
        bar.dLbls = _labels(series)
    return bar


def _labels(series: Series) -> Any:
    found: Any = DataLabelList(numFmt=series.label, dLblPos="ctr", showVal=True)
    found.txPr = _text(SMALL, series.ink)
    for name in ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        setattr(found, name, False)
    return found


# -- points ---------------------------------------------------------------------------------------


def _scatter(picture: Scatter, sheet: Worksheet, top: int) -> Any:
    chart: Any = ScatterChart(scatterStyle="lineMarker")
    for place, curve in enumerate(picture.curves):
        chart.series.append(_curve(place, curve, sheet, top, picture.x_axis))
    chart.y_axis.crossBetween = "midCat"
    points = [point for curve in picture.curves for point in curve.points]
    for axis, title, values in (
        (chart.x_axis, picture.x_axis, [x for x, _y in points]),
        (chart.y_axis, picture.y_axis, [y for _x, y in points]),
    ):
        _scale(axis, max(values))
        axis.title = title_maker(title)
        axis.title.tx.rich.paragraphs[0].pPr = _letters(SMALL)
        axis.title.overlay = False
    chart.height = SCATTER
    return chart


def _curve(place: int, curve: Curve, sheet: Worksheet, top: int, heading: str) -> Any:
    number = count(2 * place + 1)
    x = Column(sheet, next(number), top, heading, [x for x, _y in curve.points])
    y = Column(sheet, next(number), top, curve.name, [y for _x, y in curve.points])
    x.write()
    y.write()
    found: Any = XYSeries(idx=place, order=place, tx=y.label)
    found.xVal, found.yVal, found.smooth = x.places, y.numbers, False
    found.spPr = GraphicalProperties(ln=_line(curve))
    found.marker = Marker(symbol=curve.marker)
    if curve.marker != "none":
        found.marker.size = curve.size
        found.marker.spPr = _filled(curve.fill)
    return found


def _line(curve: Curve) -> Any:
    if not curve.line:
        return LineProperties(noFill=True)
    dash: Literal["dash", "solid"] = "dash" if curve.dashed else "solid"
    return LineProperties(w=19050, solidFill=curve.line, prstDash=dash)


# -- looks ----------------------------------------------------------------------------------------


def _scale(axis: Any, longest: int) -> None:
    """Give an axis of numbers its grid, in whole steps from 0 on."""
    _axis(axis)
    step = next(each for each in STEPS if each * TICKS >= longest or each == STEPS[-1])
    axis.scaling.min, axis.scaling.max = 0, step * max(1, ceil(longest / step))
    axis.majorUnit = step
    axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID)))
    axis.number_format = "0"


def _axis(axis: Any) -> None:
    axis.delete, axis.crosses = False, "autoZero"
    axis.txPr = _text(SMALL)
    axis.majorTickMark, axis.minorTickMark = "none", "none"
    axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=EDGE))


def _filled(colour: str) -> GraphicalProperties:
    return GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=EDGE, w=6350))


def _text(size: int, colour: str = INK) -> RichText:
    paragraph: Any = Paragraph(pPr=_letters(size, colour), endParaRPr=CharacterProperties())
    # these are looks alone: a run of no text would not belong here
    paragraph.r = ()
    return RichText(p=[paragraph])


def _letters(size: int, colour: str = INK, *, bold: bool = False) -> ParagraphProperties:
    return ParagraphProperties(defRPr=CharacterProperties(sz=size, b=bold, solidFill=colour))
