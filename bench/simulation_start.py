"""What the first run costs: the kernel compiled, and later read from where it is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

#: plays what touches every function of the kernel
PROGRAM = "engine.analysis.simulation.compile"


def starts(folder: Path) -> tuple[float, float]:
    """Return the seconds of a whole process with nothing kept, and of the next."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder / "compiled")}
    return seconds(environment), seconds(environment)


def seconds(environment: dict[str, str]) -> float:
    """Return how long the program takes."""
    began = perf_counter()
    subprocess.run([sys.executable, "-m", PROGRAM], env=environment, check=True)
    return perf_counter() - began
