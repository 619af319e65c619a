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


def code_of(text: str, settings: Settings) -> str:
    """Return the code of a department given by its code or by one of its names.

    Any code will do where there is no file. Raises Invalid naming the departments there are.
    """
    known = find(settings)
    for department in known:
        if text in {department.id, department.name.zh, department.name.en}:
            return department.id
    if not known:
        return text
    codes = ", ".join(department.id for department in known)
    raise Invalid(f"there is no department {text!r}; there are {codes}", field="roles")
