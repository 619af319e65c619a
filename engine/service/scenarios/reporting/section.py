"""Sections of a report: what a document and a workbook both show, each in its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Numbers stay numbers; `widths` are shares of the line's width in a document."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    #: a last row of totals
    total: Sequence[Any] = ()
    #: number formats by column, '' for none
    formats: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """Bars of one colour, one for each label; None where there is none.

    `fill` is a colour, '' for bars that only lift others; `label` a number format, '' for none.
    """

    name: str
    values: Sequence[int | None]
    fill: str = ""
    label: str = ""
    ink: str = "14304D"


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from left to right that stand on one another, a line for each label, downwards."""

    title: str
    #: what it shows, for those who cannot see it
    text: str
    labels_title: str
    labels: Sequence[str]
    series: Sequence[Series]
    longest: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of one kind: joined where `line` is a colour, marked with a shape."""

    name: str
    points: Sequence[tuple[int, int]]
    line: str = ""
    marker: Literal["none", "circle", "diamond", "square"] = "none"
    fill: str = ""
    #: of its markers, in points
    size: int = 8
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points in a plane."""

    title: str
    text: str
    x_axis: str
    y_axis: str
    curves: Sequence[Curve]


Picture = Bars | Scatter


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; `groups` are sentences by whom they concern, under `group_headings`."""

    title: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    pictures: Sequence[Picture] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group_headings: tuple[str, str] = ("", "")
    #: small print
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `subtitle` says which scenario, `chart_data` what the sheet of figures is called.

    `footer` numbers pages: two places.
    """

    language: str
    title: str
    subtitle: str
    author: str
    chart_data: str
    footer: str
    sections: Sequence[Section]
