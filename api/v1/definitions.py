"""Process definitions: BPMN in, problems out; and what is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from api.archive import SentTwice, check_name, unpacked
from api.call import Call, Content, Reply, Upload
from api.reading import MULTIPART
from api.route import Route
from api.schemas import Check, CriticalPath, DefinitionQuery, DeployQuery, DifferenceQuery
from engine.errors import Invalid, NotFound
from engine.service import differences, plans, procedures
from engine.service.differences import Difference
from engine.service.plans import CatalogueItem
from engine.service.views import Page, VersionView
from engine.settings import Settings
from engine.workflow.problem import ERROR

ZIP = ("application/zip", "application/x-zip-compressed")
XML = ("application/xml", "text/xml", "application/bpmn+xml")
#: a deployment is as large as this many diagrams of the largest size
LARGEST_DIAGRAMS = 5
LONE = "diagram.bpmn"
TYPES = {".yaml": "application/yaml"}


def deploy(call: Call) -> Reply:
    files = procedures.with_shared(sent(call.body, call.work.settings), call.work.settings.bpmn_dir)
    if call.query.dry_run:
        return Reply(checked(files, call.work.settings), 200)
    view = procedures.deploy(call.work, files)
    location = {"Location": f"/api/v1/process-definitions/{view.id}"}
    return Reply(view, 201 if view.new else 200, location)


def checked(files: Mapping[str, bytes], settings: Settings) -> Check:
    """Return every problem of files that are not deployed."""
    problems = procedures.check(files, settings)
    runnable = not any(each.severity == ERROR for each in problems)
    found: Any = [each.as_dict() for each in problems]
    return {"runnable": runnable, "problems": found}


def sent(uploads: list[Upload], settings: Settings) -> dict[str, bytes]:
    """Return the files of a request by name."""
    files: dict[str, bytes] = {}
    for upload in uploads:
        for name, content in opened(upload, settings).items():
            if name in files:
                raise SentTwice(f"{name} was sent twice", field=name, file=name)
            files[name] = content
    if not files:
        raise Invalid("there is no BPMN file in the request", field="body")
    return files


def opened(upload: Upload, settings: Settings) -> dict[str, bytes]:
    """Return what one upload holds: an archive's files, or the file itself."""
    name = PurePosixPath(upload.name.replace("\\", "/")).name
    if upload.content_type in ZIP or name.endswith(".zip"):
        return unpacked(upload.content, settings.bpmn_max_bytes, largest(settings))
    if upload.field and not name:
        raise Invalid(f"{upload.field} is not a file", field=upload.field)
    if name:
        check_name(name)
    return {name or LONE: upload.content}


def largest(settings: Settings) -> int:
    """Return how many bytes a deployment may have."""
    return settings.bpmn_max_bytes * LARGEST_DIAGRAMS


def find(call: Call) -> Page[VersionView]:
    return Page(procedures.find(call.work, call.query.procedure))


def get(call: Call) -> VersionView:
    return procedures.get(call.work, call.path["version"])


def get_file(call: Call) -> Content:
    name = call.path["file"]
    files = procedures.files(call.work, call.path["version"])
    if name not in files:
        raise NotFound(f"there is no {name}; there are {', '.join(sorted(files))}")
    return Content(files[name], TYPES.get(PurePosixPath(name).suffix, "application/xml"), name)


def items(call: Call) -> Page[CatalogueItem]:
    built = plans.of_version(call.work, call.path["version"])
    return Page(plans.catalogue(built))


def compare(call: Call) -> Difference:
    return differences.between(call.work, call.query.before, call.path["version"])


def critical_path(call: Call) -> dict[str, Any]:
    procedure = call.path["procedure"]
    if not procedures.find(call.work, procedure):
        raise NotFound(f"there is no procedure {procedure!r}")
    return procedures.critical_path(call.work, procedure)


DEFINITIONS = "/process-definitions"

ROUTES = (
    Route(
        "deploy_definition",
        "POST",
        DEFINITIONS,
        deploy,
        "Check and deploy a procedure: BPMN in, problems out",
        "Process definitions",
        answer=VersionView,
        status=201,
        also={200: "These files are deployed already, or were only checked (`dry_run`)."},
        also_answer=VersionView | Check,
        query=DeployQuery,
        files=(*XML, MULTIPART, *ZIP),
        limit=largest,
        problems=("invalid_definition",),
        description=(
            "The body is a BPMN file, a form with several files, or a ZIP archive of a "
            "procedure's folder. What is not among them of the catalogue and the shared "
            "diagrams is taken from the city's own. With `dry_run` nothing is deployed, and "
            "the answer is what was found."
        ),
    ),
    Route(
        "list_definitions",
        "GET",
        DEFINITIONS,
        find,
        "List deployed versions, the newest of each procedure first",
        "Process definitions",
        answer=Page[VersionView],
        query=DefinitionQuery,
    ),
    Route(
        "get_definition",
        "GET",
        f"{DEFINITIONS}/<key:version>",
        get,
        "Get a deployed version",
        "Process definitions",
        answer=VersionView,
    ),
    Route(
        "get_definition_file",
        "GET",
        f"{DEFINITIONS}/<key:version>/files/<name:file>",
        get_file,
        "Get a file of a deployed version: a diagram, or data",
        "Process definitions",
        answer=Content,
        media=("application/xml", "application/yaml"),
    ),
    Route(
        "definition_items",
        "GET",
        f"{DEFINITIONS}/<key:version>/items",
        items,
        "List the items of a deployed version, what is promised and what the law says",
        "Process definitions",
        answer=Page[CatalogueItem],
    ),
    Route(
        "definition_differences",
        "GET",
        f"{DEFINITIONS}/<key:version>/differences",
        compare,
        "Compare a deployed version with another: totals, items and days, flows, steps, files",
        "Process definitions",
        answer=Difference,
        query=DifferenceQuery,
    ),
    Route(
        "procedure_critical_path",
        "GET",
        "/procedures/<name:procedure>/critical-path",
        critical_path,
        "Get the critical path of a procedure's newest version, on paper",
        "Process definitions",
        answer=CriticalPath,
    ),
)
