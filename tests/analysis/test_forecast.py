"""A forecast follows what happens to a project, and says who holds it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.analysis.network import ActivityNetwork
from engine.analysis.progress import Progress, State, months_after
from engine.errors import CalendarRange, Invalid
from engine.rules.procedure import OPEN, START, Kind
from tests.analysis.networks import milestone, network, work
from tests.analysis.projects import MONDAY, SATURDAY, at_date, day, finished, look, opened

# late and early


@pytest.fixture
def chain() -> ActivityNetwork:
    """Drawings 10, then scheme 7 with its planning permit 5, beside an EIA of 8."""
    return network(
        milestone(START),
        work("DRAW", 10, START, kind=Kind.APPLICANT),
        work("SCHEME", 7, "DRAW"),
        work("EIA", 8, START),
        work("PERMIT", 5, "SCHEME", "EIA"),
        milestone(OPEN, "PERMIT"),
    )


def test_finishing_late_moves_the_forecast_by_as_much(chain: ActivityNetwork) -> None:
    scheme = finished(10, 19)  # two days late
    found = look(chain, 19, DRAW=finished(0, 10), SCHEME=scheme, EIA=finished(0, 8))
    assert found.elapsed_days == 22 + 2
    assert found.counted_days == 9 + 5
    assert found.promise_slack_days == (8 + 5) - (9 + 5)


def test_finishing_early_moves_it_too(chain: ActivityNetwork) -> None:
    found = look(chain, 8, DRAW=finished(0, 6), EIA=finished(0, 8))
    assert found.elapsed_days == 8 + 7 + 5  # the scheme lies ready since day 6
    assert found.counted_days == 13


def test_an_applicant_s_delay_costs_elapsed_days_and_no_counted_ones(
    chain: ActivityNetwork,
) -> None:
    found = look(chain, 15, DRAW=opened(0), EIA=finished(0, 8))
    assert found.elapsed_days == 15 + 7 + 5
    assert (found.counted_days, found.promise_slack_days) == (13, 0)
    assert [hold.id for hold in found.held_by] == ["DRAW"]
    assert found.held_by[0].late_days == 5


def test_an_open_item_past_its_days_is_forecast_for_today_and_no_earlier(
    chain: ActivityNetwork,
) -> None:
    found = look(chain, 20, DRAW=finished(0, 10), SCHEME=opened(10), EIA=finished(0, 8))
    scheme = next(outlook for outlook in found.activities if outlook.id == "SCHEME")
    assert scheme.finish_on == day(20)
    assert scheme.late_days == 3
    assert found.finish_on == day(25)


def test_what_is_late_cannot_be_decided_on_a_day_of_rest(chain: ActivityNetwork) -> None:
    known = {"DRAW": finished(0, 10), "SCHEME": opened(10), "EIA": finished(0, 8)}
    friday, sunday = day(19), day(19) + timedelta(days=2)
    assert friday.isoweekday() == 5
    scheme = at_date(chain, sunday, known).activities[1]
    assert scheme.finish_on == sunday + timedelta(days=1)
    assert at_date(chain, friday, known).activities[1].finish_on == friday


def test_a_clock_s_own_due_date_and_remaining_days_win(chain: ActivityNetwork) -> None:
    known = {"DRAW": finished(0, 10), "EIA": finished(0, 8)}
    extended = look(chain, 12, **known, SCHEME=opened(10, due_on=day(27)))
    assert extended.elapsed_days == 27 + 5
    suspended = look(chain, 30, **known, SCHEME=opened(10, remaining_days=4, used_days=3))
    assert suspended.elapsed_days == 30 + 4 + 5
    assert (
        suspended.counted_days == 8 + 5
    )  # 3 used, 4 left; the scheme alone took less than the EIA
    assert suspended.held_by[0].late_days == 0


def test_nothing_is_counted_while_nothing_is_in_the_city_s_hands(chain: ActivityNetwork) -> None:
    found = look(chain, 25, DRAW=opened(0), EIA=finished(0, 8))
    assert found.day == 8


# soft gates


@pytest.fixture
def gated() -> ActivityNetwork:
    """A permit of 4 days, its decision behind an EIA of 6 that needs a study of 10."""
    return network(
        milestone(START),
        work("STUDY", 10, START, kind=Kind.APPLICANT),
        work("EIA", 6, "STUDY"),
        work("PERMIT", 4, START, waits=("EIA",)),
        milestone(OPEN, "PERMIT"),
    )


def test_waiting_at_a_gate_is_not_the_waiting_item_s_time(gated: ActivityNetwork) -> None:
    permit = opened(0, reviewed_on=day(4))
    found = look(gated, 12, STUDY=finished(0, 10), EIA=opened(10), PERMIT=permit)
    assert found.elapsed_days == 16
    assert (found.day, found.counted_days) == (4, 6)
    assert [hold.id for hold in found.held_by] == ["EIA"]
    assert [outlook.late_days for outlook in found.activities] == [0, 0, 0]


def test_a_decision_after_the_gate_has_opened_is_the_item_s_time(gated: ActivityNetwork) -> None:
    eia, permit = finished(10, 16), opened(0, reviewed_on=day(4))
    found = look(gated, 19, STUDY=finished(0, 10), EIA=eia, PERMIT=permit)
    assert found.day == found.counted_days == 6 + 3
    assert found.held_by[0].id == "PERMIT"
    assert found.held_by[0].late_days == 3


def test_a_review_that_runs_late_behind_a_shut_gate_is_the_item_s_time(
    gated: ActivityNetwork,
) -> None:
    known = {"STUDY": finished(0, 10), "EIA": opened(10)}
    found = look(gated, 9, STUDY=opened(0), PERMIT=opened(0))
    assert found.day == 9
    assert found.activities[2].late_days == 5
    found = look(gated, 12, **known, PERMIT=opened(0, reviewed_on=day(9)))
    assert found.day == found.counted_days == 9
    assert found.activities[2].late_days == 5
    assert found.elapsed_days == 16


# who holds it


def test_the_late_one_holds_most_and_what_has_float_holds_nothing() -> None:
    net = network(
        milestone(START),
        work("A", 3, START),
        work("B", 10, START),
        work("C", 5, START),
        work("LAST", 5, "A", "B"),
        milestone(OPEN, "LAST", "C"),
    )
    found = look(net, 10, A=opened(0), B=opened(0), C=opened(0))
    assert [(hold.id, hold.late_days, hold.gain_days) for hold in found.held_by] == [
        ("A", 7, 0),
        ("B", 0, 0),
    ]
    assert {outlook.id: outlook.total_float for outlook in found.activities}["C"] == 5


def test_a_hold_says_what_finishing_it_today_would_gain(chain: ActivityNetwork) -> None:
    found = look(chain, 2, DRAW=opened(0), EIA=opened(0))
    assert [(hold.id, hold.gain_days) for hold in found.held_by] == [("DRAW", 8)]
    assert found.held_by[0].held_days == 8


def test_what_lies_ready_and_nobody_has_begun_holds_too(chain: ActivityNetwork) -> None:
    found = look(chain, 14, DRAW=finished(0, 10), EIA=finished(0, 8))
    hold = found.held_by[0]
    assert (hold.id, hold.state, hold.waiting_days) == ("SCHEME", State.NOT_STARTED, 4)
    assert found.elapsed_days == 14 + 7 + 5


def test_nothing_holds_a_project_that_has_not_begun(chain: ActivityNetwork) -> None:
    assert at_date(chain, MONDAY - timedelta(days=3), {}).held_by == ()


# afterwards


def test_it_opens_when_it_opened_whatever_the_plan_said(chain: ActivityNetwork) -> None:
    known = {"DRAW": finished(0, 10), "SCHEME": finished(10, 15), "EIA": finished(0, 8)}
    known |= {"PERMIT": finished(15, 18), OPEN: finished(18, 18)}
    found = at_date(chain, day(40), known)
    assert found.opened
    assert (found.elapsed_days, found.day, found.counted_days) == (18, 11, 11)
    assert found.promise_slack_days == 2


def test_a_procedure_without_construction_start_ends_with_its_last_activity() -> None:
    net = network(work("A", 3), work("B", 2, "A"), work("CHECK", 9, "A", stage="acceptance"))
    assert look(net, 1, A=opened(0)).elapsed_days == 5
    done = look(net, 9, A=finished(0, 3), B=finished(3, 6))
    assert done.opened
    assert done.finish_on == day(6)


# input


def test_progress_of_an_unknown_activity_is_refused(chain: ActivityNetwork) -> None:
    with pytest.raises(Invalid, match="GONE"):
        look(chain, 1, GONE=opened(0))


@pytest.mark.parametrize(
    "known",
    [
        {"state": State.OPEN},
        {"state": State.FINISHED},
        {"state": State.OPEN, "started_on": MONDAY, "finished_on": MONDAY},
        {"state": State.NOT_STARTED, "started_on": MONDAY},
        {"state": State.FINISHED, "started_on": MONDAY, "finished_on": SATURDAY},
    ],
)
def test_progress_whose_dates_do_not_fit_is_refused(known: dict[str, State | date]) -> None:
    with pytest.raises(Invalid):
        Progress(**known)  # type: ignore[arg-type]


def test_an_end_without_a_start_is_a_decision_made_at_once(chain: ActivityNetwork) -> None:
    found = look(chain, 5, EIA=Progress(State.FINISHED, finished_on=day(5)))
    assert found.day == 0
    assert found.activities[2].finish_on == day(5)


def test_dates_outside_the_calendar_are_refused(chain: ActivityNetwork) -> None:
    with pytest.raises(CalendarRange):
        at_date(chain, date(1990, 1, 1), {})


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2014, 3, 3), 3, date(2014, 6, 3)),
        (date(2014, 1, 31), 1, date(2014, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2014, 11, 30), 3, date(2015, 2, 28)),
        (date(2014, 8, 31), 4, date(2014, 12, 31)),
        (date(2014, 5, 5), 0, date(2014, 5, 5)),
    ],
)
def test_a_window_ends_on_the_same_day_of_its_last_month(
    on: date, months: int, expected: date
) -> None:
    assert months_after(on, months) == expected
