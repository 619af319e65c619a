"""Deploying a procedure: files are checked, what they would change is shown, then they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask_babel import gettext as _

from api.call import Content, Upload
from api.reading import MARGIN_BYTES
from api.v1.definitions import largest, sent
from api.web.labels import drawn
from api.web.language import named
from api.web.page import Answer, Redirect, Shown, act, show
from api.web.views import procedure_difference
from api.web.views.deployment_findings import Findings
from api.web.views.procedure import XML, as_json
from api.web.views.procedure_version import called
from api.web.visit import VERSION, Visit
from engine.errors import Invalid, NotFound
from engine.service import diagrams, differences, drafts, plans, procedures, usage
from engine.service.differences import Side
from engine.service.drafts import Checked, Draft
from engine.service.procedures import Files
from engine.service.views import VersionView
from engine.settings import Settings

FORM = "/procedures/deploy"
DRAFT = f"{FORM}/<name:draft>"


def form(visit: Visit) -> Answer:
    """Ask for the files of a procedure."""
    settings = visit.service.settings
    values = {"largest": largest(settings), "largest_file": settings.bpmn_max_bytes}
    return Shown("deployment.html.jinja", {"section": "/procedures", **values})


def limit(settings: Settings) -> int:
    """Return how long the form with the files may be."""
    return largest(settings) + MARGIN_BYTES


def check(visit: Visit) -> Checked:
    """Read and check the files that were sent, before the transaction."""
    uploads = [
        Upload(each.filename, each.content_type or "", each.read(), "files")
        for each in visit.files.getlist("files")
        if each.filename
    ]
    if not uploads:
        raise Invalid("there is no file", field="files")
    settings = visit.service.settings
    files = procedures.with_shared(sent(uploads, settings), settings.bpmn_dir)
    return drafts.check(files, settings)


def keep(visit: Visit) -> Answer:
    """Keep what was checked, and show it."""
    return Redirect(address(drafts.keep(visit.work, visit.prepared)))


def address(draft: Draft) -> str:
    """Return the address of a draft."""
    return f"{FORM}/{quote(draft.id, safe='')}"


# -- what was checked --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Base:
    """What is deployed of the same procedure: the newest first, and the one that is the same."""

    versions: list[VersionView]
    same: VersionView | None

    @property
    def newest(self) -> VersionView | None:
        """The newest version; None for a procedure that is new."""
        return self.versions[0] if self.versions else None

    @property
    def number(self) -> int:
        """The number of the newest version, 0 for none."""
        return self.versions[0].version if self.versions else 0


def base_of(visit: Visit, draft: Draft) -> Base:
    """Return what is deployed of a draft's procedure."""
    versions = procedures.find(visit.work, draft.procedure) if draft.procedure else []
    return Base(versions, next((each for each in versions if each.hash == draft.hash), None))


def result(visit: Visit) -> Answer:
    """Show what the check found and what the deployment would change."""
    draft = drafts.get(visit.work, visit.path["draft"])
    files = drafts.files(visit.work, draft)
    base = base_of(visit, draft)
    values = {
        "section": "/procedures",
        "draft": draft,
        "url": address(draft),
        "kept_until": draft.created_at + drafts.KEPT,
        "base": base,
        "findings": Findings(draft.problems, files, address(draft)),
        "files": sorted((name, len(content)) for name, content in files.items()),
        "changes": meanwhile(visit, base),
        "difference": None,
    }
    return Shown("deployment_result.html.jinja", values | procedure_of(visit, draft, files, base))


def procedure_of(visit: Visit, draft: Draft, files: Files, base: Base) -> dict[str, Any]:
    """Return what the files make, and what that changes; nothing where they make no procedure."""
    if not draft.runnable:
        return {"name": ""}
    built = drafts.read(files)
    values = {
        "name": named(built.procedure.name),
        "totals": plans.totals(built),
        "usage": in_use(visit, draft),
    }
    if base.newest is None:
        return values
    before = differences.side(visit.work, base.newest.id)
    found = differences.difference(before, Side(built, files))
    return values | procedure_difference.values(visit, found)


def in_use(visit: Visit, draft: Draft) -> usage.Usage:
    """Return how many projects keep the versions there are."""
    used = usage.by_version(visit.work, draft.procedure)
    return usage.total(used, used)


def meanwhile(visit: Visit, base: Base) -> list[Deployed]:
    """Return what was deployed since the form that was refused was made."""
    seen = visit.form.get(VERSION, "")
    newer = [each for each in base.versions if seen.isdecimal() and each.version > int(seen)]
    return [
        Deployed(each.deployed_at, each.deployed_by, _("第 %(n)s 版", n=each.version))
        for each in newer
    ]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment as the list of what others did shows it."""

    at: datetime
    actor: str
    item: str
    event: str = "procedure.deployed"
    data: Mapping[str, Any] = field(default_factory=dict)


def deploy(visit: Visit) -> Answer:
    """Deploy exactly what was checked."""
    draft = drafts.get(visit.work, visit.path["draft"])
    view = drafts.deploy(visit.work, draft, visit.expected_version)
    told = _(
        "已部署 %(name)s 第 %(n)s 版；新项目从现在起使用它。", name=called(view), n=view.version
    )
    same = _("内容与第 %(n)s 版完全相同，没有新的版本。", n=view.version)
    return Redirect(f"/procedures/{quote(view.procedure, safe='')}", told if view.new else same)


# -- what the diagrams are drawn of ------------------------------------------------------------


def content(visit: Visit) -> bytes:
    """Return a file of a draft by its name."""
    draft = drafts.get(visit.work, visit.path["draft"])
    found = drafts.files(visit.work, draft).get(visit.path["file"])
    if found is None:
        raise NotFound(f"there is no {visit.path['file']}")
    return found


def diagram(visit: Visit) -> Answer:
    """Give a diagram of a draft as it is drawn."""
    return Content(diagrams.drawing(content(visit)), XML, visit.path["file"])


def labels(visit: Visit) -> Answer:
    """Give the names on a diagram of a draft in the page's language."""
    found = diagrams.names_in(content(visit))
    return as_json({identifier: drawn(name) for identifier, name in found.items()})


PAGES = (
    show("deploy_form", FORM, form, "deploy_definition"),
    act("check_definition", FORM, keep, "deploy_definition", form=form, limit=limit, prepare=check),
    show("deployment", DRAFT, result, "deploy_definition"),
    act("deploy_definition", DRAFT, deploy, "deploy_definition", form=result),
    show("draft_diagram", f"{DRAFT}/diagrams/<name:file>", diagram, "deploy_definition"),
    show("draft_labels", f"{DRAFT}/labels/<name:file>", labels, "deploy_definition"),
)
