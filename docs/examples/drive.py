"""Drive a project to its construction permit, over REST alone.

    lianshen serve --clock 2014-09-01T09:00+08:00
    python docs/examples/drive.py http://127.0.0.1:8080 TOKEN industrial-2014

Every decision falls on its promised day, everything else at once; the clock of a server started
with `--clock` is moved on day by day. It prints on which counted working day construction could
start, and the standard library is all it needs.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from uuid import uuid4

START = "2014-09-01T09:00+08:00"


class Api:
    """The REST API of a server, as one user."""

    def __init__(self, server: str, token: str) -> None:
        self.base = f"{server.rstrip('/')}/api/v1"
        self.token = token

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return what is answered; raises RuntimeError with the problem."""
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": uuid4().hex,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.read().decode()}") from error

    def get(self, path: str) -> Any:
        """Return what is at a path."""
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        """Send a body to a path."""
        return self.call("POST", path, {} if body is None else body)


def drive(api: Api, procedure: str) -> dict[str, Any]:
    """Open a project, run it on time, and return it as it is when construction may start."""
    body = {"name": f"On time: {procedure}", "procedure": procedure, "applicant": "Example Ltd"}
    project = api.post("/projects", body)["id"]
    api.post(f"/projects/{project}/start")
    now = datetime.fromisoformat(START)
    while True:
        work_off(api, project, now.date().isoformat())
        state = api.get(f"/projects/{project}")
        if state["opened_on"]:
            return dict(state)
        now += timedelta(days=1)
        api.post("/clock", {"now": now.isoformat()})


def work_off(api: Api, project: int, today: str) -> None:
    """Complete what may be completed today, until nothing new opens."""
    while tasks := due(api, project, today):
        for task in tasks:
            api.post(f"/tasks/{task['id']}/complete", {"outcome": task["outcomes"][0]})


def due(api: Api, project: int, today: str) -> list[dict[str, Any]]:
    """Return the open tasks, decisions only from their promised day on."""
    found = api.get(f"/tasks?project={project}&limit=200")["items"]
    return [t for t in found if t["element"] != "decide" or t["promised_due_on"] <= today]


if __name__ == "__main__":
    server, token, name = sys.argv[1:]
    final = drive(Api(server, token), name)
    print(f"{name}: construction may start on {final['opened_on']}, working day {final['day']}")
