"""Which rounds can be launched: the stages of a project with what of them is not decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.rules.catalogue import Item, Name
from engine.rules.procedure import Kind
from engine.service import access, codes, deployments
from engine.service.review.rounds import LEADS, OPEN
from engine.service.review.sheet import APPLICANT
from engine.service.work import Work
from engine.store import tables as t
from engine.workflow.deployment import OPINION, ROUND

#: so many projects a search for the agenda finds
MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class ItemOffer:
    """An item that can be reviewed, and the departments it brings along, but for the lead."""

    id: str
    name: Name
    department: str
    asked: list[str]


@dataclass(frozen=True, slots=True)
class StageOffer:
    """A stage with undecided items; `open_round` is the one that takes opinions already."""

    stage: str
    name: Name
    lead: str
    items: list[ItemOffer]
    open_round: int | None
    #: the actor may launch it
    mine: bool


@dataclass(frozen=True, slots=True)
class ProjectOffer:
    """A project with the stages of which a round can be launched.

    `reviewed`: its procedure holds the diagram of joint reviews.
    """

    id: int
    name: str
    code: str
    applicant: str
    state: str
    reviewed: bool
    stages: list[StageOffer]

    def stage(self, stage: str) -> StageOffer | None:
        """Return the offer of a stage; without a name the first that may be launched."""
        named = [each for each in self.stages if each.stage == stage]
        free = [each for each in self.stages if each.mine and each.open_round is None]
        return next(iter(named or ([] if stage else free)), None)


def of_project(work: Work, project: int) -> ProjectOffer:
    """Return of which stages of a project a round can be launched. Raises NotFound."""
    row = access.row_of(work, project)
    [offer] = offers(work, [row])
    return offer


def search(work: Work, text: str, lead: str = "") -> list[ProjectOffer]:
    """Return running projects that a text names and that a lead can put on an agenda."""
    project = t.project
    query = (
        select(project)
        .where(access.visible(work.actor), project.c.state == "running")
        .where(codes.matches(work, text))
        .order_by(project.c.id.desc())
        .limit(MOST_FOUND)
    )
    rows = [dict(row) for row in work.db.execute(query).mappings()] if text.strip() else []
    return [each for each in offers(work, rows) if can_join(each, lead)]


def can_join(offer: ProjectOffer, lead: str) -> bool:
    """Tell whether a project has a stage of the lead's that is free."""
    return offer.reviewed and any(
        each.mine and each.open_round is None and lead in {"", each.lead} for each in offer.stages
    )


def offers(work: Work, rows: list[access.Row]) -> list[ProjectOffer]:
    """Return what projects offer, in two statements."""
    identifiers = [row["id"] for row in rows]
    undecided, running = open_items(work, identifiers), open_rounds(work, identifiers)
    return [offer(work, row, undecided.get(row["id"], {}), running) for row in rows]


def open_items(work: Work, projects: list[int]) -> Mapping[int, Mapping[str, list[str]]]:
    """Return the approvals that are not decided, by project and stage."""
    item = t.project_item.c
    query = select(item.project_id, item.stage, item.item).where(
        item.project_id.in_(projects), item.kind == Kind.APPROVAL, item.decided_on.is_(None)
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in work.db.execute(query.order_by(item.item)) if projects else ():
        found[row.project_id][row.stage].append(row.item)
    return found


def open_rounds(work: Work, projects: list[int]) -> Mapping[tuple[int, str], int]:
    """Return the rounds that take opinions, by project and stage."""
    rounds = t.review_round.c
    query = select(rounds.project_id, rounds.stage, rounds.id).where(
        rounds.project_id.in_(projects), rounds.state == OPEN
    )
    rows = work.db.execute(query).all() if projects else []
    return {(row.project_id, row.stage): row.id for row in rows}


def offer(
    work: Work,
    row: access.Row,
    undecided: Mapping[str, list[str]],
    running: Mapping[tuple[int, str], int],
) -> ProjectOffer:
    """Return what one project offers."""
    built = deployments.deployment(work.db, row["version_id"])
    known = built.procedure.items
    stages = [
        StageOffer(
            stage.id,
            stage.name,
            stage.lead,
            [item_offer(known[each], stage.lead) for each in undecided[stage.id] if each in known],
            running.get((row["id"], stage.id)),
            work.actor.has("coordinator") or work.actor.has(*LEADS, department=stage.lead),
        )
        for stage in built.procedure.stages
        if undecided.get(stage.id)
    ]
    return ProjectOffer(
        row["id"],
        row["name"],
        codes.code_of(work, row),
        row["applicant"],
        row["state"],
        {ROUND, OPINION} <= set(built.reviews),
        stages,
    )


def item_offer(item: Item, lead: str) -> ItemOffer:
    """Return an item with whom its review asks."""
    asked = dict.fromkeys((item.department, *item.participants))
    others = [each for each in asked if each not in {lead, APPLICANT, ""}]
    return ItemOffer(item.id, item.name, item.department, others)
