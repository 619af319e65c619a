"""What is set, and what is offered."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import click

from api import openapi as interface
from api import v1
from api.output import formatted, rows, show
from engine.settings import PREFIX, Settings

SECRET = "secret_key"  # noqa: S105 - the name of the setting
MASK = "***"
#: settings that may hold a password
ADDRESSES = frozenset({"database_url", "smtp_url"})


@click.command()
@formatted
def settings(style: str) -> None:
    """Show every setting as it is in force; secrets are masked."""
    present = Settings.from_env()
    found = {
        PREFIX + each.name.upper(): masked(each.name, getattr(present, each.name))
        for each in fields(present)
    }
    show(found, style, lambda shown: rows(("variable", "value"), shown.items()))


def masked(name: str, value: Any) -> Any:
    """Return a setting's value without what must stay secret."""
    if name == SECRET:
        return MASK if value else "(made at the first start, kept in the data folder)"
    password = urlsplit(str(value)).password if name in ADDRESSES else None
    return str(value).replace(f":{password}@", f":{MASK}@") if password else value


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the REST interface."""
    click.echo(interface.document(v1.routes(frozen_clock=False)))
