"""The accounts of the demonstration: shown for its own database, and while they are right."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.demonstration import accounts
from api.demonstration.people import people
from engine.service import identity, passwords
from engine.service.identity import RoleView
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store.database import open_database, transaction
from tests.service.city import counted

NOW = datetime(2014, 3, 3, 1, tzinfo=UTC)
PASSWORD = "a demonstration"
HASH = passwords.hashed(PASSWORD)
OTHER_HASH = passwords.hashed("another one")
WHO = {
    "admin": {("admin", "")},
    "coordinator": {("coordinator", "")},
    "reviewer-plan": {("reviewer", "PLAN"), ("clerk", "PLAN")},
}


class Place:
    """A database, and the folder of its data."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = replace(Settings(), database_url=url, data_dir=folder)
        self.engine: Engine = open_database(url, "NORMAL")

    def fill(self, *, keep: bool = True) -> None:
        with transaction(self.engine) as db:
            work = Work(db, NOW, SYSTEM, self.settings)
            for name, roles in WHO.items():
                identity.create(work, name, display_name="方静", password_hash=HASH, roles=roles)
            if keep:
                accounts.keep(work, PASSWORD, HASH, list(WHO))

    def change(self, name: str, **changes: object) -> None:
        with transaction(self.engine) as db:
            work = Work(db, NOW, SYSTEM, self.settings)
            identity.change(work, identity.named(work, name).id, changes)

    def accounts(self) -> accounts.DemoAccounts | None:
        with transaction(self.engine, read_only=True) as db:
            return accounts.accounts(Work(db, NOW, SYSTEM, self.settings))

    @property
    def file(self) -> Path:
        return self.settings.data_dir / accounts.FILE


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    found = Place(database_url, tmp_path / "data")
    yield found
    found.engine.dispose()


@pytest.fixture
def beside(sqlite_template: Path, tmp_path: Path) -> Iterator[Place]:
    """Another database with the same data folder."""
    file = tmp_path / "other.db"
    shutil.copy(sqlite_template, file)
    found = Place(f"sqlite:///{file}", tmp_path / "data")
    yield found
    found.engine.dispose()


def test_the_accounts_are_named_with_their_roles_and_password(place: Place) -> None:
    place.fill()
    assert place.accounts() == accounts.DemoAccounts(
        PASSWORD,
        (
            accounts.DemoAccount("admin", "方静", (RoleView("admin", ""),)),
            accounts.DemoAccount("coordinator", "方静", (RoleView("coordinator", ""),)),
            accounts.DemoAccount(
                "reviewer-plan", "方静", (RoleView("clerk", "PLAN"), RoleView("reviewer", "PLAN"))
            ),
        ),
    )


def test_only_the_owner_reads_the_file(place: Place) -> None:
    place.fill()
    assert stat.S_IMODE(place.file.stat().st_mode) == 0o600
    assert [each.name for each in place.settings.data_dir.iterdir()] == [accounts.FILE]


def test_one_statement_is_made_and_none_without_the_file(place: Place) -> None:
    place.fill()
    with counted(place.engine) as found:
        place.accounts()
    with_file = len(found)
    place.file.unlink()
    with counted(place.engine) as found:
        assert place.accounts() is None
    assert with_file == len(found) + 1


@pytest.mark.parametrize("changes", [{"password_hash": OTHER_HASH}, {"active": False}])
def test_who_cannot_log_in_with_it_is_not_named(place: Place, changes: dict[str, object]) -> None:
    place.fill()
    place.change("coordinator", **changes)
    found = place.accounts()
    assert found is not None
    assert [each.name for each in found.accounts] == ["admin", "reviewer-plan"]


def test_another_database_beside_the_file_names_nobody(place: Place, beside: Place) -> None:
    place.fill()
    beside.fill(keep=False)
    assert beside.accounts() is None


def test_the_file_of_another_demonstration_names_nobody(place: Place, beside: Place) -> None:
    beside.fill()
    place.fill()
    assert place.accounts() is not None
    assert beside.accounts() is None


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"mark": "x"})])
def test_a_file_that_cannot_be_read_names_nobody(place: Place, content: str) -> None:
    place.fill()
    place.file.write_text(content)
    assert place.accounts() is None


def test_there_is_somebody_of_every_role_in_every_department() -> None:
    everybody = people(Settings())
    assert {each.role for each in everybody} == {
        *("admin", "coordinator", "supervisor", "analyst", "applicant", "clerk", "reviewer"),
        "head",
    }
    names = [each.user for each in everybody]
    assert len(set(names)) == len(names)
    assert {"admin", "coordinator", "applicant-1", "clerk-plan", "reviewer-plan"} <= set(names)
    clerks = {each.department for each in everybody if each.role == "clerk"}
    reviewers = {each.department for each in everybody if each.role == "reviewer"}
    heads = {each.department for each in everybody if each.role == "head"}
    assert clerks == reviewers
    assert heads == {*clerks, ""}
    assert "" not in clerks
    assert len(clerks) >= 12
