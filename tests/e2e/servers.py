"""Real processes of the service, on a database of the test's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

LIANSHEN = Path(sys.executable).parent / "lianshen"
ATTEMPTS = 100
#: of what the processes wrote, how much a failure tells
LINES = 60


@dataclass(frozen=True)
class Installation:
    """The command line on one database."""

    database_url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LIANSHEN_DATABASE_URL": self.database_url,
            "LIANSHEN_DATA_DIR": str(self.folder),
            "LIANSHEN_SWEEP_SECONDS": "1",
        }

    @property
    def log(self) -> Path:
        """What the processes beside the test write."""
        return self.folder / "processes.log"

    def told(self) -> str:
        """Return the end of what the processes wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LINES:])

    def run(self, *words: str) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [LIANSHEN, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def process(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command beside the test, and end it as an operator would."""
        with self.log.open("ab") as log:
            running = subprocess.Popen(
                [LIANSHEN, *words], env=self.environment, stdout=log, stderr=log
            )
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=60)

    @contextmanager
    def server(self, *words: str) -> Iterator[str]:
        """Serve, and yield the address once it answers."""
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with self.process("serve", "--port", str(port), *words) as running:
            try:
                await_answer(address, running)
            except AssertionError as error:
                error.add_note(self.told())
                raise
            yield address

    def admin_token(self) -> str:
        """Return the token of a new admin."""
        self.run("db", "upgrade")
        self.run("user", "add", "root", "--role", "admin")
        return self.run("token", "create", "root")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_answer(address: str, running: subprocess.Popen[bytes]) -> None:
    """Wait until a server is ready."""
    for _ in range(ATTEMPTS):
        assert running.poll() is None, "the server ended by itself"
        try:
            with urlopen(f"{address}/readyz", timeout=5):
                return
        except URLError:
            running_or_wait(running)
    raise AssertionError(f"nobody answers at {address}")


def running_or_wait(running: subprocess.Popen[bytes]) -> None:
    """Give a process a moment, or learn that it has ended."""
    try:
        running.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        return
