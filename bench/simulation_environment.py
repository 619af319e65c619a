"""Prosimos in an environment of its own: it pins libraries, and is no dependency of ours."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.simulation_permit import DIAGRAM, FOLDER

REQUIREMENTS = FOLDER / "requirements.txt"
PLAYER = FOLDER / "play.py"
#: kept from one bench to the next
ENVIRONMENTS = FOLDER.parent.parent / "var" / "bench"
#: Prosimos 2.1 takes no later ones
PYTHONS = ("python3.12", "python3.11")
LATEST = (3, 12)
SECONDS = 1_800


class CannotInstall(Exception):
    """Prosimos cannot be installed here."""


@dataclass(frozen=True)
class Prosimos:
    """An environment that holds Prosimos."""

    python: Path

    @classmethod
    def installed(cls) -> Prosimos:
        """Return the environment, made now if there is none. Raises CannotInstall."""
        name = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
        folder = ENVIRONMENTS / f"prosimos-{name}"
        found = cls(folder / "bin" / "python")
        if (folder / "complete").exists():
            return found
        run([interpreter(), "-m", "venv", "--clear", str(folder)])
        run([str(found.python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)])
        (folder / "complete").touch()
        return found

    def play(
        self, what: str, parameters: Path, cases: int, folder: Path, seeds: Sequence[int]
    ) -> Any:
        """Play the permit once for each seed and return what the player says; see play.py."""
        files = (str(DIAGRAM), str(parameters))
        words = (what, *files, str(cases), str(folder), *map(str, seeds))
        # it writes warnings into the folder it stands in
        return json.loads(run([str(self.python), str(PLAYER), *words], folder).splitlines()[-1])

    def versions(self) -> str:
        """Return the versions that matter."""
        named = ("prosimos", "pix-framework", "numpy", "scipy", "pandas")
        lines = (line.partition("==") for line in REQUIREMENTS.read_text().splitlines())
        return ", ".join(f"{name} {version}" for name, _, version in lines if name in named)


def interpreter() -> str:
    """Return a Python that Prosimos runs on. Raises CannotInstall."""
    here = [sys.executable] if sys.version_info[:2] <= LATEST else []
    return next(candidates(here), "") or refuse("there is no Python 3.11 or 3.12")


def candidates(here: Sequence[str]) -> Iterator[str]:
    """Yield Pythons that would do."""
    yield from here
    yield from filter(None, map(shutil.which, PYTHONS))


def run(command: Sequence[str], folder: Path | None = None) -> str:
    """Return what a command prints. Raises CannotInstall with the last line of its complaints."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotInstall(str(error)) from error
    if done.returncode:
        refuse((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return done.stdout


def refuse(why: str) -> str:
    """Raise CannotInstall."""
    raise CannotInstall(why)
