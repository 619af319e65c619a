"""People of the demonstration write what each outcome asks for."""

from __future__ import annotations

import json

from engine.rules import verdict
from tests.demonstration.loaded import City

#: steps of joint reviews, which ask for what they ask in their own way
ROUNDS = {"give-opinion", "issue-opinion", "conclude", "minutes", "reply"}


def test_answers_say_what_is_asked_for(city: City) -> None:
    query = "SELECT data FROM history WHERE event = 'task.completed' AND actor <> 'system'"
    answers = [json.loads(data) for (data,) in city.rows(query)]
    own = [each for each in answers if each["element"] not in ROUNDS and "data" in each]
    assert len(own) > 1_000
    for each in own:
        given = {name: value for name, value in each["data"].items() if name != "gaps"}
        assert verdict.answer(each["outcome"], given) == given
        assert [text for text in given.values() if isinstance(text, str) and len(text) > 3]
