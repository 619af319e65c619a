"""The joint reviews of the demonstration: on paper and at a table, over and under way."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

from engine.service.review.replay import replay
from engine.service.review.sheet import read
from tests.demonstration.loaded import City

OPINIONS = {"agree", "agree_with_conditions", "disagree", "need_supplement", "deemed_agree"}


def test_rounds_of_the_past_have_come_to_different_ends(city: City) -> None:
    ends = Counter(
        conclusion
        for (conclusion,) in city.rows("SELECT conclusion FROM review_round WHERE state = 'closed'")
    )
    assert ends["approved"] >= 5
    assert ends["refused"] == ends["supplement"] == 1


def test_one_meeting_was_held_and_one_is_planned(city: City) -> None:
    query = (
        "SELECT m.state, count(DISTINCT r.project_id), count(DISTINCT p.department)"
        " FROM meeting m JOIN review_round r ON r.meeting_id = m.id"
        " JOIN review_participant p ON p.round_id = r.id GROUP BY m.id ORDER BY m.id"
    )
    assert [tuple(row) for row in city.rows(query)] == [("held", 1, 7), ("planned", 2, 5)]
    query = (
        "SELECT n.state FROM minutes n JOIN review_round r ON r.id = n.round_id"
        " WHERE r.mode = 'meeting'"
    )
    assert city.rows(query) == [("sealed",)]


def test_one_round_waits_for_one_opinion_and_the_others_differ(city: City) -> None:
    query = (
        "SELECT r.id, count(DISTINCT p.department) FROM review_round r"
        " JOIN review_participant p ON p.round_id = r.id"
        " WHERE r.state = 'open' AND r.mode = 'circulate' GROUP BY r.id"
    )
    [(identifier, asked)] = city.rows(query)
    with city.work() as work:
        sheet = read(work, identifier)
    assert len(sheet.opinions) == asked - 1
    assert {row["kind"] for row in sheet.opinions.values()} == OPINIONS - {"deemed_agree"}
    raised = city.rows(f"SELECT settled_on FROM escalation WHERE round_id = {identifier}")
    assert raised == [(None,)]


def test_conditions_are_met_and_still_to_be_met(city: City) -> None:
    query = (
        "SELECT c.state FROM review_condition c JOIN review_round r ON r.id = c.round_id"
        " WHERE r.state <> 'open' AND r.conclusion {} 'approved'"
    )
    assert {state for (state,) in city.rows(query.format("="))} == {"met", "open"}
    assert {state for (state,) in city.rows(query.format("<>"))} == {"dropped"}


def test_minutes_are_sealed_or_wait_for_a_signature(city: City) -> None:
    states = Counter(state for (state,) in city.rows("SELECT state FROM minutes"))
    assert states["sealed"] >= 6
    assert states["signing"] == 1


def test_their_history_rebuilds_them(city: City) -> None:
    told = defaultdict(list)
    query = "SELECT event, data FROM history WHERE event LIKE 'review.%' ORDER BY id"
    for event, data in city.rows(query):
        content = json.loads(data)
        told[content["round"]].append((event, content))
    assert len(told) >= 10
    with city.work() as work:
        for identifier, events in told.items():
            sheet, rebuilt = read(work, identifier), replay(events)
            assert rebuilt.state == sheet.row["state"]
            newest = {name: row["kind"] for name, row in sheet.opinions.items()}
            assert {name: each[-1]["kind"] for name, each in rebuilt.opinions.items()} == newest
