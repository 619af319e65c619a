"""A project's joint reviews on its page: which run, and of which stages one can be launched."""

from __future__ import annotations

from typing import Any

from api.permissions import allowed
from api.web.review_words import WORDS
from api.web.visit import Visit
from engine.rules.procedure import Kind
from engine.service.dossier import Dossier
from engine.service.review import guests, round_rows
from engine.service.review.rounds import LEADS, OPEN
from engine.workflow.deployment import OPINION, ROUND


def values(visit: Visit, found: Dossier) -> dict[str, Any]:
    """Return what the page shows of joint reviews."""
    running = {each.stage: each.id for each in found.latest.rounds if each.state == OPEN}
    outside = round_rows.is_outside(visit.actor)
    invited = outside and found.latest.guest
    return {
        "open_rounds": running,
        "launchable": launchable(visit, found, set(running)),
        "invitations": guests.invited(visit.work, found.view.id, found.row["version_id"])
        if invited
        else [],
        **WORDS,
    }


def launchable(visit: Visit, found: Dossier, running: set[str]) -> list[str]:
    """Return the stages of which the visitor may launch a round: something in them is open."""
    reviewed = {ROUND, OPINION} <= set(found.built.reviews)
    if found.view.state != "running" or not reviewed:
        return []
    undecided = {
        each.stage
        for each in found.view.items
        if each.kind == Kind.APPROVAL and each.decided_on is None
    }
    return [
        each.id
        for each in found.built.procedure.stages
        if each.id in undecided - running and may_launch(visit, each.lead)
    ]


def may_launch(visit: Visit, lead: str) -> bool:
    """Tell whether the visitor may launch a round of a stage's lead."""
    actor = visit.actor
    leads = actor.has("coordinator") or actor.has(*LEADS, department=lead)
    return leads and actor.has(*allowed("launch_joint_review"))
