"""Transactions: all or nothing, and what an error that is to be kept has written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from engine.errors import Conflict, Invalid
from engine.store import tables as t
from engine.store.database import open_database, transaction
from tests.service.city import City, counted


class Kept(Conflict):
    """An error whose writes are kept."""

    code = "kept"
    keep: ClassVar[bool] = True


def add(city: City, name: str, at: datetime | None = None) -> None:
    """Write a row, and fail as its name says."""
    failures = {"conflict": Conflict, "kept": Kept, "bug": RuntimeError}
    with transaction(city.engine) as db:
        db.execute(insert(t.user).values(name=name, created_at=at or city.now))
        if name in failures:
            raise failures[name]


@pytest.mark.parametrize(
    ("name", "error", "rows"),
    [("conflict", Conflict, 0), ("bug", RuntimeError, 0), ("kept", Kept, 1)],
)
def test_an_error_undoes_everything_unless_it_is_to_be_kept(
    city: City, name: str, error: type[Exception], rows: int
) -> None:
    with pytest.raises(error):
        add(city, name)
    assert len(city.rows(t.user)) == rows
    # the connection is as good as new
    add(city, "afterwards")


def test_instants_keep_their_moment_whatever_the_offset(city: City) -> None:
    at = datetime(2014, 9, 1, 0, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8)))
    add(city, "somebody", at)
    found = city.rows(t.user)[0]["created_at"]
    assert (found, found.tzinfo) == (at, UTC)


def test_sqlite_takes_the_write_lock_at_the_beginning(small_city: City) -> None:
    with counted(small_city.engine) as found:
        add(small_city, "somebody")
        with transaction(small_city.engine, read_only=True) as db:
            db.execute(select(t.user))
    begins = [each for each in found if each.startswith("BEGIN")]
    assert begins == ["BEGIN IMMEDIATE", "BEGIN"]


def test_sqlite_reads_while_somebody_writes(small_city: City) -> None:
    with transaction(small_city.engine) as writing:
        writing.execute(insert(t.user).values(name="a", created_at=small_city.now))
        assert small_city.rows(t.user) == []
    assert len(small_city.rows(t.user)) == 1


def test_sqlite_refuses_rows_that_refer_to_nothing(small_city: City) -> None:
    with transaction(small_city.engine, read_only=True) as db:
        assert db.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        assert db.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


def test_the_folder_of_a_database_is_made(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/a/b/lianshen.db")
    with transaction(engine) as db:
        db.execute(text("CREATE TABLE x (id INTEGER)"))
    engine.dispose()
    assert (tmp_path / "a" / "b" / "lianshen.db").exists()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "oracle+x://"]
)
def test_a_database_that_cannot_be_used_is_refused_with_the_reason(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        open_database(url)
    assert refusal.value.detail["field"] == "database_url"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_by_any_name_is_spoken_to_through_psycopg(scheme: str) -> None:
    engine = open_database(f"{scheme}://somebody@127.0.0.1:1/nowhere")
    assert engine.url.drivername == "postgresql+psycopg"
    with pytest.raises(OperationalError), engine.connect():
        pass
    engine.dispose()
