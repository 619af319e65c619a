"""Re-engineering on paper: two procedures compared, and the cheapest way to a target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Group

from api.commands.planning import refuse_unknown
from api.output import formatted, progress, rows, show
from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.errors import NotFound
from engine.service import procedures
from engine.service.scenarios import city_lists, comparison, effects
from engine.settings import Settings

TARGET = click.IntRange(1, 9999)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("before")
@click.argument("after")
@formatted
def compare(before: str, after: str, style: str) -> None:
    """Show the steps from procedure BEFORE to procedure AFTER, and the days each of them saves.

    Both are ids, such as industrial-2013, folders, or BPMN files. Where the city's list of
    operations makes the one of the other, these are the steps; else they are derived from the
    two networks. Days are counted working days.
    """
    settings = Settings.from_env()
    with progress("reading") as told:
        found = []
        for place, name in enumerate((before, after)):
            told(place, 3)
            found.append(read(name, settings))
        told(2, 3)
        result = comparison.compare(found[0], found[1], settings)
    show(result, style, compared)


def read(procedure: str, settings: Settings) -> tuple[str, Plan]:
    """Return a procedure's id and its plan. Raises NotFound naming those there are."""
    refuse_unknown(procedure, settings)
    return effects.paper(procedures.named(procedure, settings), settings)


def compared(result: dict[str, Any]) -> Group:
    """Return a comparison as people read it."""
    before, after = result["before_procedure"], result["after_procedure"]
    source = "the city's list of operations" if result["source"] == "published" else "derived"
    totals = (
        f"{before} → {after}: {result['before']} → {result['after']} counted working days, "
        f"{result['saved']} saved; {result['elapsed_before']} → {result['elapsed_after']} elapsed"
    )
    headings = ("operation", "name", "before", "after", "saved")
    lines = [[step[name] for name in headings] for step in result["steps"]]
    return Group(totals, f"steps: {source}", "", rows(headings, lines))


@click.command()
@click.argument("procedure")
@click.option("--target", type=TARGET, required=True, help="Counted working days to be reached.")
@click.option(
    "--operations",
    "file",
    type=FILE,
    help="A YAML file of operations; without it, the city's list for the procedure.",
)
@formatted
def optimise(procedure: str, target: int, file: Path | None, style: str) -> None:
    """Find the cheapest operations that bring PROCEDURE to --target counted days, exactly.

    All operations of the list may be chosen, whether it has them switched on or off. Exit 0
    also where the target cannot be reached: `reached` tells, and what the fewest days are.
    Costs are points of ours.
    """
    settings = Settings.from_env()
    identifier, base = read(procedure, settings)
    operations = listed(identifier, file, settings)
    asked = effects.Question(base, operations, target, city_lists.laws(settings))
    with progress("sets of operations") as told:
        result = effects.answered(asked, told)
    show({"procedure": identifier, **result}, style, optimal)


def listed(procedure: str, file: Path | None, settings: Settings) -> tuple[Operation, ...]:
    """Return the operations to choose from. Raises NotFound without any, Invalid."""
    if file is not None:
        return city_lists.listed(file)[1]
    found = city_lists.published(settings, procedure)[1]
    if not found:
        text = f"there is no bpmn/operations/{procedure}.yaml: name a file with --operations"
        raise NotFound(text, procedure=procedure)
    return found


def optimal(result: dict[str, Any]) -> Group:
    """Return an optimum as people read it."""
    chosen = f"{result['days']} counted working days for {result['cost']} points"
    verdict = (
        f"the target of {result['target']} is reached: {chosen}"
        if result["reached"]
        else f"the target of {result['target']} cannot be reached; the best is {chosen}"
    )
    headings = ("days", "cost", "operations")
    return Group(
        verdict,
        *(f"  {operation}" for operation in result["operations"]),
        *rejected(result),
        "",
        "no other set is both shorter and cheaper than one of these:",
        rows(headings, map(line, result["front"])),
        *([] if not result["near"] else ["", "nearly as cheap:"]),
        *([] if not result["near"] else [rows(headings, map(line, result["near"]))]),
    )


def rejected(result: dict[str, Any]) -> list[str]:
    """Return the lines about the operations that were not considered, and why."""
    barred = [
        f"{each['operation']} is barred: {breach['message']} ({breach['law']})"
        for each in result["barred"]
        for breach in each["breaches"]
    ]
    idle = result["idle"]
    return barred + ([f"cannot move construction start: {', '.join(idle)}"] if idle else [])


def line(choice: dict[str, Any]) -> tuple[int, int, str]:
    """Return a set of operations as a line."""
    return choice["days"], choice["cost"], ", ".join(choice["operations"]) or "nothing"
