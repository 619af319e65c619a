"""The scenarios of the demonstration: the published one, a cheaper one, one beyond."""

from __future__ import annotations

from tests.demonstration.loaded import City


def test_one_is_as_published_a_cheaper_one_waits_for_a_second_person(city: City) -> None:
    query = "SELECT procedure, state, proposed_by FROM scenario ORDER BY id"
    assert [tuple(row) for row in city.rows(query)] == [
        ("industrial-2013", "draft", None),
        ("industrial-2013", "proposed", "analyst"),
        ("industrial-2014", "draft", None),
    ]
