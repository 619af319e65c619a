"""XML read safely: no entities, no DTD, no network, bounded size."""

from __future__ import annotations

import re

from lxml import etree

from engine.workflow.problem import Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NAMESPACES = {"bpmn": BPMN, "zeebe": ZEEBE, "camunda": CAMUNDA}
#: properties of an element, as the modellers of Camunda 8 and of Camunda 7 write them
PROPERTIES = tuple(
    f"bpmn:extensionElements/{each}:properties/{each}:property" for each in ("zeebe", "camunda")
)
#: what editors take for an id
ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def parse(content: bytes, max_bytes: int) -> tuple[etree._Element | None, list[Problem]]:
    """Return the root element, or None and the reasons why there is none."""
    if len(content) > max_bytes:
        text = f"the file has {len(content)} bytes; at most {max_bytes} are read"
        return None, [Problem("too_large", text)]
    reader = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(content, reader)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        text = f"not well-formed XML: {getattr(error, 'msg', None) or error}"
        return None, [Problem("malformed_xml", text, line=line)]
    return refuse_doctype(root)


def refuse_doctype(root: etree._Element) -> tuple[etree._Element | None, list[Problem]]:
    """Refuse a document type: it is where entity bombs and external entities live."""
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        return None, [Problem("doctype", "a document type declaration is not accepted", line=1)]
    if root.tag != f"{{{BPMN}}}definitions":
        text = f"the root is {str(root.tag)[:80]}, not bpmn:definitions"
        return None, [Problem("not_bpmn", text, line=1)]
    return root, []


def local_name(element: etree._Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def is_bpmn(element: etree._Element) -> bool:
    """Tell whether an element belongs to the BPMN namespace (comments do not)."""
    return isinstance(element.tag, str) and element.tag.startswith(f"{{{BPMN}}}")


def properties_of(node: etree._Element) -> list[tuple[str, str]]:
    """Return what the properties of a node say, by name; Camunda 8's hold over Camunda 7's."""
    found: dict[str, str] = {}
    for path in reversed(PROPERTIES):
        for each in node.iterfind(path, NAMESPACES):
            found[str(each.get("name", ""))] = str(each.get("value", ""))
    return list(found.items())
