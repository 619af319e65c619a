"""Scenarios on the command line: made, looked at, switched, exported, proposed, decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Group

from api.commands.database import working
from api.commands.reengineering import FILE, TARGET, optimal
from api.output import formatted, progress, rows, show
from engine.errors import Conflict
from engine.service import identity
from engine.service.scenarios import city_lists, effects, proposals, report, scenarios
from engine.service.scenarios.scenarios import Wanted
from engine.service.scenarios.views import ScenarioRow, ScenarioView
from engine.service.work import Actor, Work

STATES = click.Choice(["draft", "proposed", "approved", "rejected"])
FOLDER = click.Path(file_okay=False, path_type=Path)
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
by = click.option("--by", "user", help="The user who does it; without it, the command line.")
identified = click.argument("identifier", metavar="ID", type=click.IntRange(1))


@contextmanager
def acting(user: str | None = None) -> Iterator[Work]:
    """Open the database for a user, or for whoever types commands on the server."""
    with working() as work:
        if user is None:
            yield work
            return
        view = identity.named(work, user)
        if not view.active:
            raise Conflict(f"the user {user} is not active", user=user)
        yield replace(work, actor=Actor(view.id, view.name, identity.roles_of(view.roles)))


def change(
    user: str | None, style: str, verb: Callable[..., None], identifier: int, *given: Any
) -> None:
    """Do something to a scenario for a user, and show what it is like then."""
    with acting(user) as work:
        verb(work, identifier, *given)
        found = scenarios.get(work, identifier)
    show(found, style, shown)


@click.group()
def scenario() -> None:
    """Change a procedure on paper: scenarios of operations, their effect, their deployment."""


@scenario.command("list")
@click.option("--state", type=STATES)
@click.option("--procedure", help="Only those on this procedure.")
@formatted
def find(state: str | None, procedure: str | None, style: str) -> None:
    """List the scenarios, the newest first."""
    with working() as work:
        found = scenarios.find(work, Wanted(state, procedure), limit=500).items
    show({"items": found}, style, lambda shown: rows(HEADINGS, map(line, shown["items"])))


HEADINGS = ("id", "name", "procedure", "version", "state", "on", "of", "changed")


def line(found: ScenarioRow) -> tuple[Any, ...]:
    """Return a scenario's line."""
    version = f"{found.base_version}{', outdated' if found.outdated else ''}"
    changed = f"{found.updated_at:%Y-%m-%d} {found.updated_by}"
    what = (found.id, found.name, found.procedure, version, found.state)
    return (*what, found.enabled, found.operations, changed)


@scenario.command("show")
@identified
@formatted
def show_one(identifier: int, style: str) -> None:
    """Show a scenario with its operations."""
    with working() as work:
        found = scenarios.get(work, identifier)
    show(found, style, shown)


def shown(found: ScenarioView) -> Group:
    """Return a scenario as people read it."""
    base = f"{found.procedure} version {found.base_version}"
    newer = f" (there is a version {found.newest_version})" if found.outdated else ""
    head = f"{found.id} {found.name}: {found.state}, on {base}{newer}"
    lines = [
        (each["id"], each["name"]["zh"], "on" if each["enabled"] else "off", points(each["cost"]))
        for each in found.operations
    ]
    note = [found.note] if found.note else []
    return Group(head, *note, "", rows(("operation", "name", "", "cost"), lines))


def points(cost: Any) -> int:
    """Return what an operation costs."""
    return int(cost["effort"] + cost["legal"])


@scenario.command()
@click.argument("name")
@click.argument("procedure")
@click.option(
    "--operations",
    "file",
    type=FILE,
    help="A YAML file of operations; without it, the city's list for the procedure.",
)
@click.option("--as", "target", help="The procedure it would be deployed as.")
@click.option("--note", default="", help="What is to be remembered of it.")
@by
@formatted
def new(
    *,
    name: str,
    procedure: str,
    file: Path | None,
    target: str | None,
    note: str,
    user: str | None,
    style: str,
) -> None:
    """Make the scenario NAME on the newest version of PROCEDURE, which stays as it is."""
    operations = None if file is None else city_lists.listed(file)[1]
    with acting(user) as work:
        key = scenarios.create(work, name, procedure, operations, note, target_procedure=target)
        found = scenarios.get(work, key)
    show(found, style, shown)


@scenario.command()
@identified
@formatted
def effect(identifier: int, style: str) -> None:
    """Show what a scenario does: the total after each operation, what it breaks, who does what."""
    with working() as work:
        found = effects.effect(work, identifier)
    show(found, style, told)


def told(found: dict[str, Any]) -> Group:
    """Return an effect as people read it."""
    before, after = found["before"], found["after"]
    totals = (
        f"{found['procedure']}: {before['counted_days']} → {after['counted_days']} counted "
        f"working days, {found['saved']} saved for {found['cost']} points; "
        f"{before['elapsed_days']} → {after['elapsed_days']} elapsed"
    )
    steps = [
        (step["operation"], step["name"]["zh"], step["state"], step["after"], step["saved"])
        for step in found["steps"]
    ]
    changes = [(each["department"], each["item"], each["kind"]) for each in found["changes"]]
    return Group(
        totals,
        *warnings(found),
        "",
        rows(("operation", "name", "", "total", "saved"), steps),
        "",
        rows(("dept", "item", "what changes"), changes),
    )


def warnings(found: dict[str, Any]) -> list[str]:
    """Return the lines about what stands in a scenario's way."""
    broken = [f"unlawful: {each['message']} ({each['law']})" for each in found["breaches"]]
    conflicts = [
        f"conflict: {step['operation']}: {step['conflict']['message']}"
        for step in found["steps"]
        if step["conflict"]
    ]
    newest = found["newest_version"]
    outdated = [f"outdated: the procedure has a version {newest}"] if found["outdated"] else []
    return [*broken, *conflicts, *outdated]


@scenario.command()
@identified
@click.argument("operation")
@click.option("--on/--off", "enabled", default=None, help="Without it, the other than it is.")
@by
@formatted
def toggle(
    *, identifier: int, operation: str, enabled: bool | None, user: str | None, style: str
) -> None:
    """Switch one OPERATION of a scenario on or off, and show the scenario's effect."""
    with acting(user) as work:
        if enabled is None:
            known = scenarios.get(work, identifier).operations
            enabled = not next((each["enabled"] for each in known if each["id"] == operation), True)
        scenarios.toggle(work, identifier, operation, enabled)
        found = effects.effect(work, identifier)
    show(found, style, told)


@scenario.command()
@identified
@click.option("--target", type=TARGET, required=True, help="Counted working days to be reached.")
@formatted
def optimise(identifier: int, target: int, style: str) -> None:
    """Find the cheapest of a scenario's operations that reach a target, on or off as they are."""
    with working() as work:
        asked = effects.question(work, identifier, target)
    with progress("sets of operations") as said:
        result = effects.answered(asked, said)
    show(result, style, optimal)


@scenario.command()
@identified
@click.argument("folder", type=FOLDER)
def export(identifier: int, folder: Path) -> None:
    """Write a scenario into FOLDER, as the files of the procedure that it would be deployed as."""
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty: name another folder")
    with working() as work:
        found, lost = proposals.files(work, identifier), proposals.warnings(work, identifier)
    for each in lost:
        click.echo(f"warning: {each.element}: {each.message}", err=True)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        (folder / name).write_bytes(content)
    click.echo(f"{folder}: {len(found)} files")


@scenario.command("report")
@identified
@click.argument("file", type=OUTPUT)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--target", type=TARGET, help="With the cheapest operations that reach it.")
def write_report(identifier: int, file: Path, language: str, target: int | None) -> None:
    """Write the report of a scenario into FILE, a .docx or .xlsx."""
    form = file.suffix.removeprefix(".")
    if form not in report.FORMS:
        raise click.BadParameter("a report is a .docx or .xlsx file", param_hint="FILE")
    with working() as work:
        _, content = report.file(work, identifier, form, language, target)  # type: ignore[arg-type]
    file.write_bytes(content)


@scenario.command()
@identified
@by
@formatted
def rebase(identifier: int, user: str | None, style: str) -> None:
    """Put a draft on the newest version of its procedure."""
    change(user, style, scenarios.rebase, identifier)


@scenario.command()
@identified
@by
@formatted
def propose(identifier: int, user: str | None, style: str) -> None:
    """Ask a second person to look at a scenario and to deploy it."""
    change(user, style, proposals.propose, identifier)


@scenario.command()
@identified
@by
@formatted
def withdraw(identifier: int, user: str | None, style: str) -> None:
    """Take a proposal back, to change it."""
    change(user, style, proposals.withdraw, identifier)


@scenario.command()
@identified
@click.option("--note", default="", help="What is said to it.")
@by
@formatted
def approve(identifier: int, note: str, user: str | None, style: str) -> None:
    """Deploy a proposed scenario; not for who proposed it, or wrote it last."""
    with acting(user) as work:
        found = proposals.approve(work, identifier, note)
    show(found, style, lambda version: f"{version.procedure} version {version.version}: deployed")


@scenario.command()
@identified
@click.option("--reason", required=True, help="Why it is given back.")
@by
@formatted
def reject(identifier: int, reason: str, user: str | None, style: str) -> None:
    """Give a proposed scenario back with a reason; not for who proposed it, or wrote it last."""
    change(user, style, proposals.reject, identifier, reason)
