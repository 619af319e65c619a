"""What a chart calls things: names in the page's language, which the caller has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import flask_babel


def gettext(text: str, **values: Any) -> str:
    """Return a text in the page's language. Imported as `_`, by which texts are collected."""
    return str(flask_babel.gettext(text, **values))


class StageName(Protocol):
    """A stage's name, and the code of the department that leads it."""

    @property
    def name(self) -> str: ...
    @property
    def lead(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's name in the page's language, and the code of the department that leads it."""

    name: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Names in the page's language: items by id, departments by code, stages by id, in order."""

    items: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, StageName] = field(default_factory=dict)

    def item(self, identifier: str, otherwise: str = "") -> str:
        """Return an item's name; its name in the diagram where there is no other."""
        return self.items.get(identifier) or otherwise or identifier

    def department(self, code: str) -> str:
        """Return a department's name."""
        return self.departments.get(code) or code

    def stage(self, identifier: str) -> StageName:
        """Return a stage's name and lead."""
        return self.stages.get(identifier) or Stage(identifier)
