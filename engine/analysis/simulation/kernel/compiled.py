"""How the kernel's functions are compiled, and where what was compiled is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba import njit
from numba.core import config

HERE = Path(__file__).parent


def sources() -> str:
    """Return what names this state of the kernel: a hash over its files."""
    found = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


# numba looks only at a function's own file to see whether what it kept is still good, not at what
# the function calls in other files: so each state of the whole kernel has a folder of its own
kept = Path(getattr(config, "CACHE_DIR", "") or HERE / "__pycache__")
config.CACHE_DIR = str(kept / sources())  # type: ignore[attr-defined]

#: They allocate nothing, so arrays need not be counted: counting every array of a program at
#: every call took nine tenths of the time. Numbers are divided as numpy does, without a check,
#: and other threads may go on meanwhile.
OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False, "error_model": "numpy"}
compiled = njit(**OPTIONS, forceinline=True)
inlined = njit(**OPTIONS, inline="always")
