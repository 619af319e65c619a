"""A calendar moves what was promised beside items and tasks, by as many days as it takes away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.rules.calendar import Name
from engine.rules.revision import DecidedDay, Decision
from engine.scheduler import sweep
from engine.service import publication
from engine.service.publication import Draft
from engine.service.supervision import issuing
from engine.service.supervision.issuing import NewCard
from engine.store import tables as t
from tests.service.city import City
from tests.service.trust import events, started
from tests.service.trust import gaps as missing

SAID = {"conditions": "合同已经双方签字，备案材料真实。", "committed_by": "王建国"}


def closed(city: City, days: int) -> Draft:
    """A draft that closes the next working days."""
    on, found = city.today, list[DecidedDay]()
    while len(found) < days:
        on += timedelta(days=1)
        if city.calendar.is_working_day(on):
            found.append(DecidedDay(on, Decision.CLOSURE, Name("防汛", "Flood")))
    return Draft(tuple(found), "市政府7号")


def promised(city: City) -> dict[str, date]:
    """Every promise there is, by its kind."""

    def of(table: Any, column: str) -> date:
        [row] = [row for row in city.rows(table) if row[column]]
        return row[column]  # type: ignore[no-any-return]

    return {
        "commitment": of(t.commitment, "check_due_on"),
        "grace": of(t.deficiency, "grace_until_on"),
        "stop": of(t.suspension, "expected_on"),
        "card": of(t.card, "reply_due_on"),
    }


@pytest.fixture
def promising(city: City) -> tuple[City, int, int]:
    """A city in which a commitment, a grace, a stop and a card wait; the two projects."""
    committed, gapped = started(city), started(city)
    city.decide(committed, "G-1")
    city.answer(committed, "C-1", "accept_on_commitment", data=SAID)
    city.answer(committed, "C-1", "approve")
    due = {"survey": city.calendar.add(city.today, 1)}
    city.answer(gapped, "G-1", "accept_with_gaps", data=missing(**due))
    city.wait_working(2)
    sweep(city.engine, city.now, city.settings)
    city.do(issuing.issue, NewCard("off_system", "纸质受理", department="HOUS", colour="yellow"))
    return city, committed, gapped


def test_each_promise_moves_by_the_days_that_are_closed(promising: tuple[City, int, int]) -> None:
    city, committed, gapped = promising
    before, draft = promised(city), closed(city, 2)
    expected = {kind: city.calendar.add(on, 2) for kind, on in before.items()}
    shown = city.see(publication.preview, draft)
    told = {m.element: m.promised_due_on for m in shown.moves if m.element in before}
    assert (told, promised(city)) == (expected, before)
    published = city.do(publication.publish, draft, shown.newest)
    assert promised(city) == expected
    assert published.moved == len(shown.moves)
    [deficiency] = city.rows(t.deficiency)
    assert deficiency["look_on"] == expected["grace"]
    moved = events(city, committed, "deadline.moved")
    [event] = [each for each in moved if each.data["element"] == "commitment"]
    assert event.data["now"]["promised_due_on"] == str(expected["commitment"])
    kinds = {each.data["element"] for each in events(city, gapped, "deadline.moved")}
    assert {"grace", "stop"} <= kinds


def test_undone_they_are_as_they_were(promising: tuple[City, int, int]) -> None:
    city, *_ = promising
    before, draft = promised(city), closed(city, 2)
    city.do(publication.publish, draft)
    undone = tuple(DecidedDay(day.on, Decision.ORDINARY, day.name) for day in draft.days)
    city.do(publication.publish, Draft(undone, "市政府8号"))
    assert promised(city) == before
