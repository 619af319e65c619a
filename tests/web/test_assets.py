"""What pages load: whole, from this host alone, compressed, and small enough for a slow line."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "api" / "web"
STATIC = WEB / "static"
NAMES = {"app.css", "app.js", "chart.js", "diagram.css", "diagram.js", "icons.svg", "licences.txt"}
PACKED = {".css", ".js", ".svg", ".txt"}
#: Compressed bytes that may be loaded: by every page before it shows anything, and by some later.
FIRST_LOAD = ("app.css", "app.js", "icons.svg")
BUDGETS = [
    (FIRST_LOAD, 150_000),
    (("diagram.js", "diagram.css"), 200_000),
    (("chart.js",), 200_000),
]
#: An address of another host that a stylesheet would load, or a script import.
FOREIGN = re.compile(r"""(?:url\(|@import|import\(?)\s*["']?(?:https?:)?//[^)"']+""")


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    """Plain name to the name with a hash; `make install` builds it."""
    names: dict[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    return names


def packed_size(file: str) -> int:
    return (STATIC / f"{file}.gz").stat().st_size


def icons_named() -> set[str]:
    return set((WEB / "scripts" / "icons.txt").read_text(encoding="utf-8").split())


def test_the_manifest_names_what_pages_ask_for(manifest: dict[str, str]) -> None:
    assert set(manifest) >= NAMES


def test_names_change_with_what_files_hold(manifest: dict[str, str]) -> None:
    for name, file in manifest.items():
        plain = Path(name)
        digest = hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:10]
        assert file == f"{plain.stem}-{digest}{plain.suffix}"


def test_each_text_lies_compressed_beside_itself(manifest: dict[str, str]) -> None:
    for file in manifest.values():
        if Path(file).suffix in PACKED:
            packed = (STATIC / f"{file}.gz").read_bytes()
            assert gzip.decompress(packed) == (STATIC / file).read_bytes()
            assert packed[4:8] == bytes(4), "dated: two builds of one source would differ"


def test_nothing_is_left_of_an_earlier_build(manifest: dict[str, str]) -> None:
    present = {path.name.removesuffix(".gz") for path in STATIC.iterdir()}
    assert present == {*manifest.values(), "manifest.json"}


@pytest.mark.parametrize("name", ["app.css", "diagram.css", "app.js", "diagram.js", "chart.js"])
def test_nothing_is_loaded_from_another_host(manifest: dict[str, str], name: str) -> None:
    assert not FOREIGN.findall((STATIC / manifest[name]).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("names", "most"), BUDGETS, ids=str)
def test_loads_stay_small(manifest: dict[str, str], names: tuple[str, ...], most: int) -> None:
    assert sum(packed_size(manifest[name]) for name in names) < most


def test_the_sprite_has_the_icons_that_are_listed(manifest: dict[str, str]) -> None:
    sprite = (STATIC / manifest["icons.svg"]).read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == icons_named()


def test_the_lock_names_no_host_and_hashes_every_package() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]


def test_packages_are_pinned_exactly() -> None:
    described = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = [*described["dependencies"].values(), *described["devDependencies"].values()]
    assert not [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
