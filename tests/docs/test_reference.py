"""The reference leaves nothing out: every setting, error and command has its entry."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

import engine
from engine.errors import LianshenError
from engine.settings import PREFIX, Settings
from tests.docs.documents import ROOT

REFERENCE = ROOT / "docs" / "reference"


def entry(page: str, term: str) -> str:
    """The line of a page that gives `term` as code; empty where none does."""
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    return next((line for line in lines if f"`{term}`" in line), "")


def errors() -> set[type[LianshenError]]:
    """The whole tree of errors, wherever in the engine a branch grows."""
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    return {each for each in descendants(LianshenError) if each.__module__.startswith("engine.")}


def descendants(error: type[LianshenError]) -> Iterator[type[LianshenError]]:
    for child in error.__subclasses__():
        yield child
        yield from descendants(child)


def commands(command: click.Command, path: str) -> Iterator[str]:
    """Every command that can be typed, as typed."""
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, f"{path} {name}")
    elif not command.hidden:
        yield path


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_described(name: str) -> None:
    assert entry("settings.md", PREFIX + name.upper())


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_defaults_are_as_described(name: str) -> None:
    default = getattr(Settings(), name)
    if isinstance(default, int):
        assert f"`{default}`" in entry("settings.md", PREFIX + name.upper()).replace(",", "")


def test_every_error_code_is_described() -> None:
    missing = {error.code for error in errors() if not entry("errors.md", error.code)}
    assert not missing


def test_every_command_is_described() -> None:
    from api.cli import main

    assert isinstance(main, click.Group)
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    missing = [command for command in commands(main, "lianshen") if command not in page]
    assert not missing
