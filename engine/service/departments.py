"""The city's departments, as `departments.yaml` names them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from engine.errors import Invalid
from engine.rules.catalogue import Name
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Department:
    """A department, by the code that diagrams and roles use."""

    id: str
    name: Name


def find(settings: Settings) -> tuple[Department, ...]:
    """Return every department, in the order of the file; none where there is no file.

    Raises Invalid where the file cannot be read.
    """
    path = settings.bpmn_dir / "departments.yaml"
    return read(path, path.stat().st_mtime) if path.is_file() else ()


@lru_cache(maxsize=8)
def read(path: Path, _changed: float) -> tuple[Department, ...]:
    """Read the file once per change."""
    try:
        rows = yaml.safe_load(path.read_bytes())["departments"]
        return tuple(Department(code, Name.of(row.get("name"), code)) for code, row in rows.items())
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"{path} cannot be read: {error}") from error


def check(code: str, settings: Settings) -> str:
    """Return a department's code. Raises Invalid naming those there are."""
    known = [department.id for department in find(settings)]
    if known and code not in known:
        text = f"there is no department {code!r}; there are {', '.join(known)}"
        raise Invalid(text, field="department")
    return code
