"""What people write of a simulation: read, refused with every key that is wrong, written again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import yaml

from engine.analysis.simulation.assumptions import Assumptions, StepRule
from engine.analysis.simulation.calendars import Hours
from engine.analysis.simulation.distribution import Distribution
from engine.analysis.simulation.model import Absence
from engine.analysis.simulation.reading import InvalidAssumptions

FULL = """
start: 2014-01-06
calendars:
  office: {hours: ["08:30-12:00", "14:00-17:30"], days: business}
  counter: {hours: ["09:00-17:00"], days: [mon, wed, sat]}
  open: {always: true}
clock: office
durations: {approval: fixed(1), applicant: "pert(0.8, 1, 1.8)", intermediary: "pert(0.8, 1, 1.5)"}
items:
  IND-02: {days: "pert(3, 5, 9)", pool: EPB, priority: 2}
  IND-04: {days: 4}
steps:
  receive: {hours: "pert(0.2, 0.5, 1)", pool: "{department}-window"}
  IND-02/supplement: {days: "pert(1, 3, 10)"}
pools:
  EPB: {name: 环保局, department: EPB, people: 2, calendar: office, absence: {share: 0.03, days: 5}}
  EPB-window: {}
people:
  - {id: 张工, pools: [EPB, EPB-window], calendar: counter, absence: {share: 0.1}}
shares:
  received: {received--supplement: 0.16}
again: {days: "pert(3, 5, 10)"}
arrivals:
  per_year: 82
  by_month: [1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1]
  between: exponential(20)
  calendar: office
  backlog: 3
  classes: [[0, 0.15], [1, 0.85]]
"""


def refused(data: Any) -> dict[str, str]:
    """What is said of each key that is wrong."""
    with pytest.raises(InvalidAssumptions) as error:
        Assumptions.of(data)
    found = {each["field"]: each["message"] for each in error.value.detail["problems"]}
    assert error.value.detail["field"] in found
    assert error.value.code == "invalid_assumptions"
    return found


def test_everything_that_can_be_written_is_read() -> None:
    read = Assumptions.of(yaml.safe_load(FULL))
    assert read.start == date(2014, 1, 6)
    assert read.calendars["counter"] == Hours(("09:00-17:00",), ("mon", "wed", "sat"))
    assert read.calendars["open"].always
    assert read.durations["applicant"] == Distribution.of("pert(0.8, 1, 1.8)")
    assert read.items["IND-04"].days == Distribution.of(4)
    assert (read.items["IND-02"].pool, read.items["IND-02"].priority) == ("EPB", 2)
    assert read.steps["receive"].hours == Distribution.of("pert(0.2, 0.5, 1)")
    assert read.pools["EPB"].absence == Absence(0.03, 5)
    assert read.pools["EPB-window"].people == 0
    assert (read.people[0].pools, read.people[0].absence.share) == (("EPB", "EPB-window"), 0.1)
    assert read.shares == {"received": {"received--supplement": 0.16}}
    assert read.again == StepRule(days=Distribution.of("pert(3, 5, 10)"))
    assert read.arrivals.classes == ((0, 0.15), (1, 0.85))
    assert read.arrivals.by_month[6] == 2


def test_nothing_written_is_the_defaults() -> None:
    assert Assumptions.of(None) == Assumptions.of({}) == Assumptions()
    assert Assumptions().data() == {}
    assert Assumptions.of({"items": None, "people": []}) == Assumptions()


def test_what_was_read_is_written_and_read_again_the_same() -> None:
    read = Assumptions.of(yaml.safe_load(FULL))
    data = json.loads(json.dumps(read.data()))
    assert Assumptions.of(data) == read
    assert data["calendars"]["office"] == {}
    assert data["items"]["IND-04"] == {"days": "fixed(4)"}
    assert data["start"] == "2014-01-06"


def test_every_problem_is_told_at_once_with_its_key() -> None:
    found = refused(
        {
            "itms": {},
            "items": {"IND-02": {"days": "pert(9, 5, 3)", "pools": "EPB"}},
            "pools": {"EPB": {"people": -1}, "FIRE": {"people": 1.5}},
            "people": [{"pools": ["EPB"]}, {"id": "", "pools": "EPB"}],
            "shares": {"received": {"supplement": 1.5}, "decision": 0.3},
            "arrivals": {"by_month": [1, 2], "classes": [[0, 0.5], [1, 0.4]]},
        }
    )
    assert [*found] == [
        *("itms", "items.IND-02.pools", "items.IND-02.days"),
        *("pools.EPB.people", "pools.FIRE.people"),
        *("people[0].id", "people[1].id", "people[1].pools"),
        *("shares.received.supplement", "shares.decision"),
        *("arrivals.by_month", "arrivals.classes"),
    ]
    assert "there are start, calendars, clock" in found["itms"]
    assert "low, mode and high in this order" in found["items.IND-02.days"]
    assert "a whole number from 0 to 10000, not -1" in found["pools.EPB.people"]


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ([1], "", "a mapping"),
        ({"start": "6.1.2014"}, "start", "a date like"),
        ({"start": 2014}, "start", "a date like"),
        ({"clock": 1}, "clock", "a text"),
        ({"durations": {"milestone": 1}}, "durations.milestone", "no such key"),
        ({"durations": {"approval": "some"}}, "durations.approval", "no distribution"),
        ({"items": {"A": 3}}, "items.A", "a mapping"),
        ({"items": {"A": {"days": True}}}, "items.A.days", "no distribution"),
        ({"items": {"A": {"days": float("nan")}}}, "items.A.days", "finite"),
        ({"steps": {"receive": {"days": 1, "hours": 1}}}, "steps.receive", "not both"),
        ({"calendars": {"x": {"days": "daily"}}}, "calendars.x.days", "business or a list"),
        ({"calendars": {"x": {"days": ["mon", "mon"]}}}, "calendars.x.days", "business"),
        ({"calendars": {"x": {"days": [["mon"]]}}}, "calendars.x.days", "business"),
        ({"calendars": {"x": {"hours": ["8-12"]}}}, "calendars.x.hours", "08:30-12:00"),
        ({"calendars": {"x": {"hours": ["12:00-08:00"]}}}, "calendars.x.hours", "order"),
        ({"calendars": {"x": {"hours": ["08:00-24:30"]}}}, "calendars.x.hours", "order"),
        ({"calendars": {"x": {"hours": ["08:00-09:00", "08:30-10:00"]}}}, "calendars.x.hours", "apart"),  # noqa: E501
        ({"calendars": {"x": {"hours": []}}}, "calendars.x.hours", "08:30-12:00"),
        ({"pools": {"A": {"absence": {"share": 1}}}}, "pools.A.absence.share", "from 0 to 0.95"),
        ({"arrivals": {"per_year": float("inf")}}, "arrivals.per_year", "a number from 0 on"),
        ({"arrivals": {"per_year": True}}, "arrivals.per_year", "a number"),
        ({"arrivals": {"by_month": [0] * 12}}, "arrivals.by_month", "not all 0"),
        ({"arrivals": {"classes": [[0, 2], [1, -1]]}}, "arrivals.classes", "add up to 1"),
        ({"arrivals": {"classes": [[0.5, 1]]}}, "arrivals.classes", "pairs"),
        ({"people": {}}, "people", "a list"),
        ({"people": [{"id": "A", "pools": [""]}]}, "people[0].pools[0]", "not empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(data: Any, field: str, said: str) -> None:
    assert said in refused(data)[field]


def test_keys_of_yaml_may_be_numbers() -> None:
    assert [*Assumptions.of({"pools": {1: {"people": 1}}}).pools] == ["1"]
