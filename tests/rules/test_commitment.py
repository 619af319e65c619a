"""Commitments and credit records as rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import Invalid
from engine.rules import credit
from engine.rules.catalogue import Item
from engine.rules.commitment import COMMITMENT, RESULTS, TO_CHECK, check_result, due_on

ON = date(2014, 9, 1)


@pytest.mark.parametrize("guard", ["environment", "fire", "safety", "security", "above_city"])
def test_what_could_endanger_others_is_never_decided_on_a_commitment(guard: str) -> None:
    with pytest.raises(Invalid) as caught:
        Item.of("X", {"commitment_check_days": 20, "guards": [guard], "promised_days": 3})
    assert caught.value.detail["field"] == "commitment_check_days"


def test_every_result_leads_somewhere_a_check_can_come_from() -> None:
    reachable = set().union(*(COMMITMENT[state] for state in TO_CHECK))
    assert set(RESULTS.values()) == reachable


def test_until_when_something_is_to_be_done() -> None:
    dates = (date(2014, 10, 1), date(2014, 11, 1))
    assert due_on("open", *dates) == dates[0]
    assert due_on("rectifying", *dates) == dates[1]
    assert due_on("kept", *dates) is None


def test_findings_where_something_is_wrong() -> None:
    assert check_result("kept", "", None, ON) == ("kept", "")
    assert check_result("rectify", " x ", date(2014, 9, 2), ON) == ("rectifying", "x")
    with pytest.raises(Invalid):
        check_result("rectify", "x", ON, ON)


@pytest.mark.parametrize(
    ("since", "months", "until"),
    [
        (date(2014, 9, 1), 6, date(2015, 3, 1)),
        (date(2014, 8, 31), 6, date(2015, 2, 28)),
        (date(2015, 8, 31), 6, date(2016, 2, 29)),
        (date(2014, 12, 31), 12, date(2015, 12, 31)),
        (date(2014, 12, 5), 1, date(2015, 1, 5)),
    ],
)
def test_how_long_a_record_lasts(since: date, months: int, until: date) -> None:
    assert credit.expires_on(since, months) == until


def test_when_a_record_holds() -> None:
    record: dict[str, Any] = {"lifted_at": None, "until_on": date(2014, 9, 3)}
    assert [credit.state(record, date(2014, 9, day)) for day in (3, 4)] == ["valid", "expired"]
    assert credit.state({**record, "lifted_at": "then"}, ON) == "lifted"
    assert not credit.holds({**record, "lifted_at": "then"}, ON)
