"""How large things are on a drawing, in pixels, as bpmn-js draws them."""

from __future__ import annotations

from math import ceil

from engine.workflow.diagram import Node

TASK = (150.0, 64.0)
GATEWAY = (50.0, 50.0)
EVENT = (36.0, 36.0)

#: where the pool begins, and the width of its and its lanes' headings
ORIGIN = (160.0, 80.0)
HEADING = 30.0

#: a caption of a label: 11 px type, at most eight Chinese characters a line
LETTER = 11.0
FIRST_WIDE = 0x2E80
LINE = 14.0
LINE_LETTERS = 8
LABEL_GAP = 6.0

#: free space between neighbours, and between parallel lines
COLUMN_GAP = 40.0
NAMED_GAP = 24.0
ROW_GAP = 28.0
LANE_PADDING = 20.0
TRACK = 12.0
#: how far a flow from a node to itself stands off
OWN_LOOP = 12.0


def node_size(node: Node) -> tuple[float, float]:
    """Width and height of a node, without its label."""
    if node.is_gateway:
        return GATEWAY
    return EVENT if node.is_event else TASK


def letters(text: str) -> float:
    """Width of a text in Chinese characters; Latin letters are about half as wide.

    >>> letters("开工"), letters("OPEN")
    (2.0, 2.4)
    """
    return round(sum(1.0 if ord(letter) >= FIRST_WIDE else 0.6 for letter in text), 1)


def label_size(text: str) -> tuple[float, float]:
    """Width and height of a label, wrapped into lines of about equal length; even numbers.

    >>> label_size("开工")
    (28.0, 14.0)
    >>> label_size("国有土地使用权登记办结")
    (72.0, 28.0)
    """
    lines = ceil(letters(text) / LINE_LETTERS)
    width = ceil(letters(text) / lines) * LETTER + 6
    return width + width % 2, lines * LINE


def has_label_below(node: Node) -> bool:
    """Events and gateways carry their name outside."""
    return bool(node.name) and (node.is_event or node.is_gateway)
