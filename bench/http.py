"""The same completions through a real server, over one kept connection."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

LIANSHEN = Path(sys.executable).parent / "lianshen"


class Client:
    """One kept connection to a server."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return its answer as data. Raises RuntimeError for an error."""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, f"/api/v1{path}", data, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content.decode()}")
        return json.loads(content)


@contextmanager
def server(folder: Path, synchronous: str = "NORMAL") -> Iterator[Client]:
    """Start a server on an empty SQLite database and yield an admin's connection."""
    port = free_port()
    environment = {
        **os.environ,
        "LIANSHEN_DATABASE_URL": f"sqlite:///{folder}/http.db",
        "LIANSHEN_DATA_DIR": str(folder),
        "LIANSHEN_SQLITE_SYNCHRONOUS": synchronous,
    }

    def lianshen(*words: str) -> str:
        done = subprocess.run(
            [LIANSHEN, *words], env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    lianshen("db", "upgrade")
    lianshen("user", "add", "bench", "--role", "admin")
    token = lianshen("token", "create", "bench")
    process = subprocess.Popen(
        [LIANSHEN, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_port(port)
        yield Client(port, token)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int, seconds: float = 30) -> None:
    """Wait until somebody listens. Raises TimeoutError."""
    end = monotonic() + seconds
    while monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise TimeoutError(f"nobody listens on {port}")


def deploy(client: Client, xml: bytes) -> str:
    """Deploy a lone diagram and return its procedure's id."""
    headers = {**client.headers, "Content-Type": "application/xml"}
    client.connection.request("POST", "/api/v1/process-definitions", xml, headers)
    answer = client.connection.getresponse()
    return str(json.loads(answer.read())["procedure"])


def completion(client: Client, procedure: str) -> float:
    """Run one project to its end; return the mean seconds of a completion."""
    project = client.call("POST", "/projects", names(procedure))["id"]
    client.call("POST", f"/projects/{project}/start", {})
    spent, count = 0.0, 0
    while tasks := client.call("GET", f"/tasks?project={project}")["items"]:
        for task in tasks:
            began = perf_counter()
            client.call("POST", f"/tasks/{task['id']}/complete", {"outcome": "done"})
            spent += perf_counter() - began
            count += 1
    return spent / count


def names(procedure: str) -> dict[str, str]:
    """Return what a new project is called."""
    return {"name": "bench", "procedure": procedure, "applicant": "bench"}
