"""What the city decides for itself, as `city.yaml` says it: read once per change of the file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from engine.errors import Invalid
from engine.rules.city import CityRules
from engine.settings import Settings
from engine.workflow.yaml_file import read_mapping


def rules(settings: Settings) -> CityRules:
    """Return the city's rules; the defaults where there is no file. Raises Invalid."""
    path = settings.bpmn_dir / "city.yaml"
    return read(path, path.stat().st_mtime) if path.is_file() else CityRules()


@lru_cache(maxsize=8)
def read(path: Path, _changed: float) -> CityRules:
    """Read the file once per change."""
    try:
        return CityRules.of(read_mapping(path.read_bytes()))
    except ValueError as error:
        raise Invalid(f"{path}: {error}") from error
