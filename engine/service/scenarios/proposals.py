"""A scenario proposed, looked at by a second person, and deployed as a version, or rejected."""

from __future__ import annotations

from typing import Any

from engine.analysis.reengineering.scenario import Played
from engine.rules.catalogue import Name
from engine.rules.scenario import BaseOutdated, NotProposable, SecondPerson, State, is_second
from engine.service import departments, deployments, procedures
from engine.service.access import Row
from engine.service.procedures import Files
from engine.service.scenarios import effects, export, rows
from engine.service.scenarios.effects import Carried
from engine.service.scenarios.scenarios import check_move
from engine.service.views import VersionView
from engine.service.work import Work
from engine.workflow.problem import Problem


def propose(work: Work, identifier: int, expected_version: int | None = None) -> None:
    """Ask a second person to look at a scenario and to deploy it.

    Raises BaseOutdated, NotProposable naming what is broken or in conflict, NotComposable where
    its base cannot be drawn anew, Conflict where it is proposed or approved already.
    """
    row = rows.lock(work, identifier, expected_version)
    check_move(row, State.PROPOSED)
    files_of(work, ready(work, row))
    who = {"proposed_at": work.now, "proposed_by": work.actor.name}
    undecided = {"decided_at": None, "decided_by": None, "decision_note": ""}
    rows.change(work, identifier, state=State.PROPOSED, **who, **undecided)
    rows.record(work, identifier, "proposed", name=row["name"])


def ready(work: Work, row: Row) -> Carried:
    """Return a scenario that may be deployed. Raises BaseOutdated, NotProposable."""
    if row["newest_version"] > row["base_version"]:
        versions = {name: row[name] for name in ("base_version", "newest_version")}
        text = (
            f"the scenario stands on version {row['base_version']} of {row['procedure']}, "
            f"which has a version {row['newest_version']} now"
        )
        raise BaseOutdated(text, procedure=row["procedure"], **versions)
    found = effects.carried(work, row["id"])
    if stops := stopping(found.played):
        raise NotProposable(stops[0]["message"], reasons=stops)
    return found


def stopping(played: Played) -> list[dict[str, Any]]:
    """Return why a scenario cannot be deployed: conflicts, breaches, or that it does nothing."""
    conflicts = [
        {
            "operation": step.operation.id,
            "message": f"{step.operation.id}: {step.conflict.message}",
            **step.conflict.detail,
        }
        for step in played.conflicts
        if step.conflict is not None
    ]
    breaches = [
        {
            "message": f"{breach.message} ({breach.law})",
            "law": breach.law,
            "breach": breach.kind.value,
            "items": list(breach.items),
        }
        for breach in played.breaches
    ]
    nothing = {"message": "no operation is switched on: nothing would change"}
    return [*conflicts, *breaches, *([] if played.applied else [nothing])]


def withdraw(work: Work, identifier: int, expected_version: int | None = None) -> None:
    """Take a proposal back, to change it. Raises Conflict where there is none."""
    row = rows.lock(work, identifier, expected_version)
    check_move(row, State.DRAFT)
    rows.change(work, identifier, state=State.DRAFT, proposed_at=None, proposed_by=None)
    rows.record(work, identifier, "withdrawn", name=row["name"])


def approve(
    work: Work, identifier: int, note: str = "", expected_version: int | None = None
) -> VersionView:
    """Deploy a proposed scenario as a version of its target procedure, and return that.

    Projects that run keep the version they started with. Raises SecondPerson, BaseOutdated,
    NotProposable, Conflict where it is not proposed.
    """
    row = second_look(work, identifier, State.APPROVED, expected_version)
    said = rows.checked_text("note", note)
    procedures.one_at_a_time(work)
    version = procedures.deploy(work, files_of(work, ready(work, row)))
    decide(work, identifier, State.APPROVED, said, deployed_version_id=version.id)
    told = {"procedure": version.procedure, "version": version.version}
    rows.record(work, identifier, "approved", name=row["name"], **told)
    return version


def reject(work: Work, identifier: int, reason: str, expected_version: int | None = None) -> None:
    """Give a proposed scenario back with a reason. Raises SecondPerson, Invalid without one."""
    row = second_look(work, identifier, State.REJECTED, expected_version)
    said = rows.checked_text("note", reason, needed=True)
    decide(work, identifier, State.REJECTED, said)
    rows.record(work, identifier, "rejected", name=row["name"])


def second_look(work: Work, identifier: int, to: State, expected_version: int | None = None) -> Row:
    """Lock a proposed scenario for a decision by another than who wrote or proposed it."""
    row = rows.lock(work, identifier, expected_version)
    check_move(row, to)
    authors = {"proposed_by": row["proposed_by"], "updated_by": row["updated_by"]}
    if not is_second(work.actor.name, **authors):
        raise SecondPerson(**authors)
    return row


def decide(work: Work, identifier: int, state: State, note: str, **values: Any) -> None:
    """Write a decision."""
    who = {"decided_at": work.now, "decided_by": work.actor.name, "decision_note": note}
    rows.change(work, identifier, state=state, **who, **values)


def files(work: Work, identifier: int) -> Files:
    """Return a scenario as the files of a procedure, as it would be deployed.

    An approved one is as it was deployed. It may be looked at in whatever state it is, unlawful
    too. Raises NotFound, NotComposable where its base cannot be drawn anew.
    """
    row = rows.row_of(work, identifier)
    if row["deployed_version_id"] is not None:
        return deployments.files(work.db, row["deployed_version_id"])
    return files_of(work, effects.carried(work, identifier))


def warnings(work: Work, identifier: int) -> list[Problem]:
    """Return what of the base's diagrams a scenario's files leave out: what is only drawn.

    Nothing of one that was deployed. Raises NotFound.
    """
    row = rows.row_of(work, identifier)
    if row["deployed_version_id"] is not None:
        return []
    found = effects.carried(work, identifier)
    base_files = deployments.files(work.db, row["version_id"])
    return export.warnings_of(found.played.plan, found.base, base_files)


def files_of(work: Work, found: Carried) -> dict[str, bytes]:
    """Return what was carried through as the files of a procedure."""
    view, played = found.scenario, found.played
    base_files = deployments.files(work.db, view.version_id)
    same = view.target_procedure == view.procedure
    name = found.base.procedure.name if same else Name(view.name)
    called = {each.id: each.name.zh for each in departments.find(work.settings)}
    told: dict[str, Any] = {"operations": played.applied, "departments": called}
    plan, target = played.plan, view.target_procedure
    files = export.files_of(plan, found.base, base_files, name, target, **told)
    # a lone diagram had no joint reviews; what it is made to has
    return dict(procedures.with_shared(files, work.settings.bpmn_dir))
