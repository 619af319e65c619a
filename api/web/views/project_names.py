"""What the items, stages and departments of a project are called, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.web.labels import drawn
from api.web.language import CHINESE, language, named
from engine.service.views import ProjectView
from engine.workflow.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, as texts."""

    items: Mapping[str, str]
    stages: Mapping[str, str]

    @classmethod
    def of(cls, built: Deployment, view: ProjectView) -> Names:
        """Read the names of a project's procedure: those of the diagrams are the shorter ones."""
        stages = {stage.id: named(stage.name) for stage in built.procedure.stages}
        return cls({each.id: item_name(built, each.id, each.name) for each in view.items}, stages)

    def item(self, identifier: str | None) -> str:
        """Return an item's or milestone's name, its id where it has none."""
        return self.items.get(identifier or "", identifier or "")

    def stage(self, identifier: str) -> str:
        """Return a stage's name."""
        return self.stages.get(identifier, identifier)


def item_name(built: Deployment, identifier: str, in_diagram: str) -> str:
    """Return an item's name: as it is drawn, in English as the catalogue has it."""
    item = built.procedure.items.get(identifier)
    english = item.name.en if item else ""
    return in_diagram if language() == CHINESE else english or drawn(in_diagram)
