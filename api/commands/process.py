"""Diagrams: checked, deployed, drawn."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from api.commands.database import working
from api.output import formatted, show
from engine.service import procedures
from engine.settings import Settings
from engine.workflow.deployment import PROCEDURE
from engine.workflow.layout import redraw
from engine.workflow.parser import read
from engine.workflow.problem import ERROR, Problem

EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
#: the folder of diagrams that others call: they run only as a part of those
SHARED = "shared"


@click.group()
def process() -> None:
    """Check, deploy and draw process diagrams (BPMN 2.0)."""


@process.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=EXISTING)
@formatted
def check(files: tuple[Path, ...], style: str) -> None:
    """Say whether diagrams can run here, and if not, why, where and what to do.

    FILE is a BPMN file, or the folder of a procedure. A diagram beside a procedure.yaml is
    checked as a part of that procedure. Exit 0 if all can run, 1 if some cannot.
    """
    settings = Settings.from_env()
    found = [checked(path, settings) for path in files]
    show({"files": found}, style, told)
    sys.exit(0 if all(each["runnable"] for each in found) else 1)


def checked(path: Path, settings: Settings) -> dict[str, Any]:
    """Return whether a file can run, and all its problems."""
    problems = problems_of(path, settings)
    return {
        "file": str(path),
        "runnable": not any(each.severity == ERROR for each in problems),
        "problems": [each.as_dict() for each in problems],
    }


def problems_of(path: Path, settings: Settings) -> list[Problem]:
    """Return the problems of a folder, of a part of a procedure, or of a lone diagram."""
    if path.is_file() and path.resolve().parent.name == SHARED:
        return read(path.read_bytes(), path.name, settings.bpmn_max_bytes)[1]
    if path.is_file() and path.with_name(PROCEDURE).is_file():
        found = procedures.check(procedures.bundle(path.parent, settings), settings)
        return [each for each in found if each.file in (None, path.name, PROCEDURE)]
    return procedures.check(procedures.bundle(path, settings), settings)


def told(found: dict[str, Any]) -> str:
    """Return problems as people and editors read them."""
    return "\n".join(line for each in found["files"] for line in lines(each))


def lines(checked_file: dict[str, Any]) -> list[str]:
    """Return the lines about one file."""
    name = checked_file["file"]
    verdict = "can run" if checked_file["runnable"] else "cannot run"
    problems = [
        f"{name}:{each['line'] or 1}: {each['severity']}: "
        f"{each['element'] or each['file'] or 'file'}: {each['message']} ({each['code']})"
        for each in checked_file["problems"]
    ]
    return [*problems, f"{name}: {verdict}"]


@process.command()
@click.argument("path", type=EXISTING)
@formatted
def deploy(path: Path, style: str) -> None:
    """Deploy a procedure: PATH is its folder, or a lone BPMN file.

    The same files deployed again stay the version they are.
    """
    with working() as work:
        files = procedures.bundle(path, work.settings)
        show(procedures.deploy(work, files), style, deployed)


def deployed(version: Any) -> str:
    """Return a deployed version as people read it."""
    what = "deployed" if version.new else "unchanged since"
    return f"{version.procedure} version {version.version}: {what} {version.deployed_at:%Y-%m-%d}"


@process.command()
@click.argument("file", type=FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write; FILE itself will do. Without it, standard output.",
)
def draw(file: Path, output: Path | None) -> None:
    """Lay out a BPMN file anew; its elements, names and extensions stay."""
    drawn = redraw(file.read_bytes())
    if output:
        output.write_bytes(drawn)
    else:
        click.echo(drawn, nl=False)
