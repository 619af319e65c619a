"""What a city has of each kind that an address of `sites.py` names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

#: looks up an address of REST as somebody: `get("admin", "/users?limit=200")`
Get = Callable[[str, str], Any]
#: the steps of an item at the window; what else is to be done is work outside
STEPS = {"receive", "supplement", "review", "decide", "pay", "deliver"}
#: how far an item is that could be withdrawn
AT_WINDOW = {"received", "accepted", "in_decision"}
#: the project to show where there is one of its name: it is late, and much is going on
SHOWN = "振风精密汽车零部件二期厂房"


def places(get: Get) -> dict[str, str]:
    """Return the places of a city, by name; a place it lacks is missing."""
    users = everything(get, "admin", "/users")
    projects = everything(get, "coordinator", "/projects")
    tasks = everything(get, "coordinator", "/tasks")
    found: dict[str, Any] = {"user": users[-1]["id"], "review_by": "reviewer-plan"}
    found |= of_projects(projects)
    found |= of_tasks(tasks, {each["id"]: each for each in projects}, users)
    found |= of_items(get, found.get("running"), projects)
    found |= of_notices(get, projects)
    found |= of_coachings(get)
    found |= of_commitments(get, users)
    for task in get("coordinator", "/tasks?state=completed&limit=200")["items"]:
        if task["round_id"] is None:
            found["ended"] = task["id"]
    found |= of_cards(get, users)
    found |= of_minutes(get, users)
    found |= of_reviews(get, users)
    found |= of_scenarios(get)
    for incident in get("coordinator", "/incidents?limit=1")["items"]:
        found |= {"stuck": incident["project"], "incident": incident["id"]}
    return {name: str(value) for name, value in found.items()}


def of_commitments(get: Get, users: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a commitment that is to be checked, and who may."""
    for promise in get("coordinator", "/commitments?limit=200")["items"]:
        role = {"role": "reviewer", "department": promise["department"]}
        for user in users:
            if role in user["roles"]:
                return {"commitment": promise["id"], "commitment_by": user["name"]}
    return {}


def of_scenarios(get: Get) -> dict[str, Any]:
    """Return the first scenario of all, and one that waits for a second person."""
    found = get("analyst", "/scenarios?limit=200")["items"]
    proposed = [each["id"] for each in found if each["state"] == "proposed"]
    first = {"scenario": found[-1]["id"]} if found else {}
    return {**first, **({"proposed": proposed[0]} if proposed else {})}


def of_minutes(get: Get, users: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the newest round that was replied to, and whose it is."""
    found = get("coordinator", "/joint-reviews?state=closed&limit=200")["items"]
    for row in found:
        if row["replied_at"]:
            applicant = get("coordinator", f"/projects/{row['project']}")["applicant"]
            named = [each["name"] for each in users if each["display_name"] == applicant]
            return {"minutes_of": row["id"], "minutes_for": (named or ["coordinator"])[0]}
    return {}


def of_reviews(get: Get, users: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a round that takes opinions, who may give one, and a round that meets."""
    found: dict[str, Any] = {}
    for row in get("coordinator", "/joint-reviews?state=open&limit=200")["items"]:
        if row["mode"] == "meeting":
            found |= {"round_met": row["id"], "meeting": row["meeting"]["id"]}
        elif "round" not in found and row["waiting"]:
            role = {"role": "reviewer", "department": row["waiting"][0]}
            by = [each["name"] for each in users if role in each["roles"]]
            found |= {"round": row["id"], "opinion_by": by[0]}
    return found


def of_cards(get: Get, users: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a card that nobody has explained yet, and who may."""
    for card in get("supervisor", "/cards?state=issued&limit=200")["items"]:
        for user in users:
            role = {"role": "reviewer", "department": card["department"]}
            if role in user["roles"]:
                return {"card": card["id"], "card_by": user["name"]}
    return {}


def everything(get: Get, name: str, path: str) -> list[dict[str, Any]]:
    """Return all items of a list of REST."""
    found: list[dict[str, Any]] = []
    query = {"limit": "200"}
    while True:
        part = get(name, f"{path}?{urlencode(query)}")
        found += part["items"]
        if part["next"] is None:
            return found
        query["cursor"] = part["next"]


def of_projects(projects: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a project that is under way, and one of each other state."""
    found: dict[str, Any] = {}
    for project in projects:
        found.setdefault(project["state"], project["id"])
        if project["name"] == SHOWN:
            found["running"] = project["id"]
    return found


def of_tasks(
    tasks: Iterable[Mapping[str, Any]],
    projects: Mapping[int, Mapping[str, Any]],
    users: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return an open task of each step, the most urgent, and who may answer it."""
    found: dict[str, Any] = {}
    for task in sorted(tasks, key=urgency):
        if task["round_id"] is not None:
            continue
        step = task["element"] if task["element"] in STEPS else "work"
        if step not in found and (name := answerer(task, projects[task["project"]], users)):
            found |= {step: task["id"], f"{step}_by": name}
    return found


def of_items(
    get: Get, running: int | None, projects: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return an item of the running project that is at the window, and a refused one of any."""
    found: dict[str, Any] = {}
    for summary in sorted(projects, key=lambda each: each["id"] != running):
        for item in get("coordinator", f"/projects/{summary['id']}")["items"]:
            if item["state"] in AT_WINDOW and summary["id"] == running:
                found.setdefault("item", item["id"])
            if item["state"] == "refused" and "refused" not in found:
                found |= {"refused": summary["id"], "refused_item": item["id"]}
    return found


def of_notices(get: Get, projects: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a notice of each kind, and the project it is in."""
    found: dict[str, Any] = {}
    for project in projects:
        for notice in get("coordinator", f"/projects/{project['id']}/notices")["items"]:
            name = f"{notice['kind']}_notice"
            found |= {name: notice["id"], f"{name}_in": notice["project"]}
    return found


def of_coachings(get: Get) -> dict[str, Any]:
    """Return a coaching: of those with a checklist the one that most is waiting in."""
    rows = get("coordinator", "/coachings")["items"]
    listed = sorted(rows, key=lambda row: (not row["materials"], not row["waiting"], row["id"]))
    return {"coaching": listed[0]["id"]} if listed else {}


def urgency(task: Mapping[str, Any]) -> tuple[str, int, str]:
    """Sort by the day that was promised; the same for the same city."""
    return task["promised_due_on"] or "9999", task["project"], task["item"]


def answerer(
    task: Mapping[str, Any], project: Mapping[str, Any], users: Iterable[Mapping[str, Any]]
) -> str | None:
    """Return the name of somebody who may answer a task."""
    for user in users:
        for given in user["roles"]:
            role, department = given["role"], given["department"]
            if role not in task["roles"]:
                continue
            mine = user["display_name"] == project["applicant"]
            if mine if role == "applicant" else department == task["department"]:
                return str(user["name"])
    return None
