"""Drive a project to its construction permit, over REST alone.

    lianshen serve --clock 2014-09-01T09:00+08:00
    python docs/examples/drive.py http://127.0.0.1:8080 TOKEN industrial-2014

Every decision falls on its promised day, everything else at once; the clock of a server started
with `--clock` is moved on day by day. It prints on which counted working day construction could
start, and the standard library is all it needs.

    python docs/examples/drive.py http://127.0.0.1:8080 TOKEN --project 24 --leave IND-16

goes on with a project that somebody opened, on a server with any clock: every task is answered at
once, whatever its promised day, but for those of items that are left to somebody else.
"""

from __future__ import annotations

import argparse
import json
import urllib.request
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from uuid import uuid4

START = "2014-09-01T09:00+08:00"


class Api:
    """The REST API of a server, as one user."""

    def __init__(self, server: str, token: str) -> None:
        self.server = server
        self.base = f"{server.rstrip('/')}/api/v1"
        self.token = token

    def call(self, method: str, path: str, body: Any = None, *, repeatable: bool = True) -> Any:
        """Send a request and return what is answered; raises RuntimeError with the problem.

        What is not `repeatable`, because its answer holds a secret, takes no Idempotency-Key.
        """
        request = urllib.request.Request(
            self.base + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                **({"Idempotency-Key": uuid4().hex} if repeatable else {}),
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


def go_on(api: Api, project: int, leave: Collection[str] = ()) -> dict[str, Any]:
    """Answer every task of a project until construction may start, or only what is left is open.

    Returns the project. Raises RuntimeError where nothing is open and nothing moves.
    """
    while True:
        state = api.get(f"/projects/{project}")
        found = api.get(f"/tasks?project={project}&limit=200")["items"]
        mine = [task for task in found if task["item"] not in leave]
        if state["opened_on"] or (found and not mine):
            return dict(state)
        if not mine:
            raise RuntimeError(f"project {project} is {state['state']}: no task of it is open")
        for task in mine:
            api.post(f"/tasks/{task['id']}/complete", {"outcome": task["outcomes"][0]})
            print(f"{task['item']} {task['name']}")


def told(project: dict[str, Any]) -> str:
    """Return what has become of a project."""
    if project["opened_on"]:
        return f"construction may start on {project['opened_on']}, working day {project['day']}"
    return f"what is left is open, on working day {project['day']}"


def options() -> argparse.Namespace:
    """Return what was typed."""
    parser = argparse.ArgumentParser(description="Drive a project to its construction permit.")
    parser.add_argument("server", help="its address, such as http://127.0.0.1:8080")
    parser.add_argument("token", help="of an administrator, who may answer for everybody")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("procedure", nargs="?", help="opens a project and moves the clock")
    which.add_argument("--project", type=int, help="goes on with a project, at once")
    parser.add_argument("--leave", action="append", default=[], help="an item not to answer for")
    return parser.parse_args()


def main() -> None:
    """Drive as was asked."""
    asked = options()
    api = Api(asked.server, asked.token)
    if asked.procedure:
        final = drive(api, asked.procedure)
    else:
        final = go_on(api, asked.project, asked.leave)
    print(f"{final['code']} {final['procedure']}: {told(final)}")


if __name__ == "__main__":
    main()
