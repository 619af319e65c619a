"""Procedures: checked, deployed as versions, and analysed on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, insert, select, text

from engine.analysis.critical_path import report
from engine.analysis.network import ActivityNetwork
from engine.errors import Invalid, InvalidDefinition, NotFound
from engine.service import departments, deployments
from engine.service.ledger import event_row
from engine.service.views import VersionView
from engine.service.work import Work
from engine.settings import Settings
from engine.store import tables as t
from engine.store.statements import INSERT_HISTORY
from engine.workflow import deployment as model
from engine.workflow.problem import ERROR, WARNING, Problem
from engine.workflow.yaml_file import read_mapping

Files = Mapping[str, bytes]

DIAGRAMS = {".bpmn", ".xml"}
MAX_ID, MAX_NAME, MAX_OUTCOME, MAX_DEPARTMENT = 100, 300, 50, 30


def bundle(path: Path, settings: Settings) -> Files:
    """Return the files of a procedure's folder, or of a lone diagram, with what they need.

    The catalogue and the shared diagrams come from the folder, its parents up to two levels,
    or the city's own. Raises NotFound where there is no such folder or file, Invalid for a
    stage's diagram, which means nothing without the others.
    """
    if path.is_file() and (path.parent / model.PROCEDURE).is_file():
        text = f"{path.name} is one stage of a procedure: name its folder, {path.parent}"
        raise Invalid(text, field="procedure")
    if path.is_file():
        return with_shared({path.name: path.read_bytes()}, settings.bpmn_dir)
    if not path.is_dir():
        raise NotFound(f"there is no procedure at {path}", procedure=str(path))
    files = {
        each.name: each.read_bytes()
        for each in sorted(path.iterdir())
        if each.is_file() and each.suffix in {*DIAGRAMS, ".yaml"}
    }
    places = (path.resolve().parent, path.resolve().parent.parent, settings.bpmn_dir)
    home = next((each for each in places if (each / model.CATALOGUE).is_file()), places[-1])
    return with_shared(files, home if (home / "shared").is_dir() else settings.bpmn_dir)


def with_shared(files: Files, home: Path) -> Files:
    """Add the catalogue and the shared diagrams that the files do not hold themselves."""
    shared = {each.name: each.read_bytes() for each in sorted((home / "shared").glob("*.bpmn"))}
    catalogue = home / model.CATALOGUE
    if catalogue.is_file():
        shared[model.CATALOGUE] = catalogue.read_bytes()
    return {**{name: each for name, each in shared.items() if needed(name, files)}, **files}


def needed(name: str, files: Files) -> bool:
    """Tell whether a shared file is used: the catalogue always, a diagram where it is called.

    Joint reviews belong to every procedure.
    """
    if name == model.CATALOGUE or (name == model.JOINT_REVIEW and model.PROCEDURE in files):
        return True
    called = f'="{Path(name).stem}"'.encode()
    attributes = (b"calledElement" + called, b"processId" + called)
    return any(each in content for content in files.values() for each in attributes)


def named(procedure: str, settings: Settings) -> Files:
    """Return the files of a procedure by its id among the city's, or by its folder."""
    home = settings.bpmn_dir / "procedures" / procedure
    return bundle(home if home.is_dir() else Path(procedure), settings)


def check(files: Files, settings: Settings) -> list[Problem]:
    """Return every problem of these files, the network's included."""
    return read(files, settings)[1]


def read(files: Files, settings: Settings) -> tuple[model.Deployment | None, list[Problem]]:
    """Return the procedure of these files, if they make one, and every problem."""
    built, problems = model.build(files, settings.bpmn_max_bytes)
    if built is not None:
        problems.extend(network_problems(built))
        problems.extend(name_problems(built))
        problems.extend(department_problems(built, settings))
    return built, problems


def name_problems(built: model.Deployment) -> Iterator[Problem]:
    """Yield the names that are too long to be kept."""
    procedure = built.procedure
    if any(len(each) > MAX_ID for each in (procedure.id, *built.stages)):
        text = f"the id of a procedure or a stage has at most {MAX_ID} characters"
        yield Problem("too_long", text)
    for item in procedure.items.values():
        if len(item.department) > MAX_DEPARTMENT:
            text = f"a department's code has at most {MAX_DEPARTMENT} characters"
            yield Problem("too_long", text, item.id[:MAX_ID])
    for definition in (*built.stages.values(), *built.called.values()):
        for element in definition.elements.values():
            long = len(element.item) > MAX_ID or len(element.name) > MAX_NAME
            if long or any(len(each) > MAX_OUTCOME for each in element.outcomes):
                limits = f"an id has at most {MAX_ID} characters, a name {MAX_NAME}"
                yield Problem("too_long", limits, element.id[:MAX_ID], element.line)


def department_problems(built: model.Deployment, settings: Settings) -> Iterator[Problem]:
    """Yield a warning per item of a department that the city does not have."""
    known = [department.id for department in departments.find(settings)]
    for item in built.procedure.items.values() if known else ():
        if item.department not in known:
            text = (
                f"there is no department {item.department!r}, so only an administrator "
                f"could work on it; name one of {', '.join(known)} in the property `department`"
            )
            yield Problem("unknown_department", text, item.id, severity=WARNING)


def network_problems(built: model.Deployment) -> list[Problem]:
    """Return why the activities make no network: gates that form a cycle, and the like."""
    try:
        ActivityNetwork(built.activities)
    except Invalid as error:
        members = error.detail.get("activities") or [None]
        return [Problem("invalid_network", error.message, members[0])]
    return []


def plan(files: Files, settings: Settings) -> tuple[model.Deployment, ActivityNetwork]:
    """Return a procedure's deployment and network. Raises InvalidDefinition with all problems."""
    built, _ = sound(files, settings)
    return built, ActivityNetwork(built.activities)


def sound(files: Files, settings: Settings) -> tuple[model.Deployment, list[Problem]]:
    """Return a procedure that can run, with its warnings.

    Raises InvalidDefinition with all problems.
    """
    built, problems = read(files, settings)
    errors = [problem for problem in problems if problem.severity == ERROR]
    if built is None or errors:
        details = [problem.as_dict() for problem in problems]
        raise InvalidDefinition(errors[0].message, problems=details)
    return built, problems


def critical_path_of(files: Files, settings: Settings) -> dict[str, Any]:
    """Return the critical-path report of a procedure on paper."""
    built, network = plan(files, settings)
    return report(built.procedure.id, network)


def deploy(work: Work, files: Files) -> VersionView:
    """Check and store a new version of a procedure; the same files give the version there is.

    Only the catalogue's entries that the procedure names are kept with it. Raises
    InvalidDefinition with every problem.
    """
    work.actor.require("analyst")
    whole, _ = sound(files, work.settings)
    kept = trimmed(files, whole)
    built, problems = sound(kept, work.settings)
    one_at_a_time(work)
    known = find(work, built.procedure.id)
    for version in known:
        if version.hash == built.hash:
            return version
    number = max((version.version for version in known), default=0) + 1
    identifier = store(work, built, kept, number, problems)
    return get(work, identifier, new=True)


def one_at_a_time(work: Work) -> None:
    """Wait until nobody else deploys: two services that start at once deploy the same."""
    if work.db.dialect.name == "postgresql":
        work.db.execute(text("LOCK TABLE procedure_version IN SHARE ROW EXCLUSIVE MODE"))


def store(
    work: Work,
    built: model.Deployment,
    files: Files,
    number: int,
    problems: list[Problem],
) -> int:
    """Write a version with its files and return its id."""
    procedure = built.procedure
    row = {
        "procedure": procedure.id,
        "version": number,
        "hash": built.hash,
        "name": {"zh": procedure.name.zh, "en": procedure.name.en},
        "project_type": procedure.project_type[:50],
        "problems": [problem.as_dict() for problem in problems],
        "deployed_at": work.now,
        "deployed_by": work.actor.name,
    }
    statement = insert(t.procedure_version).values(row).returning(t.procedure_version.c.id)
    identifier = int(work.db.execute(statement).scalar_one())
    deployments.forget(work.db, identifier)
    rows = [
        {"version_id": identifier, "name": name, "content": content}
        for name, content in files.items()
    ]
    work.db.execute(insert(t.procedure_file), rows)
    data = {"procedure": procedure.id, "version": number, "hash": built.hash}
    work.db.execute(INSERT_HISTORY, [event_row(work, None, "procedure.deployed", None, data)])
    return identifier


def trimmed(files: Files, built: model.Deployment) -> Files:
    """Return the files with only the catalogue entries that the procedure names."""
    content = files.get(model.CATALOGUE)
    if content is None:
        return files
    items = read_mapping(content).get("items") or {}
    kept = {name: row for name, row in items.items() if name in built.procedure.items}
    dumped = yaml.safe_dump({"items": kept}, allow_unicode=True, sort_keys=True)
    return {**files, model.CATALOGUE: dumped.encode()}


def find(work: Work, procedure: str | None = None) -> list[VersionView]:
    """Return the deployed versions, the newest of each procedure first."""
    table = t.procedure_version
    query = select(table).order_by(table.c.procedure, table.c.version.desc())
    if procedure is not None:
        query = query.where(table.c.procedure == procedure)
    return [VersionView(**row, new=False) for row in work.db.execute(query).mappings()]


def get(work: Work, version_id: int, *, new: bool = False) -> VersionView:
    """Return one version. Raises NotFound."""
    query = select(t.procedure_version).where(t.procedure_version.c.id == version_id)
    row = work.db.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no procedure version {version_id}")
    return VersionView(**row, new=new)


def latest(work: Work, procedure: str) -> int:
    """Return the id of a procedure's newest version. Raises Invalid naming those there are."""
    table = t.procedure_version
    query = (
        select(table.c.id)
        .where(table.c.procedure == procedure)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    found = work.db.execute(query).scalar_one_or_none()
    if found is None:
        names = work.db.execute(select(func.distinct(table.c.procedure))).scalars()
        known = ", ".join(sorted(names)) or "none"
        raise Invalid(f"there is no procedure {procedure!r}; deployed: {known}", field="procedure")
    return int(found)


def files(work: Work, version_id: int) -> Files:
    """Return a version's files by name. Raises NotFound."""
    return deployments.files(work.db, version_id)


def critical_path(work: Work, procedure: str) -> dict[str, Any]:
    """Return the critical-path report of a deployed procedure's newest version."""
    built = deployments.deployment(work.db, latest(work, procedure))
    return report(built.procedure.id, ActivityNetwork(built.activities))
