"""Timers fall due by the time that is passed in, and fire when they are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Conflict, ModelError
from engine.workflow.expressions import ExpressionError
from engine.workflow.parser import read
from engine.workflow.runner import Execution, Wait
from engine.workflow.timer import instant, rounds
from tests.workflow.drawing import NOW, Drawing, instances
from tests.workflow.running import answer, at, passed, restored, start, waits

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
FAR_AHEAD = datetime(9990, 1, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def due(
    text: str, kind: str, data: dict[str, object] | None = None, now: datetime = NOW
) -> datetime:
    """When a timer with this text falls due."""
    inner = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}>"
    drawing = Drawing("START > t > END")
    drawing.node("t", "intermediateCatchEvent", f"{inner}</bpmn:timerEventDefinition>")
    (waiting,) = start(drawing, data, now).waiting()
    assert waiting.wait is Wait.TIMER
    assert waiting.due_at is not None
    return waiting.due_at


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("PT1H", HOUR),
        ("P3D", timedelta(days=3)),
        ("P2W", timedelta(weeks=2)),
        ("PT90M", timedelta(minutes=90)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT0.5H", timedelta(minutes=30)),
        ("PT0,5S", timedelta(seconds=0.5)),
        ("pt1h", HOUR),
        ('"PT1H"', HOUR),
        ("'PT1H'", HOUR),
        ('= "PT1H"', HOUR),
        ("wait", timedelta(days=5)),
        ("'P' + days + 'D'", timedelta(days=7)),
        ("  PT1H\n", HOUR),
    ],
)
def test_durations_count_from_when_the_event_began_to_wait(text: str, after: timedelta) -> None:
    assert due(text, "timeDuration", {"wait": "P5D", "days": "7"}) == NOW + after


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("P1M", datetime(2026, 2, 28, tzinfo=UTC)),
        ("P1Y1M", datetime(2027, 2, 28, tzinfo=UTC)),
        ("P2Y1M", datetime(2028, 2, 29, tzinfo=UTC)),
        ("P13M", datetime(2027, 2, 28, tzinfo=UTC)),
        ("P1M1D", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_months_keep_the_day_where_there_is_one(text: str, date: datetime) -> None:
    assert instant(text, datetime(2026, 1, 31, tzinfo=UTC)) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-01-01T09:00:00+08:00", datetime(2026, 1, 1, 1, tzinfo=UTC)),
        ("2026-01-01T01:00:00Z", datetime(2026, 1, 1, 1, tzinfo=UTC)),
        ('"2026-01-01T09:00:00+08:00"', datetime(2026, 1, 1, 1, tzinfo=UTC)),
        ("on", datetime(2026, 5, 1, tzinfo=SHANGHAI)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=SHANGHAI)),
        ("2026-01-01T09:00", datetime(2026, 1, 1, 9, tzinfo=SHANGHAI)),
    ],
)
def test_dates_without_offset_are_meant_where_now_is(text: str, date: datetime) -> None:
    now = NOW.astimezone(SHANGHAI)
    assert due(text, "timeDate", {"on": "2026-05-01"}, now) == date


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("R3/PT10M", NOW + timedelta(minutes=10), NOW + timedelta(minutes=10)),
        ("R/P1D", NOW + timedelta(days=1), NOW + timedelta(days=1)),
        (
            "R2/2026-04-01T00:00:00Z/P1D",
            datetime(2026, 4, 1, tzinfo=UTC),
            datetime(2026, 4, 2, tzinfo=UTC),
        ),
    ],
)
def test_repetitions_fall_due_round_by_round(text: str, first: datetime, second: datetime) -> None:
    drawing = Drawing("START > a > END", "t > b > END").timer("t", text, "a", interrupts=False)
    execution = start(drawing)
    waiting = at(execution, "t")
    assert waiting.due_at == first
    execution.deliver(waiting.id)
    assert at(execution, "t").id != waiting.id
    assert at(execution, "t").due_at == second


@pytest.mark.parametrize(
    "text",
    [
        *("P", "PT", "P1", "P1H", "PT1D", "P-1D", "P1D1W", "P3X", "PT1H30", "P1.5M"),
        *("R/", "R3/", "R0/PT1H", "R3/PT1H/PT1H", "R3/2026-01-01", "R3/x/PT1H"),
        *("R9999999/PT1H", "2026-13-01", "2026-01-01T25:00", "2026-02-30", "P9999999D"),
        *("P999999Y", "P999999999999Y", "", "  ", "20260101T090000", "0 0 12 * * ?", "every day"),
    ],
)
def test_what_is_no_time_is_refused_when_deployed(text: str) -> None:
    kind = "timeCycle" if text.startswith("R") else "timeDuration"
    inner = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}>"
    drawing = Drawing("START > t > END")
    drawing.node("t", "intermediateCatchEvent", f"{inner}</bpmn:timerEventDefinition>")
    definitions, problems = read(drawing.xml())
    assert not definitions
    assert {(each.code, each.element) for each in problems} == {("timer", "t")}


@pytest.mark.parametrize("value", ["soon", 5, None, "P9999Y", "R3/PT1H", ["PT1H"], "PT1H" * 1_000])
def test_what_turns_out_to_be_no_time_fails_the_step_with_the_element(value: object) -> None:
    drawing = Drawing("START > a > t > END").timer("t", "when")
    execution = start(drawing)
    state = execution.state
    with pytest.raises(ModelError) as failure:
        answer(execution, "a", when=value)
    assert failure.value.detail["element"] == "t"
    assert waits(Execution.resume(execution.definition, state, NOW)) == ["a"]


@pytest.mark.parametrize("text", ["P999999999999Y", "9" * 5_000, "P" + "1D" * 5_000])
def test_times_cannot_be_made_to_cost_time(text: str) -> None:
    with pytest.raises(ExpressionError):
        instant(text, NOW)


@pytest.mark.parametrize("now", [LONG_AGO, FAR_AHEAD])
def test_no_clock_is_read(now: datetime) -> None:
    drawing = Drawing(
        "START > and1 > a > END", "and1 > t1 > END", "and1 > t2 > END", "and1 > any1 > t3 > END"
    )
    drawing.path("any1 > m > END").path("late > END").message("m", "M")
    drawing.timer("t1", "PT1S").timer("t3", "PT2S").timer("late", "R3/PT1M", "a", interrupts=False)
    inner = "<bpmn:timeDate>2000-01-01T00:00:00Z</bpmn:timeDate>"
    inner = f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"
    drawing.node("t2", "intermediateCatchEvent", inner)
    execution = start(drawing, now=now)
    for each in (execution, restored(execution)):
        each.open_gates(["nothing"])
        assert waits(each) == ["a", "late", "m", "t1", "t2", "t3"]
        assert {w.element.id: w.due_at for w in each.waiting() if w.due_at} == {
            "t1": now + timedelta(seconds=1),
            "t2": datetime(2000, 1, 1, tzinfo=UTC),
            "t3": now + timedelta(seconds=2),
            "late": now + timedelta(minutes=1),
        }


def test_a_timer_that_interrupts_ends_its_activity() -> None:
    drawing = Drawing("START > a > b > END", "t > late > END2").timer("t", "PT1H", "a")
    execution = start(drawing)
    a, timer = at(execution, "a"), at(execution, "t")
    execution.step()
    execution.deliver(timer.id)
    step = execution.step()
    assert {each.id for each in step.closed} == {a.id, timer.id}
    assert [each.element.id for each in step.opened] == ["late"]
    with pytest.raises(Conflict):
        execution.complete(a.id, {})
    with pytest.raises(Conflict):
        execution.deliver(timer.id)


def test_an_activity_that_is_done_closes_its_timers() -> None:
    drawing = Drawing("START > a > b > END", "t > late > END2").timer("t", "PT1H", "a")
    execution = answer(start(drawing), "a")
    assert waits(execution) == ["b"]


@pytest.mark.parametrize("restore", [False, True])
def test_a_repetition_fires_as_often_as_it_says(*, restore: bool) -> None:
    drawing = Drawing("START > a > END", "t > remind > ENDre")
    execution = start(drawing.timer("t", "R3/PT10M", "a", interrupts=False))
    for count in range(1, 4):
        execution.deliver(at(execution, "t").id)
        execution = restored(execution) if restore else execution
        assert waits(execution).count("remind") == count
    assert waits(execution) == ["a", "remind", "remind", "remind"]
    answer(execution, "a")
    for _ in range(3):
        answer(execution, "remind")
    assert execution.step().ended


def test_a_repetition_without_end_goes_on_until_its_activity_is_done() -> None:
    drawing = Drawing("START > a > END", "t > ENDre").timer("t", "R/PT1M", "a", interrupts=False)
    execution = start(drawing)
    for _ in range(50):
        execution = restored(execution)
        execution.deliver(at(execution, "t").id)
    assert waits(execution) == ["a", "t"]
    assert answer(execution, "a").step().ended


def test_a_repetition_that_interrupts_fires_once() -> None:
    execution = start(Drawing("START > a > END", "t > b > END").timer("t", "R3/PT1M", "a"))
    execution.deliver(at(execution, "t").id)
    assert waits(execution) == ["b"]


@pytest.mark.parametrize("sequential", [False, True])
def test_what_a_repetition_has_begun_is_not_begun_again(*, sequential: bool) -> None:
    drawing = Drawing("START > a > END", "t > b > ENDb").timer(
        "t", "R2/PT1M", "a", interrupts=False
    )
    drawing.repeat("b", instances("2", sequential=sequential))
    execution = start(drawing)
    for _ in range(2):
        execution.deliver(at(execution, "t").id)
    assert waits(execution).count("b") == (2 if sequential else 4)


def test_a_catch_event_with_a_repetition_lets_as_many_pass() -> None:
    execution = start(Drawing("START > t > a > END").timer("t", "R2/PT1M"))
    execution.deliver(at(execution, "t").id)
    assert waits(execution) == ["a", "t"]
    execution.deliver(at(restored(execution), "t").id)
    assert waits(execution) == ["a", "a"]


@pytest.mark.parametrize("restore", [False, True])
@pytest.mark.parametrize(("which", "then"), [("t1", "a"), ("t2", "b"), ("m", "c")])
def test_the_first_event_decides_and_the_others_are_off(
    which: str, then: str, *, restore: bool
) -> None:
    drawing = Drawing("START > any1 > t1 > a > END", "any1 > t2 > b > END", "any1 > m > c > END")
    drawing.timer("t1", "PT1H").timer("t2", "R3/P1D").message("m", "M")
    same_name = [drawing.nodes[each].replace('id="t', 'name="wait" id="t') for each in ("t1", "t2")]
    drawing.nodes.update(zip(("t1", "t2"), same_name, strict=True))
    execution = start(drawing)
    execution = restored(execution) if restore else execution
    assert waits(execution) == ["m", "t1", "t2"]
    execution.deliver(at(execution, which).id)
    assert waits(execution) == [then]
    assert passed(execution)[-1] == which


def test_timers_inside_subprocesses_fire_too() -> None:
    inside = Drawing("STARTin > x > ENDin", "ti > y > ENDy").timer("ti", "PT1H", "x")
    execution = start(Drawing("START > sub > END").subprocess("sub", inside))
    execution = restored(execution)
    assert at(execution, "ti").due_at == NOW + HOUR
    execution.deliver(at(execution, "ti").id)
    assert waits(execution) == ["y"]
    assert answer(restored(execution), "y").state
    assert answer(execution, "y").step().ended


@pytest.mark.parametrize(("text", "count"), [("R3/PT1H", 3), ("R/PT1H", None), ("PT1H", 1)])
def test_rounds_are_counted(text: str, count: int | None) -> None:
    assert rounds(text) == count
