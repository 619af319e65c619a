"""Whoever runs Lianshen owes nobody their source, the pages included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PERMISSIVE = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}
#: the MIT licence, and that the watermark of bpmn.io stays on every diagram
WATERMARKED = {"bpmn-js": "SEE LICENSE IN LICENSE"}
BUILT = ROOT / "api" / "web" / "static"


def shipped() -> dict[str, dict[str, Any]]:
    """The packages that the bundles may hold, by name: all but those of development."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return {
        path.rpartition("node_modules/")[2]: entry
        for path, entry in lock["packages"].items()
        if path and not entry.get("dev")
    }


@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_package_asks_for_the_source(name: str) -> None:
    told = shipped()[name]["license"]
    assert told in PERMISSIVE or told == WATERMARKED.get(name)


def test_the_licences_of_what_is_bundled_are_served_with_it() -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    told = (BUILT / manifest["licences.txt"]).read_text(encoding="utf-8")
    for name in ("bpmn-js", "diagram-js", "echarts", "htmx.org", "idiomorph"):
        assert f"{name} {shipped()[name]['version']} (" in told


def test_the_watermark_is_not_hidden() -> None:
    sheets = (ROOT / "api" / "web" / "styles").glob("*.css")
    assert not [sheet.name for sheet in sheets if "bjs-powered-by" in sheet.read_text("utf-8")]
