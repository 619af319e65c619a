"""The papers that applicants hand in: the materials of their items, as attachments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from api.demonstration.paper import pdf
from api.demonstration.plan import Plan, Turn
from engine.rules.catalogue import Item
from engine.service import attachments
from engine.service.work import Work

if TYPE_CHECKING:
    from api.demonstration.site import Site

#: working days for which the materials of every item are kept; before, only of chosen projects
RECENT = 15
INTRODUCTION = "项目简介.txt"
NO_EFFECT = "本件为演示数据，不具法律效力。"


def introduce(work: Work, plan: Plan, project: int) -> None:
    """Attach to a project what it is about."""
    text = f"{plan.name}\n\n申请单位：{plan.applicant}\n{plan.about}\n\n{NO_EFFECT}\n"
    attachments.add(work, project, "", INTRODUCTION, "text/plain", text.encode())


def hand_in(site: Site, at: datetime, item: str, turn: Turn) -> None:
    """Attach what an item asks for, but for what is missing."""
    hours = site.city.hours
    since = hours.back(hours.day_of(site.city.now), RECENT)
    if site.plan.papers or hours.day_of(at) >= since:
        materials = site.items[item].materials
        add(site, at, item, [each for each in materials if each not in turn.missing])


def supply(site: Site, at: datetime, item: str) -> None:
    """Attach what was missing."""
    first = site.plan.turn(item, "receive", 1)
    add(site, at, item, first.materials if first else ())


def add(site: Site, at: datetime, item: str, materials: Iterable[str]) -> None:
    """Attach materials of an item."""
    work = site.work(at, site.applicant)
    said = lines(site.plan, site.items[item], at.astimezone(work.settings.zone))
    for material in materials:
        content = pdf(material, said)
        name = f"{material}.pdf"
        attachments.add(work, site.id, item, name, "application/pdf", content, material=material)


def lines(plan: Plan, item: Item, at: datetime) -> list[str]:
    """Return what a material says."""
    return [
        f"项目名称：{plan.name}",
        f"申请单位：{plan.applicant}",
        f"申请事项：{item.name.zh}",
        f"编制日期：{at.year}年{at.month}月{at.day}日",
        f"项目概况：{plan.about}",
        "",
        NO_EFFECT,
    ]
