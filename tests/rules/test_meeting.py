"""When and where meetings can be: no proposal books twice, every earlier time has its reason."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.rules import china
from engine.rules.deadline import DayUnit, due_on
from engine.rules.joint_review import ReviewRules
from engine.rules.meeting import (
    Booked,
    FreeRoom,
    MeetingRules,
    Proposals,
    Slot,
    Taken,
    Wanted,
    check_free,
    check_slot,
    days_until,
    deadline_on,
    propose,
    slots,
)

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = china.calendar()
RULES, HOURS = ReviewRules(), MeetingRules()
#: nine in the morning of a Monday
NOW = datetime(2014, 9, 1, 9, tzinfo=ZONE)
ROOMS = (FreeRoom(1, "A", 8), FreeRoom(2, "B", 30), FreeRoom(3, "C"))
PEOPLE = ("li", "wang", "zhao")


def wanted(**more: object) -> Wanted:
    usual = {
        "noticed_on": NOW.date(),
        "deadline_on": date(2014, 9, 9),
        "not_before": NOW,
        "minutes": 60,
        "rooms": ROOMS,
    }
    return Wanted(**{**usual, **more})  # type: ignore[arg-type]


def proposed(asked: Wanted, *taken: Taken) -> Proposals:
    return propose(CALENDAR, RULES, HOURS, asked, taken, ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2014, 9, day, hour, minute, tzinfo=ZONE)


def block(day: int, hour: int, minutes: int = 60, **more: object) -> Taken:
    begins = at(day, hour)
    return Taken(Slot(begins, begins + timedelta(minutes=minutes)), "other", **more)  # type: ignore[arg-type]


def test_the_first_times_are_at_nine_after_the_lead_time() -> None:
    found = proposed(wanted())
    assert [each.starts_at for each in found.found] == [at(3, 9), at(3, 10), at(3, 11)]
    assert [(each.on.day, each.reason) for each in found.unsuited] == [(2, "lead_time")]
    # the smallest first; nobody has counted the seats of the last
    assert [each.name for each in found.found[0].rooms] == ["C", "A", "B"]


def test_each_earlier_time_says_why_it_does_not_suit() -> None:
    busy = [
        block(3, 9, 180, people=frozenset({"li"})),
        *(block(3, 14, 210, room=n) for n in (1, 2)),
    ]
    asked = wanted(people=frozenset({"li"}), rooms=ROOMS[:2])
    found = proposed(asked, *busy)
    assert found.found[0].starts_at == at(4, 9)
    by_day = {(each.on.day, each.reason) for each in found.unsuited}
    assert by_day == {(2, "lead_time"), (3, "person_busy"), (3, "rooms_busy")}
    [text] = {each.text for each in found.unsuited if each.reason == "person_busy"}
    assert text == "li takes part in 'other'"


def test_rest_days_are_named_and_nothing_is_proposed_after_the_deadline() -> None:
    asked = wanted(noticed_on=date(2014, 9, 4), not_before=at(4, 9))
    found = proposed(asked)
    assert [(each.on.day, each.reason) for each in found.unsuited] == [
        *((5, "lead_time"), (6, "rest_day"), (7, "rest_day"), (8, "rest_day")),
    ]
    assert found.found[0].starts_at == at(9, 9)
    none = proposed(wanted(deadline_on=date(2014, 9, 2)))
    assert none.found == ()


def test_rooms_are_large_enough() -> None:
    found = proposed(wanted(seats=20))
    assert [each.name for each in found.found[0].rooms] == ["C", "B"]
    small = proposed(wanted(seats=20, rooms=ROOMS[:1]))
    assert small.found == ()
    assert {each.reason for each in small.unsuited} == {"lead_time", "no_seats", "rest_day"}


def test_where_the_city_names_no_rooms_a_time_is_proposed_alone() -> None:
    [first, *_] = proposed(wanted(rooms=())).found
    assert (first.starts_at, first.rooms) == (at(3, 9), ())


def test_a_long_meeting_has_no_lunch_in_it() -> None:
    found = proposed(wanted(minutes=200))
    assert [each.starts_at for each in found.found[:1]] == [at(3, 14)]
    assert proposed(wanted(minutes=240)).found == ()


instants = st.builds(
    lambda day, half: at(day, 0) + timedelta(minutes=30 * half),
    st.integers(1, 10),
    st.integers(12, 40),
)
bookings = st.builds(
    lambda begins, minutes, room, people: Taken(
        Slot(begins, begins + timedelta(minutes=minutes)), "other", room, people
    ),
    instants,
    st.integers(10, 600),
    st.sampled_from([None, 1, 2, 3]),
    st.frozensets(st.sampled_from(PEOPLE)),
)


@given(
    st.lists(bookings, max_size=25),
    st.frozensets(st.sampled_from(PEOPLE)),
    st.integers(15, 240),
    st.integers(0, 40),
    st.sampled_from([ROOMS, ROOMS[:2], ()]),
)
def test_no_proposal_ever_books_twice(
    taken: list[Taken],
    people: frozenset[str],
    minutes: int,
    seats: int,
    offered: tuple[FreeRoom, ...],
) -> None:
    asked = wanted(people=people, minutes=minutes, seats=seats, rooms=offered)
    found = proposed(asked, *taken)
    for each in found.found:
        slot = Slot(each.starts_at, each.ends_at)
        on = each.starts_at.date()
        assert CALENDAR.is_working_day(on)
        assert CALENDAR.add(asked.noticed_on, RULES.notice_days) <= on <= asked.deadline_on
        assert slot in set(slots(HOURS, on, minutes, ZONE))
        assert bool(each.rooms) == bool(offered)
        for room in each.rooms or (None,):
            check_free(slot, room.id if room else None, people, taken)
    for one, other in zip(found.found, found.found[1:], strict=False):
        assert one.ends_at <= other.starts_at


@given(st.lists(bookings, max_size=15), st.frozensets(st.sampled_from(PEOPLE), min_size=1))
def test_every_time_before_the_first_proposal_is_named_and_truly_does_not_suit(
    taken: list[Taken], people: frozenset[str]
) -> None:
    asked = wanted(people=people, rooms=ROOMS[:2])
    found = proposed(asked, *taken)
    first = found.found[0].starts_at if found.found else at(10, 0)
    named = {each.starts_at: each.reason for each in found.unsuited if each.starts_at}
    days = {each.on: each.reason for each in found.unsuited if each.starts_at is None}
    for day in range(2, 10):
        on = date(2014, 9, day)
        if on in days:
            assert not CALENDAR.is_working_day(on) or on < date(2014, 9, 3)
            continue
        for slot in slots(HOURS, on, 60, ZONE):
            if slot.starts_at < first:
                assert slot.starts_at in named
                assert not any(free(slot, room.id, people, taken) for room in asked.rooms)


def free(slot: Slot, room: int, people: frozenset[str], taken: list[Taken]) -> bool:
    try:
        check_free(slot, room, people, taken)
    except Booked:
        return False
    return True


@given(
    st.dates(date(2014, 1, 1), date(2015, 12, 31)),
    st.integers(1, 30),
    st.frozensets(st.integers(1, 20), max_size=8),
)
def test_days_until_a_day_are_what_makes_it_due(on: date, more: int, stood: frozenset[int]) -> None:
    still = frozenset(on + timedelta(days=each) for each in stood)
    day = on + timedelta(days=20 + more)
    days = days_until(CALENDAR, on, day, still)
    due = due_on(CALENDAR, on, days, DayUnit.WORKING, not_counted=still)
    assert due <= day
    assert CALENDAR.between(due, day) == 0


def test_a_clock_that_stood_still_moves_the_deadline() -> None:
    monday = date(2014, 9, 1)
    assert deadline_on(CALENDAR, monday, RULES, complex_case=False) == date(2014, 9, 4)
    assert deadline_on(CALENDAR, monday, RULES, complex_case=True) == date(2014, 9, 9)
    still = (date(2014, 9, 2), date(2014, 9, 3), date(2014, 9, 6))
    assert deadline_on(CALENDAR, monday, RULES, complex_case=False, still=still) == date(2014, 9, 9)


@pytest.mark.parametrize(
    ("begins", "ends", "field"),
    [
        (at(3, 9), at(3, 9), "ends_at"),
        (at(3, 9), at(3, 8), "ends_at"),
        (at(3, 9), at(3, 22), "ends_at"),
        (at(1, 9), at(1, 10), "starts_at"),
    ],
)
def test_what_is_no_time_is_refused(begins: datetime, ends: datetime, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_slot(Slot(begins, ends), NOW)
    assert refused.value.detail["field"] == field


def test_hours_that_never_pass_are_refused() -> None:
    with pytest.raises(Invalid, match="step_minutes"):
        MeetingRules(step_minutes=0)
    assert MeetingRules(morning_from=time(8)).hours[0] == (time(8), time(12))
