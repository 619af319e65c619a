"""Extension by 行政许可法 art. 42: how long, by whom, once, and only of a time that still runs."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Invalid
from engine.rules import extension
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import DayUnit
from engine.rules.extension import AlreadyExtended, NotExtendable, TooLate
from engine.rules.handling import Handling

SINGLE = Item("A", Name("甲"), department="PLAN", statutory_days=20)
JOINT = Item("B", Name("乙"), department="PLAN", statutory_days=45, handling=Handling.JOINT)
EIA = Item("C", Name("丙"), department="EPB", unit=DayUnit.CALENDAR, legal_basis="环评法 art. 22")
SPECIAL = Item(
    "D",
    Name("丁"),
    department="LAND",
    unit=DayUnit.CALENDAR,
    special_extension_days=30,
    legal_basis="某法",
)


@pytest.mark.parametrize(
    ("item", "most", "department", "source"),
    [
        (SINGLE, 10, "PLAN", "行政许可法 art. 42 para. 1"),
        (JOINT, 15, "", "行政许可法 art. 42 para. 2"),
        (SPECIAL, 30, "LAND", "某法"),
    ],
)
def test_the_law_says_how_long_and_who(item: Item, most: int, department: str, source: str) -> None:
    assert item.extension_days == most
    assert extension.approver(item) == extension.Approver(department, source)
    extension.check_extendable(item, asked_before=False)
    for days in (1, most):
        extension.check_request(item, days, "材料复杂", "延〔2014〕1")
    for days in (0, -1, most + 1):
        with pytest.raises(Invalid) as refused:
            extension.check_request(item, days, "材料复杂", "延〔2014〕1")
        assert refused.value.detail["field"] == "days"


def test_what_a_special_law_counts_in_days_has_none() -> None:
    with pytest.raises(NotExtendable):
        extension.check_extendable(EIA, asked_before=False)


def test_it_is_once() -> None:
    with pytest.raises(AlreadyExtended):
        extension.check_extendable(SINGLE, asked_before=True)


@pytest.mark.parametrize(("field", "reason", "notice"), [("reason", " ", "1"), ("notice", "x", "")])
def test_it_needs_a_reason_and_a_notice(field: str, reason: str, notice: str) -> None:
    with pytest.raises(Invalid) as refused:
        extension.check_request(SINGLE, 5, reason, notice)
    assert refused.value.detail["field"] == field


def test_what_has_ended_cannot_be_extended() -> None:
    due_on = date(2014, 9, 26)
    extension.check_in_time(due_on, due_on, "A")
    extension.check_in_time(None, due_on, "A")
    with pytest.raises(TooLate):
        extension.check_in_time(due_on, date(2014, 9, 27), "A")
