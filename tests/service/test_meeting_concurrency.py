"""Meetings, rounds and opinions changed at the same moment: no deadlock, nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from engine.errors import Conflict, Stale
from engine.rules.joint_review import Answer, OpinionKind, RoundClosed
from engine.rules.meeting import Booked
from engine.service.clock import recompute
from engine.service.review import meetings, opinions, rounds
from engine.service.review.meetings import Changes
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.meeting_city import (
    ASKED,
    THURSDAY,
    at,
    line,
    new,
    person,
    planned,
    projects,
    room,
    seen,
)

AGREE = Answer(OpinionKind.AGREE)
#: what somebody may be told who was not the first
LATE = (Booked, Conflict, Stale, RoundClosed)


def attempt(deed: Callable[[], object]) -> object:
    try:
        return deed()
    except LATE as error:
        return error


def test_everybody_at_once_leaves_nothing_half_done(city: City) -> None:
    five = projects(city, 5)
    here = room(city)
    people = {each: person(city, each.lower(), each) for each in ASKED}
    views = [
        planned(city, five[0], five[1], room=here),
        planned(city, five[3], five[2], hour=14, room=here),
    ]
    deeds: list[Callable[[], object]] = []
    do = partial(partial, city.do)
    for view in views:
        for hour in (10, 11, 15):
            start = at(city, THURSDAY, hour)
            to = Changes(start, start + timedelta(hours=1))
            deeds.append(do(meetings.move, view.id, to))
        for each in view.agenda:
            for name, who in people.items():
                deeds.append(do(opinions.give, each.round, name, AGREE, by=who))
                deeds.append(do(rounds.represent, each.round, name, name.lower()))
        deeds.append(do(rounds.cancel, view.agenda[0].round, "withdrawn"))
    city.user("another", ("coordinator", ""))
    other = new(city, five[4], room=here, hour=16, convenor="another")
    deeds.append(do(meetings.add, views[0].id, line(five[4])))
    deeds.append(do(meetings.cancel, views[1].id, "snow"))
    deeds.append(do(meetings.plan, other))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, deeds[::2] + deeds[1::2]))
    check_bookings(city)
    with city.work(ADMIN) as work:
        assert recompute.moves(work, work.calendar) == []


def check_bookings(city: City) -> None:
    """No room, and nobody, is at two meetings at once; rounds are as their meetings say."""
    taking = [row for row in city.rows(t.meeting) if row["state"] == "planned"]
    views = [seen(city, row["id"]) for row in taking]
    for one in views:
        people = {one.convenor, *one.representatives.values()}
        for other in views:
            if (
                one.id < other.id
                and one.starts_at < other.ends_at
                and other.starts_at < one.ends_at
            ):
                assert one.room is None or one.room != other.room
                assert not people & {other.convenor, *other.representatives.values()}
        for each in one.agenda:
            assert each.mode == "meeting"
            assert each.state != "cancelled"


def test_of_two_who_move_one_meeting_with_one_version_one_is_told(city: City) -> None:
    [project] = projects(city, 1)
    view = planned(city, project)

    def move(hour: int) -> object:
        start = at(city, THURSDAY, hour)
        to = Changes(start, start + timedelta(hours=1))
        return attempt(lambda: city.do(meetings.move, view.id, to, view.version))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(move, (10, 11, 14, 15)))
    assert sum(isinstance(each, Stale) for each in found) == 3
    assert seen(city, view.id).sequence == 1
