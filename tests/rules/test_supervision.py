"""Cards as rules: when lateness gives one, what becomes of it, and what follows from the number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.errors import Conflict, Invalid
from engine.rules import china
from engine.rules.city import CityRules
from engine.rules.lifecycle import check
from engine.rules.supervision import (
    BREACHES,
    CARD,
    EVERY_BREACH,
    GRAVITY,
    CardRules,
    Colour,
    Counted,
    Ladder,
    Lateness,
    Rung,
    due_breach,
    first_of,
    next_look,
    quarter_of,
    shifted,
    tally,
)

CALENDAR = china.calendar()
RULES = CardRules()
ONE = timedelta(days=1)

days = st.dates(date(2005, 1, 1), date(2026, 6, 30))


@st.composite
def city_rules(draw: st.DrawFn) -> CardRules:
    red_after = draw(st.integers(0, 8))
    return CardRules(
        yellow_from_days=draw(st.integers(1, red_after + 1)),
        red_after_days=red_after,
        red_past_statute=draw(st.booleans()),
    )


@st.composite
def late_tasks(draw: st.DrawFn) -> Lateness:
    due_on = CALENDAR.next_working_day(draw(days))
    to_statute = draw(st.none() | st.integers(0, 40))
    stopped = draw(st.frozensets(st.integers(1, 40), max_size=8))
    return Lateness(
        CALENDAR,
        due_on,
        None if to_statute is None else due_on + to_statute * ONE,
        frozenset(due_on + each * ONE for each in stopped),
    )


def days_late(late: Lateness, today: date) -> int:
    """Count day by day, by the calendar alone: today is one of them, worked or not."""
    until = CALENDAR.next_working_day(today)
    passed = [late.due_on + each * ONE for each in range(1, (until - late.due_on).days + 1)]
    return sum(
        CALENDAR.is_working_day(on) and not (on in late.stopped and on <= today) for on in passed
    )


def colour(late: Lateness, today: date, rules: CardRules = RULES) -> str:
    """The colour that is due, '' for none."""
    breach = due_breach(late, today, rules)
    return str(breach.colour) if breach else ""


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2014-10-10", ""),
        ("2014-10-11", "overdue"),  # a Saturday that was worked
        ("2014-10-12", "overdue"),  # a rest day counts as the working day it leads to
        ("2014-10-14", "overdue"),
        ("2014-10-15", "long_overdue"),
    ],
)
def test_yellow_from_the_first_day_red_after_three(today: str, expected: str) -> None:
    late = Lateness(CALENDAR, date(2014, 10, 10))
    breach = due_breach(late, date.fromisoformat(today), RULES)
    assert (breach.id if breach else "") == expected


def test_red_from_the_first_day_past_the_statute() -> None:
    late = Lateness(CALENDAR, date(2014, 10, 10), date(2014, 10, 13))
    assert colour(late, date(2014, 10, 13)) == "yellow"
    breach = due_breach(late, date(2014, 10, 14), RULES)
    assert breach is not None
    assert (breach.id, breach.colour) == ("past_statute", "red")
    lenient = CardRules(red_past_statute=False)
    assert colour(late, date(2014, 10, 14), lenient) == "yellow"


def test_a_clock_that_stands_still_makes_nothing_later() -> None:
    moving = Lateness(CALENDAR, date(2014, 10, 10))
    # stopped from the 13th on, going on with the 20th
    still = replace(moving, stopped=frozenset(date(2014, 10, each) for each in range(14, 21)))
    assert colour(moving, date(2014, 10, 21)) == "red"
    assert (still.days(date(2014, 10, 20)), still.days(date(2014, 10, 21))) == (2, 3)
    assert (colour(still, date(2014, 10, 21)), colour(still, date(2014, 10, 22))) == (
        "yellow",
        "red",
    )


def test_who_is_given_a_task_late_has_a_working_day_of_their_own() -> None:
    """Due on Friday the 10th, both by promise and by law; Saturday the 11th was worked."""
    due_on = date(2014, 10, 10)
    given = Lateness(CALENDAR, due_on, due_on, given_on=date(2014, 10, 13))
    assert [colour(given, date(2014, 10, each)) for each in (13, 14, 15)] == ["", "", "red"]
    lenient = CardRules(red_past_statute=False)
    days = [given.days(date(2014, 10, each)) for each in (13, 14, 15, 16)]
    assert days == [0, 0, 1, 2], "what went before is not theirs"
    assert colour(given, date(2014, 10, 15), lenient) == "yellow"
    assert next_look(given, date(2014, 10, 13), lenient) == date(2014, 10, 15)
    assert next_look(given, date(2014, 10, 13), RULES) == date(2014, 10, 15)
    in_time = replace(given, given_on=date(2014, 10, 9))
    assert colour(in_time, date(2014, 10, 11)) == "red", "who had it before is late at once"


@given(late_tasks(), st.integers(-20, 60))
def test_days_are_counted_as_one_would_by_hand(late: Lateness, after: int) -> None:
    today = late.due_on + after * ONE
    assert late.days(today) == (days_late(late, today) if after > 0 else 0)


@given(late_tasks(), city_rules())
def test_what_is_late_never_gets_a_milder_card(late: Lateness, rules: CardRules) -> None:
    """Day by day while the clock runs: none, then yellow, then red."""
    running = replace(late, stopped=frozenset())
    seen = [colour(running, running.due_on + each * ONE, rules) for each in range(-3, 40)]
    grave = [GRAVITY[each] if each else -1 for each in seen]
    assert grave == sorted(grave)
    assert set(seen[:4]) == {""}


@given(late_tasks(), city_rules(), st.integers(1, 30))
def test_the_next_look_is_the_day_of_the_next_card(
    late: Lateness, rules: CardRules, after: int
) -> None:
    """Looking only then misses no card, and none is looked at in vain while the clock runs."""
    today = late.due_on + after * ONE
    late = replace(late, stopped=frozenset(on for on in late.stopped if on <= today))
    look_on = next_look(late, today, rules)
    present = colour(late, today, rules)
    if look_on is None:
        assert present == "red"
        return
    between = (today + each * ONE for each in range((look_on - today).days))
    assert {colour(late, on, rules) for on in between} == {present}
    assert colour(late, look_on, rules) not in {"", present}


@given(late_tasks(), st.integers(1, 30))
def test_a_city_may_leave_it_to_its_supervisors(late: Lateness, after: int) -> None:
    off = CardRules(automatic=False)
    today = late.due_on + after * ONE
    assert due_breach(late, today, off) is None
    assert next_look(late, today, off) is None


def test_every_breach_has_its_source() -> None:
    assert all(each.source and each.name.zh and each.name.en for each in EVERY_BREACH.values())
    assert not any(each.automatic for each in BREACHES.values())


@pytest.mark.parametrize(
    ("state", "to"),
    [
        ("issued", "upheld"),  # what nobody explained is not decided against them
        ("explained", "explained"),
        ("upheld", "withdrawn"),
        ("withdrawn", "appealed"),
        ("corrected", "appealed"),
    ],
)
def test_what_a_card_cannot_become(state: str, to: str) -> None:
    with pytest.raises(Conflict):
        check(CARD, state, to, "the card")


# -- the ladder ---------------------------------------------------------------------------------


def test_the_rungs_of_a_quarter() -> None:
    rungs = [str(Ladder().rung(each)) for each in range(8)]
    assert rungs == ["none", "reminder", *["yellow"] * 2, *["red"] * 2, *["admonition"] * 2]
    assert Ladder(reminder=0).rung(1) is Rung.NONE
    assert Ladder(red=0).rung(5) is Rung.YELLOW


@given(
    st.tuples(*(st.integers(0, 9) for _ in range(4))),
    st.integers(0, 12),
)
def test_more_cards_never_lead_to_a_milder_rung(steps: tuple[int, ...], cards: int) -> None:
    used = [each for each in steps if each]
    assume(used == sorted(set(used)))
    ladder = Ladder(*steps)
    order = list(Rung)
    assert order.index(ladder.rung(cards)) <= order.index(ladder.rung(cards + 1))


@pytest.mark.parametrize(
    "data",
    [
        {"ladder": {"reminder": 3}},  # as many as the next rung needs, and more
        {"ladder": {"admonition": 4}},
        {"yellow_from_days": 0},
        {"yellow_from_days": 5},
        {"red_after_days": -1},
        {"automatic": "no"},
        {"blue_after_days": 1},
    ],
)
def test_a_city_says_what_makes_no_sense(data: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        CityRules.of({"cards": data})


cards = st.builds(
    Counted,
    task=st.sampled_from([None, "a", "b", "c"]),
    rule=st.sampled_from(sorted(EVERY_BREACH)),
    colour=st.sampled_from([str(each) for each in Colour]),
    state=st.sampled_from(sorted(CARD)),
)


def test_of_a_tasks_lateness_the_gravest_card_counts() -> None:
    yellow = Counted("a", "overdue", "yellow", "explained")
    red = Counted("a", "long_overdue", "red", "issued")
    found = tally([yellow, red])
    assert (found.yellow, found.red, found.standing, found.withdrawn) == (0, 1, 1, 0)
    found = tally([yellow, replace(red, state="withdrawn")])
    assert (found.yellow, found.red, found.withdrawn) == (1, 0, 1)
    assert tally([yellow, replace(red, rule="off_system")]).standing == 2


@given(st.lists(cards, max_size=12), st.integers(0, 11))
def test_a_withdrawn_card_does_not_count(every: list[Counted], which: int) -> None:
    before = tally(every)
    kept = [each for each in every if each.state != "withdrawn"]
    assert (tally(kept).yellow, tally(kept).red) == (before.yellow, before.red)
    assert before.withdrawn == len(every) - len(kept)
    assert before.standing <= len(kept)
    if which < len(every):
        fewer = [*every[:which], replace(every[which], state="withdrawn"), *every[which + 1 :]]
        assert tally(fewer).standing <= before.standing


# -- quarters -----------------------------------------------------------------------------------


@given(days, st.integers(-12, 12))
def test_quarters_follow_each_other(on: date, by: int) -> None:
    quarter = quarter_of(on)
    assert first_of(quarter) <= on < first_of(shifted(quarter, 1))
    assert shifted(shifted(quarter, by), -by) == quarter
    assert (shifted(quarter, by) > quarter) == (by > 0)


@pytest.mark.parametrize("text", ["", "2014", "2014Q5", "2014Q0", "14Q4", "2014q4", "0000Q1"])
def test_what_is_no_quarter(text: str) -> None:
    with pytest.raises(Invalid):
        first_of(text)
