"""The modeler's templates offer the properties that the engine reads, under the same names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree

from engine.workflow.xml import NAMESPACES
from tests.drawing.facts import BPMN

TEMPLATES = {
    path.stem: json.loads(path.read_text("utf-8")) for path in (BPMN / "modeler").iterdir()
}


def offered(template: str) -> dict[str, Any]:
    properties = TEMPLATES[template]["properties"]
    return {p["binding"]["name"]: p for p in properties if p["binding"]["type"] == "zeebe:property"}


@pytest.mark.parametrize(
    ("template", "tag", "folder"),
    [
        ("item", "callActivity", "procedures"),
        ("work", "userTask", "procedures"),
        ("step", "userTask", "shared"),
    ],
)
def test_a_template_offers_what_our_own_diagrams_use(template: str, tag: str, folder: str) -> None:
    choices = offered(template)
    for path in (BPMN / folder).rglob("*.bpmn"):
        for element in etree.parse(path).iterfind(f".//bpmn:{tag}", NAMESPACES):
            used = {
                p.get("name"): p.get("value")
                for p in element.iterfind(".//zeebe:property", NAMESPACES)
            }
            assert set(used) <= set(choices)
            assert {
                n for n, c in choices.items() if c.get("constraints", {}).get("notEmpty")
            } <= set(used)
            for name, value in used.items():
                allowed = [choice["value"] for choice in choices[str(name)].get("choices", ())]
                assert not allowed or value in allowed


def test_an_item_from_the_template_calls_the_item_process() -> None:
    called = [
        p["value"]
        for p in TEMPLATES["item"]["properties"]
        if p["binding"]["type"] == "zeebe:calledElement"
    ]
    assert called == ["item"]
    assert TEMPLATES["item"]["elementType"]["value"] == "bpmn:CallActivity"


def test_templates_have_ids_of_their_own() -> None:
    ids = [template["id"] for template in TEMPLATES.values()]
    assert sorted(ids) == ["lianshen.item", "lianshen.step", "lianshen.work"]
