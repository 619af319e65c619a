"""Whatever is done to a clock: its stored dates are those that follow from what is recorded.

Random moves of a project's clocks; after each, an oracle that walks the days from the rows alone
and the engine's own recomputation both find the dates that are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Conflict, Invalid
from engine.service import items, projects
from engine.service.clock import extensions, suspensions
from engine.store import tables as t
from tests.service.city import City
from tests.service.clocks import ASKING, HEARING, ITEMS, accepted, row, unmoved

STATUTORY = {"A-1": 20, "J-1": 45, "C-1": 30}


def wait(city: City, _project: int, _item: str, days: int) -> None:
    city.wait(days)


def stop(city: City, project: int, item: str, _days: int) -> None:
    city.do(suspensions.suspend, project, item, HEARING)


def stop_earlier(city: City, project: int, item: str, days: int) -> None:
    given = replace(HEARING, from_on=city.today - timedelta(days=days))
    city.do(suspensions.suspend, project, item, given)


def go_on(city: City, project: int, item: str, _days: int) -> None:
    city.do(suspensions.resume, project, item)


def go_on_earlier(city: City, project: int, item: str, days: int) -> None:
    city.do(suspensions.resume, project, item, city.today - timedelta(days=days))


def enter(city: City, project: int, item: str, days: int) -> None:
    from_on = city.today - timedelta(days=2 * days)
    given = replace(HEARING, from_on=from_on)
    city.do(suspensions.enter, project, item, given, from_on + timedelta(days=days))


def extend(city: City, project: int, item: str, days: int) -> None:
    city.do(extensions.request, project, item, replace(ASKING, days=days))


def stop_all(city: City, project: int, _item: str, _days: int) -> None:
    city.do(projects.suspend, project)


def all_go_on(city: City, project: int, _item: str, _days: int) -> None:
    city.do(projects.resume, project)


def begin_again(city: City, project: int, item: str, _days: int) -> None:
    city.do(items.withdraw, project, item)
    city.do(items.apply_again, project, item)
    city.answer(project, item, "accept")


VERBS = (stop, stop_earlier, go_on, go_on_earlier, enter, extend, stop_all, all_go_on, begin_again)
MOVES = st.lists(
    st.tuples(st.sampled_from((wait, *VERBS)), st.sampled_from(sorted(ITEMS)), st.integers(1, 9)),
    min_size=4,
    max_size=14,
)


def lost(stops: list[dict[str, Any]], on: date) -> bool:
    """Whether the clock stood still on a day, by the rows."""
    return any(each["until_on"] and each["from_on"] < on <= each["until_on"] for each in stops)


def walked(
    city: City, start_on: date, days: int, stops: list[dict[str, Any]], *, calendar: bool
) -> date:
    """The last day of a period, day by day."""
    on = start_on
    while days:
        on += timedelta(days=1)
        days -= (calendar or city.calendar.is_working_day(on)) and not lost(stops, on)
    while calendar and (not city.calendar.is_working_day(on) or lost(stops, on)):
        on += timedelta(days=1)
    return on


def expected(city: City, project: int, item: str) -> Mapping[str, date]:
    """Both due dates of an item by its rows."""
    found = row(city, project, item)
    stops = [
        each for each in city.rows(t.suspension, project_id=project) if each["item"] in ("", item)
    ]
    more, calendar = found["extension_days"], ITEMS[item].get("unit") == "calendar"
    start_on, promised = found["accepted_on"], ITEMS[item]["promised_days"]
    return {
        "promised_due_on": walked(city, start_on, promised + more, stops, calendar=False),
        "statutory_due_on": walked(
            city, start_on, STATUTORY[item] + more, stops, calendar=calendar
        ),
    }


@given(moves=MOVES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stored_dates_follow_from_what_is_recorded(small_city: City, moves: Any) -> None:
    city = small_city
    project = accepted(city)
    city.wait_working(3)
    for move, item, number in moves:
        with suppress(Conflict, Invalid):
            move(city, project, item, number)
        assert unmoved(city), move.__name__
        for each in ITEMS:
            found = row(city, project, each)
            if found["accepted_on"] is not None and found["decided_on"] is None:
                dates = {name: found[name] for name in ("promised_due_on", "statutory_due_on")}
                assert dates == expected(city, project, each), (move.__name__, each)
