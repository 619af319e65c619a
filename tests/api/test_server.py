"""A real server process: it starts, answers, keeps its clock, and goes without leaving anybody."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

CLOCK = "2014-03-03T09:00:00+08:00"
SECONDS = 60
LIANSHEN = str(Path(sys.executable).with_name("lianshen"))


class Server:
    """A server in a process of its own, with a database of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environment = {
            **os.environ,
            "LIANSHEN_DATABASE_URL": url,
            "LIANSHEN_DATA_DIR": str(folder),
        }
        self.port = free_port()
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        command = [LIANSHEN, "serve", "--port", str(self.port), "--clock", CLOCK]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        self.process = process
        last_call = time.monotonic() + SECONDS
        while time.monotonic() < last_call and process.poll() is None:
            try:
                self.call("GET", "/healthz")
            except OSError:
                time.sleep(0.05)
            else:
                return process
        pytest.fail(f"the server did not start: {self.log.read_text()}")

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [LIANSHEN, *words], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", data, headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def children(self) -> list[int]:
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(word) for each in tasks for word in each.read_text().split()]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ended(process: int) -> bool:
    """Whether a process ends within a while."""
    last_call = time.monotonic() + SECONDS
    while time.monotonic() < last_call:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[Server]:
    server = Server(sqlite_url, tmp_path)
    yield server
    if server.process and server.process.poll() is None:
        server.process.terminate()
        server.process.wait(SECONDS)


def test_a_project_is_begun_through_a_real_server(server: Server) -> None:
    process = server.start()
    assert f"http://127.0.0.1:{server.port}" in server.log.read_text()
    assert "There is no user yet" in server.log.read_text()
    server.run("user", "add", "root", "--role", "admin")
    token = server.run("token", "create", "root")
    body = {"name": "Plant", "procedure": "industrial-2014", "applicant": "Pumps Ltd"}
    project = server.call("POST", "/api/v1/projects", body, token)["id"]
    started = server.call("POST", f"/api/v1/projects/{project}/start", {}, token)
    assert started["started_on"] == "2014-03-03"
    moved = server.call("POST", "/api/v1/clock", {"now": "2014-03-20T09:00:00+08:00"}, token)
    assert moved["swept"]["overdue"] > 0
    [child] = server.children()
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    assert ended(child)
    with pytest.raises(urllib.error.URLError):
        server.call("GET", "/healthz")


def test_the_server_child_goes_when_its_parent_is_killed(server: Server) -> None:
    process = server.start()
    [child] = server.children()
    process.kill()
    process.wait(SECONDS)
    assert ended(child)


def test_a_port_that_is_taken_is_said_at_once(server: Server) -> None:
    with closing(socket.create_server(("127.0.0.1", server.port))):
        done = subprocess.run(
            [LIANSHEN, "serve", "--port", str(server.port)],
            env=server.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: cannot listen at 127.0.0.1")


def test_requests_from_many_at_once_all_get_their_answers(server: Server) -> None:
    from concurrent.futures import ThreadPoolExecutor

    server.start()
    server.run("user", "add", "root", "--role", "admin")
    token = server.run("token", "create", "root")

    def make(number: int) -> int:
        body = {"name": f"P{number}", "procedure": "industrial-2014", "applicant": "a"}
        return int(server.call("POST", "/api/v1/projects", body, token)["id"])

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(24)))
    assert len(set(made)) == 24
