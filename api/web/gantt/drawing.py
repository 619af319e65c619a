"""Puts a chart together: the axis, the rows by stage, what leads from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from api.web.gantt import bars, lettering
from api.web.gantt.activity import Activity
from api.web.gantt.arrows import arrows
from api.web.gantt.bars import MIDDLE, ROW
from api.web.gantt.chain import Link
from api.web.gantt.chart import Axis, Diamond, Gantt, Grid, Group
from api.web.gantt.flags import Line, flags
from api.web.gantt.flags import height as height_of
from api.web.gantt.scale import HEAD, TICKS, Run, Scale, pixels
from api.web.gantt.words import Words
from api.web.gantt.words import gettext as _

#: from so many rows on the axis is repeated under the last one
LONG = 40
#: how often an axis is fitted anew
FITTINGS = 4
#: room right of the last words
MARGIN = 12
#: a diamond stands beside its bar, and its words beside it
DIAMOND, DIAMOND_WORDS = 8, 19


@dataclass(frozen=True, slots=True)
class Goal:
    """Where construction starts: beside the bar of `row`, at a position, in words."""

    row: str
    position: int
    words: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be drawn, in positions. `later` are stages without bars, by id, and why."""

    axis: Axis
    axes: tuple[Axis, ...]
    #: the axis that is fitted to a width
    fitted: Callable[[float], Scale]
    width: float
    activities: Sequence[Activity]
    words: Words
    label: str
    caption: str
    legend: tuple[tuple[str, str], ...]
    heads: tuple[tuple[str, bool], ...]
    links: Sequence[Link] = ()
    lines: Sequence[Line] = ()
    goal: Goal | None = None
    later: dict[str, str] = field(default_factory=dict)


def draw(sheet: Sheet) -> Gantt:
    """Return the chart of a sheet."""
    scale = fit(sheet)
    at = [scale.x(line.position) for line in sheet.lines]
    found = flags(sheet.lines, at, scale.head, scale.width)
    top = scale.head + height_of(found)
    groups = rows_by_stage(sheet, scale.x, top)
    rows = [row for group in groups for row in group.rows]
    bottom = top + ROW * (len(rows) + len(groups))
    today = next((flag.x for flag in found if flag.look == "today"), None)
    return Gantt(
        axis=sheet.axis,
        axes=sheet.axes,
        width=scale.width,
        height=bottom + (HEAD + TICKS if len(rows) >= LONG else 0),
        top=top,
        bottom=bottom,
        label=sheet.label,
        caption=sheet.caption,
        grid=grid(scale, groups, top, bottom, foot=len(rows) >= LONG),
        groups=groups,
        arrows=arrows(sheet.links, rows),
        flags=found,
        diamond=diamond(sheet, groups, scale.x),
        legend=sheet.legend,
        heads=sheet.heads,
        today_x=today,
    )


def draw_alike(sheets: Sequence[Sheet]) -> list[Gantt]:
    """Return the charts of sheets on the axis on which each of them has room."""
    if not sheets:
        return []
    narrowest = min(map(fit, sheets), key=lambda scale: scale.x(1) - scale.x(0))
    return [draw(replace(sheet, fitted=lambda _width: narrowest)) for sheet in sheets]


def fit(sheet: Sheet) -> Scale:
    """Return the axis on which everything has room, within the width where that is possible."""
    width = sheet.width
    scale = sheet.fitted(width)
    # words keep their size, so only the days can make room for them, each time a little
    for _again in range(FITTINGS):
        over = extent(sheet, scale.x) - sheet.width
        if over <= 0:
            break
        width -= over
        scale = sheet.fitted(width)
    return scale.reaching(max(sheet.width, extent(sheet, scale.x)))


def extent(sheet: Sheet, x: Callable[[int], float]) -> float:
    """Return how far everything reaches to the right."""
    ends = [bars.right_of(each, x) for each in drawn(sheet)]
    ends += [x(line.position) for line in sheet.lines]
    if sheet.goal:
        words = lettering.width(sheet.goal.words, bold=True)
        ends.append(goal_words_x(sheet, x) + words)
    return max(ends, default=0) + MARGIN


def goal_words_x(sheet: Sheet, x: Callable[[int], float]) -> float:
    """Return where the words of the goal begin: after those of its row."""
    goal = sheet.goal
    if goal is None:
        return 0
    own = [each for each in drawn(sheet) if each.id == goal.row and each.notes]
    beside = [bars.right_of(each, x) + bars.GAP for each in own]
    return max([x(goal.position) + DIAMOND_WORDS, *beside])


def drawn(sheet: Sheet) -> list[Activity]:
    """Return the activities whose stage is not left for later."""
    return [each for each in sheet.activities if each.stage not in sheet.later]


def rows_by_stage(sheet: Sheet, x: Callable[[int], float], top: float) -> tuple[Group, ...]:
    """Return the stages with their rows, one under the other from `top` on."""
    groups, y = [], top
    for stage in stages_of(sheet):
        group = group_of(sheet, stage, x, y)
        groups.append(group)
        y += ROW * (1 + len(group.rows))
    return tuple(groups)


def stages_of(sheet: Sheet) -> list[str]:
    """Return the stages that have activities: in the procedure's order, unknown ones after it."""
    present = dict.fromkeys(each.stage for each in sheet.activities)
    known = [stage for stage in sheet.words.stages if stage in present]
    return list(dict.fromkeys([*known, *present]))


def group_of(sheet: Sheet, stage: str, x: Callable[[int], float], y: float) -> Group:
    """Return a stage and its rows, its own line at `y`."""
    called = sheet.words.stage(stage)
    members = [each for each in sheet.activities if each.stage == stage]
    rows = tuple(bars.row(each, x, y + ROW * number) for number, each in enumerate(members, 1))
    lead = sheet.words.department(called.lead) if called.lead else ""
    later = stage in sheet.later
    return Group(
        id=stage,
        name=called.name,
        lead=_("%(department)s牵头", department=lead) if lead else "",
        y=y,
        note=sheet.later.get(stage, ""),
        rows=() if later else rows,
        later=tuple(replace(row, bar=None, whisker=None, notes=()) for row in rows)
        if later
        else (),
    )


def grid(scale: Scale, groups: Sequence[Group], top: float, bottom: float, *, foot: bool) -> Grid:
    """Return what lies under the bars."""
    lines = [group.y + ROW * n for group in groups for n in range(1, len(group.rows) + 2)]
    below = [replace(mark, y=bottom + mark.y) for mark in scale.foot()] if foot else []
    return Grid(
        stages="".join(f"M0 {group.y}h{scale.width}v{ROW}h-{scale.width}z" for group in groups),
        rest=columns(scale.rest(), top, bottom),
        holidays=columns(scale.holidays(), top, bottom),
        rows="".join(f"M0 {pixels(y - 0.5)}H{scale.width}" for y in lines),
        minor=verticals(scale.minor(), top, bottom),
        major=verticals(scale.major(), 0, bottom),
        marks=(*scale.marks(), *below),
    )


def columns(runs: Iterable[Run], top: float, bottom: float) -> str:
    """Return one path of all columns: a few hundred shapes would cost more than they say."""
    height = bottom - top
    return "".join(f"M{run.x} {top}h{run.width}v{height}h-{run.width}z" for run in runs)


def verticals(xs: Iterable[float], top: float, bottom: float) -> str:
    """Return one path of all vertical lines."""
    return "".join(f"M{x} {top}V{bottom}" for x in xs)


def diamond(sheet: Sheet, groups: Sequence[Group], x: Callable[[int], float]) -> Diamond | None:
    """Return the diamond at the goal."""
    goal = sheet.goal
    rows = [row for group in groups for row in group.rows if goal and row.id == goal.row]
    if goal is None or not rows:
        return None
    return Diamond(
        look="late" if goal.late else "",
        x=pixels(x(goal.position) + DIAMOND),
        y=rows[0].y + MIDDLE,
        words=goal.words,
        words_x=pixels(goal_words_x(sheet, x)),
    )
