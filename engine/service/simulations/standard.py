"""What the city says of its people, windows and projects: `staffing.yaml` beside the procedures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import Invalid
from engine.settings import Settings
from engine.workflow.yaml_file import read_mapping

FILE = "staffing.yaml"


def assumptions(settings: Settings) -> Mapping[str, Any]:
    """Return the city's assumptions; empty where there is no file. Raises Invalid."""
    path = settings.bpmn_dir / FILE
    return read(path, path.stat().st_mtime) if path.is_file() else {}


@lru_cache(maxsize=8)
def read(path: Path, _changed: float) -> Mapping[str, Any]:
    """Read the file once per change."""
    try:
        return mapping(path.read_bytes())
    except ValueError as error:
        raise Invalid(f"{FILE} {error}", field="resources") from error


def mapping(content: bytes) -> dict[str, Any]:
    """Return the assumptions that a file holds, as JSON does. Raises ValueError."""
    found: dict[str, Any] = plain(read_mapping(content))
    return found


def plain(value: Any) -> Any:
    """Return what YAML gives as JSON has it: dates are text."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
