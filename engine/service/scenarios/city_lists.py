"""What the city publishes for re-engineering: its lists of operations, and the preconditions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.analysis.reengineering.operation import Operation, operations_of
from engine.errors import Invalid
from engine.rules.precondition import Precondition, preconditions_of
from engine.settings import Settings
from engine.workflow.yaml_file import read_mapping

#: the procedure that the enabled operations reproduce, if the list says so; and the operations
Published = tuple[str | None, tuple[Operation, ...]]


def laws(settings: Settings) -> tuple[Precondition, ...]:
    """Return the legal preconditions; none where there is no file. Raises Invalid."""
    path = settings.bpmn_dir / "preconditions.yaml"
    return read_laws(path, path.stat().st_mtime) if path.is_file() else ()


@lru_cache(maxsize=8)
def read_laws(path: Path, _changed: float) -> tuple[Precondition, ...]:
    """Read the file once per change."""
    return preconditions_of(mapping(path))


def published(settings: Settings, procedure: str) -> Published:
    """Return what a procedure's published list makes, and the list; `(None, ())` without one.

    Raises Invalid where it cannot be read.
    """
    known = {each.stem: each for each in (settings.bpmn_dir / "operations").glob("*.yaml")}
    path = known.get(procedure)
    return (None, ()) if path is None else read_list(path, path.stat().st_mtime)


def listed(path: Path) -> Published:
    """Return what a file of operations makes, and the list. Raises Invalid."""
    return read_list(path, path.stat().st_mtime)


@lru_cache(maxsize=64)
def read_list(path: Path, _changed: float) -> Published:
    """Read a file once per change."""
    data = mapping(path)
    makes = data.get("makes")
    return None if makes is None else str(makes), operations_of(data.get("operations") or [])


def mapping(path: Path) -> Mapping[str, Any]:
    """Return what a file holds. Raises Invalid naming it."""
    try:
        return read_mapping(path.read_bytes())
    except ValueError as error:
        raise Invalid(f"{path.name} {error}", field="operations") from error
