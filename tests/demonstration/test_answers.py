"""People of the demonstration write what each outcome asks for."""

from __future__ import annotations

import json

from engine.rules import verdict
from tests.demonstration.loaded import City


def test_answers_say_what_is_asked_for(city: City) -> None:
    rows = city.rows("SELECT data FROM history WHERE event = 'task.completed'")
    answers = [json.loads(data) for (data,) in rows]
    assert len(answers) > 1_000
    for each in answers:
        given = {name: value for name, value in each["data"].items() if name != "gaps"}
        assert verdict.answer(each["outcome"], given) == given
        assert [text for text in given.values() if isinstance(text, str) and len(text) > 3]


def test_something_is_accepted_on_trust(city: City) -> None:
    assert city.rows("SELECT item, material, state FROM deficiency") == [
        ("IND-10", "人防意见", "open")
    ]
    assert city.rows("SELECT item, state FROM commitment") == [("IND-01", "open")]
