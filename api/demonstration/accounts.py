"""The accounts of the demonstration, for a login page that names them to this machine only.

Their password lies in the data folder, readable by its owner. The file is tied to the one
database it was made with by a mark that also stands in that database's history.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.service import demonstration
from engine.service.identity import RoleView
from engine.service.work import Work
from engine.settings import Settings

FILE = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A user of the demonstration who still has the password it was loaded with."""

    name: str
    display_name: str
    roles: tuple[RoleView, ...]


@dataclass(frozen=True, slots=True)
class DemoAccounts:
    """The users of the demonstration, in the order they were added, and their one password."""

    password: str
    accounts: tuple[DemoAccount, ...]


def accounts(work: Work) -> DemoAccounts | None:
    """Return the demonstration's accounts; None where the database is not the demonstration.

    Without the file no statement is made, else one. Show them to clients on this machine only.
    """
    kept = read(path_of(work.settings))
    if kept is None:
        return None
    rows = demonstration.users(work, kept["event"], kept["users"])
    mine = [row for row in rows if row["data"].get("mark") == kept["mark"]]
    valid = [row for row in mine if row["password_hash"] == kept["password_hash"]]
    return DemoAccounts(kept["password"], gathered(valid)) if valid else None


def gathered(rows: Sequence[Mapping[str, Any]]) -> tuple[DemoAccount, ...]:
    """Return rows, one a role, as accounts."""
    roles: dict[tuple[str, str], list[RoleView]] = {}
    for row in rows:
        held = roles.setdefault((row["name"], row["display_name"]), [])
        held.append(RoleView(row["role"], row["department"]))
    return tuple(DemoAccount(*names, tuple(held)) for names, held in roles.items())


def keep(work: Work, password: str, password_hash: str, users: Sequence[str]) -> None:
    """Note in the history that the demonstration is loaded, and keep its users' password."""
    mark = secrets.token_hex(16)
    event = demonstration.record(work, mark)
    write(
        path_of(work.settings),
        {
            "mark": mark,
            "event": event,
            "password": password,
            "password_hash": password_hash,
            "users": list(users),
        },
    )


def path_of(settings: Settings) -> Path:
    """Return where the file lies."""
    return settings.data_dir / FILE


def read(path: Path) -> Mapping[str, Any] | None:
    """Return what is kept; None where there is no file, or none that this version wrote."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    wanted = {"mark", "event", "password", "password_hash", "users"}
    return kept if isinstance(kept, dict) and wanted <= set(kept) else None


def write(path: Path, kept: Mapping[str, Any]) -> None:
    """Write the file whole, readable by its owner only; one of an older database gives way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # a temporary file is readable by its owner only
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(json.dumps(kept, ensure_ascii=False, indent=2).encode())
    Path(draft.name).replace(path)
