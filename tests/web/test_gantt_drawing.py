"""Charts as they are drawn: nothing lies on anything else, nothing is cut, whatever the size."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.web.gantt import AXES, Gantt, lettering
from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress, State
from engine.rules import china
from engine.rules.procedure import START
from tests.web.gantts import (
    MONDAY,
    activity,
    bar,
    drawn,
    looks,
    network,
    notes,
    on_paper,
    opening,
    underway,
)

CALENDAR = china.calendar()
ONE = ("A-1 1",)
#: a chain of two, a soft gate, the applicant's work, something that takes no time
MIXED = (
    "A-1 3",
    "P-1 10 kind=applicant by=APPL",
    "A-2 6 after=A-1,P-1",
    "A-3 0 after=A-1",
    "B-1 2 after=A-2 decides=A-3 stage=construction by=HOUS",
)
#: a hundred in four chains of twenty-five
HUNDRED = tuple(
    f"X-{n} {n % 9} after={f'X-{n - 4}' if n >= 4 else START}"
    f" stage={'approval' if n < 50 else 'construction'}"
    for n in range(100)
)


def all_marks(chart: Gantt) -> list[tuple[float, float, str]]:
    """Where the words beside bars begin, where they end at the most, and what they are."""
    marks = [note for row in chart.rows for note in row.notes]
    found = [(each.x, lettering.width(each.words, bold=bool(each.look))) for each in marks]
    ends = [(x, x + width) for x, width in found]
    return [(*end, mark.words) for end, mark in zip(ends, marks, strict=True)]


def check(chart: Gantt) -> None:
    """Rows follow one another; bars, words and flags lie inside the drawing."""
    assert chart.width >= 900
    edges = [group.y for group in chart.groups] + [row.y for row in chart.rows]
    assert min(edges) == chart.top
    assert {round(b - a, 3) for a, b in pairwise(sorted(edges))} <= {26}
    assert chart.bottom == max(edges) + 26
    for row in chart.rows:
        if row.bar:
            assert row.bar.x >= 0
            assert row.bar.width > 0
            assert row.bar.x + row.bar.width <= chart.width + 0.2
            assert row.bar.hit[1] >= 24, "too narrow to be clicked"
            inside = [piece.x for piece in row.bar.pieces]
            assert inside == sorted(inside)
    assert max((end for _x, end, _words in all_marks(chart)), default=0) <= chart.width
    assert all(each.left >= 0 and each.left + each.width <= chart.width for each in chart.flags)
    if chart.diamond:
        width = lettering.width(chart.diamond.words, bold=True)
        assert chart.diamond.words_x + width <= chart.width


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize(
    ("lines", "last"), [(ONE, "A-1"), (MIXED, "B-1"), (HUNDRED, "X-96,X-97,X-98,X-99")]
)
@pytest.mark.parametrize("days", [0, 1, 7, 60])
def test_everything_has_its_place(lines: tuple[str, ...], last: str, days: int, axis: str) -> None:
    found = network(*lines, opens_after=last)
    first = Progress(State.OPEN, MONDAY, due_on=CALENDAR.add(MONDAY, found[found.order[1]].days))
    report = underway(found, {found.order[1]: first}, CALENDAR.add(MONDAY, days))
    chart = drawn(report, axis=axis)
    check(chart)
    assert len(chart.rows) == len(lines)


@pytest.mark.parametrize("view", ["counted", "elapsed"])
@pytest.mark.parametrize(
    ("lines", "last"), [(ONE, "A-1"), (MIXED, "B-1"), (HUNDRED, "X-96,X-97,X-98,X-99")]
)
def test_procedures_have_their_place_too(lines: tuple[str, ...], last: str, view: str) -> None:
    chart = on_paper(*lines, opens_after=last, view=view)
    check(chart)
    assert len(chart.rows) == len(lines)


def test_a_long_chart_says_its_days_again_at_its_foot() -> None:
    long = on_paper(*HUNDRED, opens_after="X-99")
    assert long.height > long.bottom
    assert max(mark.y for mark in long.grid.marks) > long.bottom
    short = on_paper(*MIXED, opens_after="B-1")
    assert short.height == short.bottom


def test_bars_on_paper_are_solid_where_they_are_critical() -> None:
    chart = on_paper(*MIXED, opens_after="B-1")
    found = {row.id: (looks(chart, row.id)[0], row.bar and row.bar.inside) for row in chart.rows}
    assert found == {
        "A-1": ("critical", "3"),
        "P-1": ("own", ""),
        "A-2": ("critical", "6"),
        "A-3": ("plan", ""),
        "B-1": ("critical", "2"),
    }
    assert notes(chart, "P-1") == ["不计时", "余 3"]


def test_days_of_applicants_count_only_in_the_elapsed_view() -> None:
    counted = on_paper(*MIXED, opens_after="B-1")
    elapsed = on_paper(*MIXED, opens_after="B-1", view="elapsed")
    assert [each.words for each in counted.flags] == ["开工 第 11 天"]
    assert [each.words for each in elapsed.flags] == ["开工 第 18 天"]
    assert bar(elapsed, "P-1").critical
    assert "关键路径 18 个工作日" in elapsed.label
    names = [words for _look, words in (*counted.legend, *elapsed.legend)]
    assert {"关键路径（计时）", "关键路径（历时，含企业、中介）"} < set(names)


def test_what_waits_at_a_soft_gate_is_drawn_apart_from_its_work() -> None:
    lines = ("A-1 9", "B-1 2 decides=A-1 stage=construction")
    chart = on_paper(*lines, opens_after="B-1")
    work, wait = bar(chart, "B-1").pieces
    assert (work.look, wait.look) == ("plan", "held")
    assert wait.width == pytest.approx(work.width * 7 / 2, abs=0.2)
    assert notes(chart, "B-1") == ["余 7"]


def test_what_takes_no_time_lies_inside_its_day() -> None:
    found = network("A-1 0", "A-2 3 after=A-1", opens_after="A-2")
    done = {"A-1": Progress(State.FINISHED, MONDAY, MONDAY)}
    chart = drawn(underway(found, done, MONDAY))
    today = chart.today_x
    assert bar(chart, "A-1").x + bar(chart, "A-1").width == pytest.approx(today, abs=0.2)
    assert bar(chart, "A-1").width == 6


def test_arrows_lead_from_an_end_to_a_beginning() -> None:
    found = network("A-1 3", "A-2 2", "A-3 4 after=A-1", opens_after="A-3")
    chart = drawn(underway(found, {}, MONDAY))
    rows = {row.id: row for row in chart.rows}
    source, target = rows["A-1"], rows["A-3"]
    assert source.bar
    x, y = source.bar.x + source.bar.width, source.y + 13
    assert chart.arrows == (f"M{x:g} {y:g}H{x + 6:g}V{target.y + 6:g}",)


def test_arrows_lead_up_over_a_gap_and_into_an_end() -> None:
    """A-2 stands above A-1; A-3 began two days after it could; B-1 is decided with A-3."""
    lines = ("A-2 2 after=A-1", "A-1 3", "A-3 4 after=A-2", "B-1 1 decides=A-3")
    found = network(*lines, opens_after="B-1")
    days = [CALENDAR.add(MONDAY, n) for n in (0, 3, 5, 7)]
    come = {
        "A-1": Progress(State.FINISHED, days[0], days[1]),
        "A-2": Progress(State.FINISHED, days[1], days[2]),
        "A-3": Progress(State.OPEN, days[3], due_on=CALENDAR.add(days[3], 4)),
    }
    chart = drawn(underway(found, come, days[3]))
    rows = {row.id: row for row in chart.rows}
    into_end, over_gap, up = (each for each in sorted(chart.arrows, key=_height, reverse=True))
    assert up.endswith(f"V{rows['A-2'].y + 20:g}"), "to the lower edge of what stands above"
    assert over_gap.endswith(f"V{rows['A-3'].y + 13:g}H{bar(chart, 'A-3').x - 1:g}")
    end = bar(chart, "B-1").x + bar(chart, "B-1").width
    assert into_end.endswith(f"V{rows['B-1'].y + 13:g}H{end + 1:g}")


def _height(path: str) -> float:
    """How far down a path ends."""
    return float(path.rsplit("V", 1)[1].split("H", maxsplit=1)[0])


def test_stages_stand_in_the_procedures_order_with_their_lead() -> None:
    lines = ("B-1 2 stage=construction", "A-1 3", "Z-1 1 stage=elsewhere")
    chart = on_paper(*lines, opens_after="B-1,A-1,Z-1")
    assert [(group.name, group.lead) for group in chart.groups] == [
        ("项目审批", "规划局牵头"),
        ("施工许可", "建委牵头"),
        ("elsewhere", ""),
    ]


def acceptance(*finished: str, days: int) -> Gantt:
    """A project of three days with acceptance after so many days; construction starts in time."""
    lines = ("A-1 3", "C-1 10 after=OPEN kind=applicant stage=acceptance")
    found = network(*lines, "C-2 5 after=C-1 stage=acceptance", opens_after="A-1")
    opened_on, ended_on = CALENDAR.add(MONDAY, 3), CALENDAR.add(MONDAY, 200)
    if days < 3:
        return drawn(underway(found, {}, CALENDAR.add(MONDAY, days)))
    come = {
        "A-1": Progress(State.FINISHED, MONDAY, opened_on),
        "OPEN": Progress(State.FINISHED, finished_on=opened_on),
        "C-1": Progress(State.OPEN, opened_on),
        **{each: Progress(State.FINISHED, opened_on, ended_on) for each in finished},
    }
    return drawn(underway(found, come, CALENDAR.add(MONDAY, days)), opening(opened_on))


def test_acceptance_is_mentioned_until_construction_has_ended() -> None:
    before, during, after = acceptance(days=1), acceptance(days=190), acceptance("C-1", days=210)
    assert before.groups[1].note == "开工后办理，计划 15 个工作日"
    assert during.groups[1].note == "2014-09-04 开工，施工中"
    assert [row.id for row in before.rows] == [row.id for row in during.rows] == ["A-1"]
    assert [row.id for row in during.groups[1].later] == ["C-1", "C-2"]
    assert during.width < 1_200, "a year of building takes no room"
    assert [row.id for row in after.rows] == ["A-1", "C-1", "C-2"]
    assert "late" not in looks(after, "C-1"), "the building is in it"


def test_a_project_closed_while_it_was_built_keeps_its_start() -> None:
    found = network("A-1 3", "C-1 10 after=OPEN kind=applicant stage=acceptance", opens_after="A-1")
    opened_on = CALENDAR.add(MONDAY, 3)
    come = {
        "A-1": Progress(State.FINISHED, MONDAY, opened_on),
        "OPEN": Progress(State.FINISHED, finished_on=opened_on),
        "C-1": Progress(State.OPEN, opened_on),
    }
    closed = underway(found, come, CALENDAR.add(MONDAY, 40)) | {"state": "closed"}
    chart = drawn(closed, opening(opened_on))
    assert chart.diamond is not None
    assert chart.diamond.words == "09-04 开工，与计划一致"
    assert [each.look for each in chart.flags] == ["ended", "target", "window"]
    assert (chart.groups[1].note, chart.groups[1].rows) == ("", ())


def test_without_construction_start_completion_is_forecast() -> None:
    found = ActivityNetwork([activity("A-1 3 after="), activity("A-2 2 after=A-1")])
    report = underway(found, {}, MONDAY)
    chart = drawn(report)
    assert chart.diamond is not None
    assert chart.diamond.words == "预计完成 09-09，与计划一致"
    assert [row.id for row in chart.rows if row.critical] == ["A-1", "A-2"]


@given(
    starts=st.dates(date(2014, 1, 1), date(2026, 6, 1)),
    days=st.integers(0, 40),
    used=st.integers(0, 12),
)
@settings(max_examples=40)
def test_no_day_of_the_year_breaks_a_chart(starts: date, days: int, used: int) -> None:
    start_on = CALENDAR.next_working_day(starts)
    found = network(*MIXED, opens_after="B-1")
    today = CALENDAR.add(start_on, days) + timedelta(days=days % 2)
    ended_on = CALENDAR.add(start_on, min(used, days))
    report = underway(found, {"A-1": Progress(State.FINISHED, start_on, ended_on)}, today, start_on)
    for axis in AXES:
        check(drawn(report, axis=axis))
