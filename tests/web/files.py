"""Files of procedures to upload in tests: the city's own, changed, broken, packed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache

from engine.service import procedures
from engine.settings import Settings

PROCEDURE = "industrial-2014"
Files = Mapping[str, bytes]


@cache
def city() -> Files:
    """The files of the industrial procedure of 2014, as its folder has them."""
    every = procedures.named(PROCEDURE, Settings())
    return {
        name: each for name, each in every.items() if name not in {"catalogue.yaml", "item.bpmn"}
    }


def changed(name: str, before: str, after: str, files: Files | None = None) -> Files:
    """The same files with a text of one of them changed; it must be there."""
    found = files or city()
    assert before.encode() in found[name]
    return {**found, name: found[name].replace(before.encode(), after.encode(), 1)}


def faster() -> Files:
    """Two days less for the review of the scheme, which is critical."""
    return changed("procedure.yaml", "IND-08: {promised_days: 7", "IND-08: {promised_days: 5")


def packed(files: Files) -> bytes:
    """Files as a ZIP archive with a folder."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(f"{PROCEDURE}/{name}", content)
    return target.getvalue()
