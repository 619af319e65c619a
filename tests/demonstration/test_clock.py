"""The clock of the law in the demonstration: stops, extensions, trust, silence, cards."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from engine.service.supervision import board, cards
from engine.service.supervision.card_rows import CardView
from engine.service.supervision.cards import Filters
from engine.service.work import Actor
from tests.demonstration.loaded import City

SUPERVISOR = Actor(0, "supervisor", frozenset({("supervisor", "")}))


@pytest.fixture(scope="module")
def given(city: City) -> list[CardView]:
    with city.work(SUPERVISOR) as work:
        return cards.find(work, limit=200).items


def test_materials_are_supplied_waited_for_overdue_and_returned(city: City) -> None:
    query = "SELECT state, grace_until_on IS NOT NULL FROM deficiency"
    assert Counter(map(tuple, city.rows(query))) == {
        ("supplied", 0): 2,
        ("open", 0): 1,
        ("open", 1): 1,
        ("lapsed", 1): 1,
    }
    returned = city.rows("SELECT item FROM project_item WHERE state = 'returned'")
    assert len(returned) == 1


def test_commitments_are_kept_mended_revoked_and_to_be_checked(city: City) -> None:
    states = Counter(state for (state,) in city.rows("SELECT state FROM commitment"))
    assert states == {"kept": 1, "rectified": 1, "revoked": 1, "open": 2}
    causes = {cause for (cause,) in city.rows("SELECT cause FROM credit_record")}
    assert causes == {"false_commitment", "gap_not_supplied"}


def test_clocks_stand_still_have_gone_on_and_one_for_too_long(city: City) -> None:
    query = "SELECT reason, until_on IS NULL, overran FROM suspension WHERE item <> ''"
    found = Counter(map(tuple, city.rows(query)))
    assert found["expert_review", 0, 0] >= 1
    assert found["expert_review", 1, 0] == 1
    assert found["testing", 1, 1] == 1
    assert found["gap", 1, 0] == 1


def test_extensions_are_approved_declined_and_wait_for_a_head(city: City) -> None:
    states = Counter(state for (state,) in city.rows("SELECT state FROM extension"))
    assert states == {"approved": 1, "declined": 1, "requested": 2}


def answered_by_silence(city: City) -> list[tuple[Any, ...]]:
    """The steps that silence answered, and as what."""
    query = (
        "SELECT item, element, outcome FROM task WHERE state = 'completed'"
        " AND ended_by = 'system' ORDER BY ended_at"
    )
    return [tuple(row) for row in city.rows(query)]


def test_silence_accepts_passes_and_agrees(city: City) -> None:
    found = Counter((element, outcome) for _, element, outcome in answered_by_silence(city))
    assert found["receive", "accept"] == 1
    assert found["decide", "deem"] >= 3
    assert found["give-opinion", "deemed_agree"] >= 2


def test_papers_follow_silence_a_day_later_or_are_still_to_come(city: City) -> None:
    query = "SELECT state, overdue FROM task WHERE element = 'issue'"
    found = Counter(map(tuple, city.rows(query)))
    assert found["completed", 0] >= 2
    assert found["open", 0] >= 1


def test_something_is_corrected_on_the_spot(city: City) -> None:
    query = "SELECT count(*) FROM history WHERE event = 'task.completed' AND data LIKE ?"
    [(number,)] = city.rows(query.replace("?", "'%\"corrected\"%'"))
    assert number == 1


def test_cards_of_several_quarters_have_come_to_different_ends(
    given: list[CardView],
) -> None:
    assert len({card.quarter for card in given}) >= 4
    states = Counter(card.state for card in given)
    assert states["appealed"] == 1
    assert states["issued"] >= 3
    assert min(states[name] for name in ("withdrawn", "corrected", "upheld", "explained")) >= 1


def test_cards_are_given_the_day_they_fell_due(given: list[CardView], city: City) -> None:
    absent = [card for card in given if card.rule == "absent_from_review"]
    for card in given:
        local = card.issued_at.astimezone(city.settings.zone)
        assert local.date() == card.issued_on
        # the scheduler's come with the day; who stays away gets it at the meeting
        assert (local.hour == 0) == (card not in absent)
    assert absent
    ordered = sorted(given, key=lambda card: card.id)
    assert [card.issued_at for card in ordered] == sorted(card.issued_at for card in given)


def test_this_quarter_several_departments_have_a_yellow_card_and_one_a_red(city: City) -> None:
    with city.work(SUPERVISOR) as work:
        ladder = cards.ladder(work)
        quarter = cards.quarters(work)[0]
        red = cards.find(work, Filters(quarter=quarter, colour="red")).items
    assert len([row for row in ladder if row.yellow]) >= 3
    assert len(red) == 1
    assert len([row for row in ladder if row.red]) == 1


def test_the_board_is_alive(city: City) -> None:
    with city.work(SUPERVISOR) as work:
        found = board.show(work)
    busy = [line for line in found.departments if line.in_hand]
    assert len(busy) >= 7
    lights = {light for line in busy for light, number in line.lights.items() if number}
    assert {"green", "yellow", "orange", "red"} <= lights
    assert 92 <= float(found.city.on_time_percent or 0) <= 97
