"""The city's own procedures, deployed where they changed: starting again reads no diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.service import procedures
from engine.service.views import VersionView
from engine.service.work import Work
from engine.workflow.deployment import CATALOGUE, PROCEDURE
from engine.workflow.yaml_file import read_mapping

Files = Mapping[str, bytes]
Items = Mapping[str, Any]


def deploy(work: Work) -> list[VersionView]:
    """Deploy what is not the newest version already; returns the versions that are new."""
    home = work.settings.bpmn_dir / "procedures"
    folders = sorted(each.parent for each in home.glob(f"*/{PROCEDURE}"))
    found = {folder.name: procedures.bundle(folder, work.settings) for folder in folders}
    catalogues: dict[bytes, Items] = {}
    return [
        procedures.deploy(work, files)
        for name, files in found.items()
        if not is_newest(work, name, files, catalogues)
    ]


def is_newest(work: Work, name: str, files: Files, catalogues: dict[bytes, Items]) -> bool:
    """Tell whether files are the newest version of a procedure.

    A version keeps only the entries of the catalogue that its diagrams name; the diagrams being
    the same, these entries are what is to be compared. `catalogues` keeps what was read.
    """
    versions = procedures.find(work, name)
    if not versions:
        return False
    kept = procedures.files(work, versions[0].id)
    if without_catalogue(kept) != without_catalogue(files):
        return False
    whole = files.get(CATALOGUE, b"")
    if whole not in catalogues:
        catalogues[whole] = items(whole)
    entries, present = items(kept.get(CATALOGUE, b"")), catalogues[whole]
    return entries == {item: present.get(item) for item in entries}


def without_catalogue(files: Files) -> dict[str, bytes]:
    """Return the files of a procedure that are its own."""
    return {name: content for name, content in files.items() if name != CATALOGUE}


def items(catalogue: bytes) -> Items:
    """Return the items of a catalogue. Raises ValueError where it cannot be read."""
    found: Items = read_mapping(catalogue).get("items") or {}
    return found
