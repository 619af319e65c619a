"""A log in figures, parts of it, and logs put together."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.analysis.eventlog import xes
from engine.analysis.eventlog.selection import between, merged, only, spans
from engine.analysis.eventlog.summary import summary
from tests.analysis.eventlogs import DAY, HOUR, RECEIPT, Row, at, log_of, rows

MIDNIGHT = at("2014-01-06T00:00:00+08:00")
LOG = log_of(
    [
        Row("1", "a", MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + 2 * HOUR, "li", "EPB"),
        Row("1", "b", None, None, MIDNIGHT + DAY, "wang"),
        Row("2", "a", None, None, MIDNIGHT + DAY, "li"),
        Row("2", "b", None, None, MIDNIGHT + 2 * DAY),
        Row("3", "a", None, None, MIDNIGHT + 3 * DAY),
        Row("3", "a", None, None, MIDNIGHT + 6 * DAY),
    ],
    {"procedure": ("p", "q", "r")},
)


def test_a_small_log_in_figures() -> None:
    found = summary(LOG)
    assert json.loads(json.dumps(found)) == found
    assert (found["cases"], found["events"], found["one_timestamp"]) == (3, 6, False)
    assert found["first_at"] == "2014-01-05T16:00:00+00:00"
    assert found["last_at"] == "2014-01-11T16:00:00+00:00"
    assert found["midnight_share"] == pytest.approx(6 / 8)
    assert found["activities"] == [
        {"name": "a", "events": 4, "cases": 3, "share": 1.0},
        {"name": "b", "events": 2, "cases": 2, "share": 2 / 3},
    ]
    assert found["resources"] == [
        {"name": "li", "events": 2, "cases": 2, "share": 2 / 3},
        {"name": "wang", "events": 1, "cases": 1, "share": 1 / 3},
    ]
    assert found["groups"] == [{"name": "EPB", "events": 1, "cases": 1, "share": 1 / 3}]
    durations = found["durations"]
    assert (durations["least"], durations["p50"], durations["most"]) == (1, 1, 3)
    assert durations["mean"] == pytest.approx(5 / 3)
    assert found["variants"]["number"] == 2
    assert found["variants"]["top"][0] == {"activities": ["a", "b"], "cases": 2, "share": 2 / 3}
    assert found["follows"] == [
        {"from": "a", "to": "b", "count": 2},
        {"from": "a", "to": "a", "count": 1},
    ]
    assert found["starts"] == [{"name": "a", "cases": 3}]
    assert found["ends"] == [{"name": "b", "cases": 2}, {"name": "a", "cases": 1}]


def test_the_receipt_log_in_figures() -> None:
    found = summary(xes.read(RECEIPT.read_bytes()))
    assert (found["cases"], found["events"]) == (1_434, 8_577)
    assert found["one_timestamp"]
    assert found["midnight_share"] == 0
    assert found["activities"][0]["name"] == "Confirmation of receipt"
    assert found["variants"]["number"] == 116
    assert len(found["variants"]["top"]) == 20
    assert found["starts"] == [{"name": "Confirmation of receipt", "cases": 1_434}]
    assert sum(each["count"] for each in found["follows"]) == 8_577 - 1_434
    assert sum(each["events"] for each in found["resources"]) == 8_577


def test_an_empty_log_in_figures() -> None:
    found = summary(log_of([]))
    assert (found["cases"], found["events"], found["first_at"]) == (0, 0, None)
    assert found["durations"] is None
    assert found["variants"] == {"number": 0, "top": []}
    assert found["activities"] == found["follows"] == found["starts"] == []


def test_only_some_cases() -> None:
    log = only(LOG, np.array([False, False, True]))
    assert rows(log) == rows(LOG)[4:]
    assert (log.cases, log.activities, log.resources) == (("3",), ("a",), ())
    assert log.traits == {"procedure": ("r",)}
    assert len(only(LOG, np.zeros(3, dtype=bool))) == 0
    assert rows(only(LOG, np.ones(3, dtype=bool))) == rows(LOG)


def test_cases_that_lie_wholly_between_two_instants() -> None:
    assert between(LOG, MIDNIGHT, MIDNIGHT + 3 * DAY).cases == ("1", "2")
    assert between(LOG, MIDNIGHT + 1, MIDNIGHT + 2 * DAY + 1).cases == ("2",)
    assert between(LOG, MIDNIGHT, MIDNIGHT + 6 * DAY).cases == ("1", "2")
    begins, ends = spans(LOG)
    assert begins.tolist() == [MIDNIGHT, MIDNIGHT + DAY, MIDNIGHT + 3 * DAY]
    assert ends.tolist() == [MIDNIGHT + DAY, MIDNIGHT + 2 * DAY, MIDNIGHT + 6 * DAY]


def test_logs_put_together() -> None:
    parts = [only(LOG, np.array(mask)) for mask in ([False, True, True], [True, False, False])]
    together = merged(parts)
    assert sorted(rows(together)) == sorted(rows(LOG), key=lambda row: row)
    assert together.cases == ("2", "3", "1")
    assert together.traits == {"procedure": ("q", "r", "p")}
    twice = merged([LOG, LOG])
    assert (len(twice.cases), len(twice)) == (3, 12)
