"""Read a stage's predecessor relation back from its file, independently of the engine."""

from __future__ import annotations

from lxml import etree

from engine.workflow.xml import NAMESPACES

GATEWAY = "{http://www.omg.org/spec/BPMN/20100524/MODEL}parallelGateway"
CATCH = "{http://www.omg.org/spec/BPMN/20100524/MODEL}intermediateCatchEvent"
WORK = ("callActivity", "userTask")


def predecessors(content: bytes) -> dict[str, set[str]]:
    """Item id → ids of what it waits for, gateways and catch events resolved."""
    root = etree.fromstring(content)
    elements = {e.get("id", ""): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
    sources: dict[str, list[str]] = {}
    for flow in root.iterfind(".//bpmn:sequenceFlow", NAMESPACES):
        sources.setdefault(flow.get("targetRef", ""), []).append(flow.get("sourceRef", ""))
    messages = {
        m.get("id", ""): m.get("name", "") for m in root.iterfind("bpmn:message", NAMESPACES)
    }

    def waits(node: str) -> set[str]:
        return {found for source in sources.get(node, ()) for found in resolve(source)}

    def resolve(node: str) -> set[str]:
        element = elements[node]
        if element.tag == GATEWAY:
            return waits(node)
        if element.tag == CATCH:
            assert waits(node) == {"START"}
            event = element.find("bpmn:messageEventDefinition", NAMESPACES)
            assert event is not None
            return {messages[event.get("messageRef", "")]}
        return {node}

    items = [e.get("id", "") for tag in WORK for e in root.iterfind(f".//bpmn:{tag}", NAMESPACES)]
    ends = [e.get("id", "") for e in root.iterfind(".//bpmn:endEvent", NAMESPACES)]
    return {item: waits(item) for item in [*items, *ends]}
