"""What is installed is whole: diagrams, data and migrations lie where the code looks for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("engine", "api", "bpmn")
DESCRIPTION = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
#: Prints the diagrams that the installed engine finds beside itself.
LOOK = """
import engine
from pathlib import Path
home = Path(engine.__file__).parents[1]
print(home)
print(*sorted(path.name for path in (home / "bpmn" / "procedures").iterdir()))
"""


def source_files(source: Path) -> set[str]:
    return {
        str(path.relative_to(source))
        for folder in SHIPPED
        for path in (source / folder).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source as a clone has it: building leaves files, and none shall lie in the work tree."""
    copy = tmp_path_factory.mktemp("source")
    for folder in SHIPPED:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for file in DESCRIPTION:
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    run("-m", "build", "--no-isolation", "--outdir", str(target), str(source))
    return next(target.glob("*.whl"))


def run(*arguments: str) -> str:
    """Run Python and return what it printed; what it wrote of an error is the failure's message."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_the_wheel_holds_every_file_of_the_source(source: Path, wheel: Path) -> None:
    expected = source_files(source)
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if not name.startswith("lianshen-")}
    assert shipped == expected


def test_the_installed_engine_finds_the_diagrams(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(home)
    code = f"import sys; sys.path.insert(0, {str(home)!r}){LOOK}"
    where, procedures = run("-P", "-c", code).splitlines()
    assert where == str(home)
    assert procedures.split() == [
        "industrial-2013",
        "industrial-2014",
        "real-estate-2013",
        "real-estate-2014",
    ]


def test_the_wheel_offers_the_command_and_its_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "lianshen = api.cli:main" in archive.read(points).decode()
    assert {"engine/py.typed", "api/py.typed"} <= set(names)
