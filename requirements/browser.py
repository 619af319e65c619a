"""What the browser tests need of the system, Chromium and a Chinese font: find it, or install it.

python requirements/browser.py

On Debian, as root, what is missing is installed; elsewhere, or where that fails, one line says how
to get it. It never fails: the tests themselves are skipped without a browser.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

#: names another browser of the Chromium family, by its path
NAMED = "LIANSHEN_TEST_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = {"Chromium": "chromium", "a Chinese font": "fonts-noto-cjk"}
#: gives up on a dead network, and waits for another installation to end
APT = (
    "apt-get",
    "-qq",
    "-o=Acquire::Retries=1",
    "-o=Acquire::http::Timeout=20",
    "-o=Acquire::https::Timeout=20",
    "-o=DPkg::Lock::Timeout=300",
)
SECONDS = 900


def chromium() -> Path | None:
    """Return the browser to use: the one that is named, or the first there is."""
    if named := os.environ.get(NAMED):
        return Path(named) if os.access(named, os.X_OK) else None
    found = next(filter(None, map(shutil.which, COMMANDS)), None)
    return Path(found) if found else None


def has_chinese_font() -> bool:
    """Whether Chinese is shown as letters, not as boxes; only Linux comes without."""
    if platform.system() != "Linux":
        return True
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    fonts = subprocess.run([lister, ":lang=zh", "family"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def missing() -> list[str]:
    """Return what is not there, of the names in PACKAGES."""
    there = {"Chromium": chromium() is not None, "a Chinese font": has_chinese_font()}
    return [name for name, found in there.items() if not found]


def advice() -> str:
    """Return how to get what is missing, in one line."""
    packages = " ".join(PACKAGES[name] for name in missing())
    return (
        f"the browser tests need {' and '.join(missing())}: "
        f"install it (on Debian: apt-get install {packages}) or name a browser in {NAMED}"
    )


def may_install() -> bool:
    """Whether this is Debian and we are root, and nobody named a browser of their own."""
    if os.geteuid() != 0 or NAMED in os.environ or shutil.which("apt-get") is None:
        return False
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def install() -> bool:
    """Install what is missing with apt; tell whether that went well."""
    packages = [PACKAGES[name] for name in missing()]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update"], ["install", "--yes", "--no-install-recommends", *packages])
    return all(run([*APT, *words], quiet) for words in commands)


def run(command: list[str], environment: dict[str, str]) -> bool:
    """Run a command that says nothing; tell whether it ended well."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def main() -> None:
    """Install what is missing where that may be done; say so, or how to get it."""
    if not missing():
        return
    if may_install():
        print(f"Installing {' and '.join(missing())} for the browser tests ...", flush=True)
        install()
    if missing():
        print(f"Skipped: {advice()}", flush=True)


if __name__ == "__main__":
    main()
