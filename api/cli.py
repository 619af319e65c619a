"""The command `lianshen`. A command's code is loaded when it is asked for: the rest waits."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from importlib import import_module
from typing import Any

import click

from api.output import Commands

#: where each command is
PLACES = {
    "calendar": "calendars:calendar",
    "compare": "reengineering:compare",
    "critical-path": "planning:critical_path",
    "db": "database:database",
    "deadline": "deadline:deadline",
    "demo": "demo:demo",
    "log": "log:log",
    "openapi": "showing:openapi",
    "optimise": "reengineering:optimise",
    "process": "process:process",
    "scenario": "scenario:scenario",
    "scheduler": "serving:scheduler",
    "serve": "serving:serve",
    "settings": "showing:settings",
    "simulate": "simulate:simulate",
    "simulation": "simulation:simulation",
    "token": "account:token",
    "user": "account:user",
    "workdays": "calendar:workdays",
}


@cache
def load(name: str) -> click.Command:
    """Return a command."""
    module, _, attribute = PLACES[name].partition(":")
    found: click.Command = getattr(import_module(f"api.commands.{module}"), attribute)
    return found


class Lazy(Commands):
    """The group of all commands."""

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """All commands, loaded."""
        return {name: load(name) for name in PLACES}

    @commands.setter
    def commands(self, _: Any) -> None:
        """What click would keep is in `PLACES`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in PLACES else None


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lianshen", prog_name="lianshen")
def main() -> None:
    """Run, time, plan and forecast the staged joint approval of construction projects."""
