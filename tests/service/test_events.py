"""The feed: every event, in order, once; also under commits out of order."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from engine.errors import Forbidden, Invalid
from engine.service import events, projects
from engine.service.views import EventView
from engine.service.work import Work
from engine.store import tables as t
from tests.service.city import ADMIN, City
from tests.service.drawn import little
from tests.service.driving import run_on_time


def follow(city: City, cursor: str | None, limit: int = 7) -> tuple[list[EventView], str | None]:
    """Read to the end, as another system does; return what was new and where to go on."""
    found: list[EventView] = []
    while True:
        part = city.see(events.feed, cursor=cursor, limit=limit)
        if not part.items:
            return found, cursor
        found += part.items
        cursor = part.next


def test_everything_comes_once_and_the_cursor_goes_on_from_the_end(city: City) -> None:
    city.deploy(little())
    assert city.see(events.feed, limit=1).next is not None
    project = city.start("little")
    first, cursor = follow(city, None)
    assert first[0].event == "procedure.deployed"
    assert follow(city, cursor) == ([], cursor)
    run_on_time(city, project)
    second, cursor = follow(city, cursor)
    told = [each.id for each in first + second]
    assert told == [str(row["id"]) for row in sorted(city.rows(t.history), key=lambda r: r["id"])]
    assert second[-1].event == "project.completed"
    assert follow(city, cursor) == ([], cursor)


def test_an_empty_feed_has_nothing_to_go_on_from(city: City) -> None:
    assert city.see(events.feed).next is None


def test_it_is_for_the_offices(small_city: City) -> None:
    for roles in ((("applicant", ""),), ()):
        with pytest.raises(Forbidden):
            small_city.see(events.feed, by=small_city.user(str(len(roles)), *roles))
    with pytest.raises(Invalid):
        small_city.see(events.feed, cursor="?")


def note(work: Work, name: str) -> None:
    """Write an event."""
    row = {"at": work.now, "actor": "somebody", "event": name, "data": {}}
    work.db.execute(insert(t.history).values(row))


def test_no_event_appears_behind_a_cursor(busy_city: City) -> None:
    """Two transactions write; the one that wrote first, with the lower ids, commits last."""
    city = busy_city
    slow, fast = city.engine.connect(), city.engine.connect()
    with slow, fast:
        late, early = slow.begin(), fast.begin()
        note(Work(slow, city.now, ADMIN, city.settings), "slow, first")
        note(Work(fast, city.now, ADMIN, city.settings), "fast")
        early.commit()
        # what is committed waits for what was begun before it
        assert follow(city, None) == ([], None)
        note(Work(slow, city.now, ADMIN, city.settings), "slow, second")
        with city.work() as work:
            note(work, "third")
        late.commit()
        found, cursor = follow(city, None, limit=1)
        assert [each.event for each in found] == ["slow, first", "slow, second", "fast", "third"]
        assert follow(city, cursor) == ([], cursor)


def test_a_reader_that_polls_between_commits_misses_nothing(busy_city: City) -> None:
    """Five writers whose commits come in every order; the reader looks after each."""
    city = busy_city
    orders = [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (1, 4, 0, 3, 2)]
    cursor, seen, written = None, [], []
    for round_number, order in enumerate(orders):
        open_ones = []
        for number in range(5):
            connection = city.engine.connect()
            transaction = connection.begin()
            name = f"{round_number}.{number}"
            note(Work(connection, city.now, ADMIN, city.settings), name)
            open_ones.append((connection, transaction))
            written.append(name)
        for number in order:
            connection, transaction = open_ones[number]
            transaction.rollback() if number == 3 else transaction.commit()
            connection.close()
            found, cursor = follow(city, cursor, limit=2)
            seen += [each.event for each in found]
    assert seen == [name for name in written if not name.endswith(".3")]


def test_a_project_created_in_a_transaction_rolled_back_is_not_told(city: City) -> None:
    city.deploy(little())

    def create_and_fail(work: Work) -> None:
        projects.create(work, "A workshop", "little", "ACME")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        city.do(create_and_fail)
    assert [each.event for each in follow(city, None)[0]] == ["procedure.deployed"]
