"""The schema: built by migrations, equal to the tables, by several processes at once."""

from __future__ import annotations

import multiprocessing
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, make_url

from engine.store.database import migrate, open_database, transaction, upgrade
from engine.store.tables import metadata


def tables(engine: Engine) -> set[str]:
    """The tables there are."""
    return set(inspect(engine).get_table_names())


def test_upgraded_from_nothing_it_is_what_the_tables_say(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    engine = open_database(empty_database_url)
    with transaction(engine) as db:
        options = {"compare_type": True, "target_metadata": metadata}
        context = MigrationContext.configure(db, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_it_goes_down_to_nothing_and_up_again(empty_database_url: str) -> None:
    engine = open_database(empty_database_url)
    upgrade(empty_database_url)
    full = tables(engine)
    assert full == {*metadata.tables, "alembic_version"}
    migrate(empty_database_url, "downgrade", "base")
    assert tables(engine) == {"alembic_version"}
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    assert tables(engine) == full
    engine.dispose()


def upgrade_and_tell(url: str, queue: Any) -> None:
    """Upgrade in a process of its own."""
    try:
        upgrade(url)
        queue.put("done")
    except Exception as error:  # noqa: BLE001 - the answer
        queue.put(repr(error))


def test_services_that_start_at_once_upgrade_once(empty_database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    starting = [
        context.Process(target=upgrade_and_tell, args=(empty_database_url, queue)) for _ in range(3)
    ]
    for each in starting:
        each.start()
    answers = [queue.get(timeout=120) for _ in starting]
    for each in starting:
        each.join()
    assert answers == ["done"] * 3
    engine = create_engine(make_url(empty_database_url))
    assert tables(engine) == {*metadata.tables, "alembic_version"}
    engine.dispose()
