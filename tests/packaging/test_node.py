"""The pages are built on any machine: with its own Node, or with the one pip installs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(path: Path, *arguments: str) -> str:
    """Run the script on a machine whose commands lie in one folder alone."""
    return subprocess.run(
        [sys.executable, str(ROOT / "requirements" / "node.py"), *arguments],
        env={"PATH": str(path), "HOME": str(path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def pretend(folder: Path, version: str) -> None:
    """Put a `node` and an `npm` of a version there, that say only who they are."""
    for name in ("node", "npm"):
        command = folder / name
        command.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        command.chmod(0o755)


@pytest.mark.parametrize("program", ["node", "npm"])
def test_a_machine_without_node_uses_the_installed_one(tmp_path: Path, program: str) -> None:
    major = re.match(r"v?(\d+)\.", run(tmp_path, program, "--version"))
    assert major is not None
    assert int(major.group(1)) >= 10


def test_a_node_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    pretend(tmp_path, "v16.20.2")
    assert run(tmp_path, "node", "--version") != "v16.20.2\n"


def test_a_node_that_is_new_enough_is_used(tmp_path: Path) -> None:
    pretend(tmp_path, "v18.0.0")
    assert run(tmp_path, "node", "--version") == "v18.0.0\n"
