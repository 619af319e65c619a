"""Tidy drawings: of diagrams made in code, and of BPMN files drawn elsewhere.

- `lay_out(diagram)` says where everything goes,
- `draw(diagram)` writes the BPMN file,
- `redraw(content)` lays out a BPMN file anew and leaves its content alone.
"""

from __future__ import annotations

from engine.workflow.diagram import Diagram
from engine.workflow.diagram_xml import to_xml
from engine.workflow.layout_drawing import lay_out
from engine.workflow.layout_redraw import redraw

__all__ = ["draw", "lay_out", "redraw"]


def draw(diagram: Diagram) -> bytes:
    """Lay out a diagram and write it as a BPMN 2.0 file."""
    return to_xml(diagram, lay_out(diagram))
