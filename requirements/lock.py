"""Write the lock file: what a fresh environment gets when nothing but setup.cfg restrains it."""

from __future__ import annotations

import configparser
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HEADER = """\
# Every library Lianshen is tested with, exactly; `make install` uses it as constraints.
# To run Lianshen elsewhere: pip install -c requirements/lock.txt lianshen
# Made by `make lock`.
"""


def requirements(config: Path) -> list[str]:
    """Everything the service and its development name directly."""
    parser = configparser.ConfigParser()
    parser.read(config, encoding="utf-8")
    named = parser["options"]["install_requires"] + parser["options.extras_require"]["dev"]
    return [line for line in named.splitlines() if line and not line.startswith("#")]


def main(target: Path) -> None:
    """Install the newest versions into an environment of their own and write them down."""
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        pip = [f"{home}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "install", "--quiet", "--upgrade", *requirements(Path("setup.cfg"))], check=True
        )
        frozen = subprocess.run(
            [*pip, "freeze", "--all", "--exclude", "pip"],
            check=True,
            capture_output=True,
            text=True,
        )
    target.write_text(HEADER + frozen.stdout, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
