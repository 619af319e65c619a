"""A test can trust its database: its own, whole, on both kinds, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, make_url, text

from tests import postgres
from tests.databases import PostgresDatabases


def tables(url: str) -> list[str]:
    engine = create_engine(url)
    names = inspect(engine).get_table_names()
    engine.dispose()
    return names


def write(url: str) -> None:
    """Leave a mark; fails where one was left before."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id INTEGER)"))
    engine.dispose()


def test_it_has_the_present_schema(database_url: str) -> None:
    assert "alembic_version" in tables(database_url)


def test_an_empty_one_has_none(empty_database_url: str) -> None:
    assert tables(empty_database_url) == []


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_one_test_writes_no_other_finds(database_url: str, time: str) -> None:
    assert "left_behind" not in tables(database_url), time
    write(database_url)


def test_a_database_left_open_is_removed_all_the_same(
    postgres_databases: PostgresDatabases, postgresql_url: str
) -> None:
    url = postgres_databases.create(make_url(postgresql_url).database or "")
    engine = create_engine(url)
    with engine.connect():
        postgres_databases.drop(url)
    engine.dispose()


def test_a_server_leaves_nothing_behind() -> None:
    try:
        server = postgres.start()
    except postgres.CannotStart as refusal:
        pytest.skip(str(refusal))
    home = Path(str(make_url(server.url).query["host"]))
    assert home.exists()
    server.stop()
    assert not home.exists()
    assert server.keeper.poll() is not None
