"""Charts in Word documents: a part each, with the workbook that "edit data" opens."""

from __future__ import annotations

from io import BytesIO
from itertools import count
from typing import Any, Final

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree
from openpyxl import Workbook
from openpyxl.chart._chart import ChartBase
from openpyxl.xml.functions import tostring

from engine.service.scenarios.reporting.cells import clean
from engine.service.scenarios.reporting.charts import drawn
from engine.service.scenarios.reporting.section import Picture

CHART: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
C: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FRAME: Final = """
<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
  <wp:inline
      xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
      distT="0" distB="0" distL="0" distR="0">
    <wp:extent cx="{width}" cy="{height}"/>
    <wp:docPr id="{number}" name=""/>
    <wp:cNvGraphicFramePr/>
    <a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
      <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
        <c:chart
            xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
            xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            r:id="{relation}"/>
      </a:graphicData>
    </a:graphic>
  </wp:inline>
</w:drawing>
"""


class Charts:
    """The charts of a document."""

    def __init__(self, document: Document, sheet: str) -> None:
        self.document, self.sheet = document, sheet
        self.numbers = count(1)

    def add(self, picture: Picture) -> None:
        """Add a picture as a paragraph of its own at the end."""
        number = next(self.numbers)
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = self.sheet
        chart = drawn(picture, sheet)
        relation = self._part(number, chart, saved(book))
        run = self.document.add_paragraph().add_run()
        run._r.append(frame(picture, chart, number, relation))  # noqa: SLF001 - as docx does itself

    def _part(self, number: int, chart: ChartBase, figures: bytes) -> str:
        """Add the chart and its figures to the package and return its relationship's id."""
        package = self.document.part.package
        book = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART, b"", package)
        held = part.relate_to(Part(book, SHEET, figures, package), RELATIONSHIP_TYPE.PACKAGE)
        part._blob = chart_xml(chart, held)  # noqa: SLF001 - its id is known only now
        return self.document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)


def chart_xml(chart: Any, figures: str) -> bytes:
    """Return a chart as a part; `figures` is the relationship's id of its workbook."""
    root = etree.fromstring(tostring(chart._write()))  # noqa: SLF001 - as openpyxl saves it
    for each in root.iter(f"{{{C}}}numFmt"):
        # else a label may take its format from the cells
        each.set("sourceLinked", "0")
    held = etree.SubElement(root, f"{{{C}}}externalData")
    held.set(f"{{{R}}}id", figures)
    etree.SubElement(held, f"{{{C}}}autoUpdate").set("val", "0")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def frame(picture: Picture, chart: Any, number: int, relation: str) -> Any:
    """Return what shows a chart within a line of text."""
    size = {"width": Cm(chart.width), "height": Cm(chart.height)}
    found = parse_xml(FRAME.format(**size, number=number, relation=relation))
    told = found[0][1]
    told.set("name", clean(picture.title))
    told.set("descr", clean(picture.text))
    return found


def saved(book: Workbook) -> bytes:
    """Return a workbook as a file."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()
