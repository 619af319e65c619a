"""XES read as a stream: elements are told as they come and no tree is built.

A file that would be gigabytes as a tree costs what is kept of it. There are no entities, no DTD
and no network: a document type is refused where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from lxml import etree

from engine.analysis.eventlog.refusal import InvalidLog

ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})
#: attributes that are kept of one element
MOST = 1_000
#: what holds attributes, and inside what it may stand
HOLDERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "log": frozenset({""}),
        "global": frozenset({"log"}),
        "trace": frozenset({"log"}),
        "event": frozenset({"trace", "log"}),
    }
)


class Handler(Protocol):
    """What is told of a file, in its order."""

    def declared(self, kind: str, attributes: Mapping[str, str]) -> None:
        """An extension or a classifier."""

    def opened(self, kind: str) -> None:
        """A trace begins."""

    def closed(self, kind: str, inside: str, attributes: Mapping[str, str], scope: str) -> None:
        """A trace, an event or a global ends, with the attributes it had itself."""


class Holder:
    """An element that holds attributes, while it is open."""

    __slots__ = ("attributes", "depth", "kind", "scope")

    def __init__(self, kind: str, depth: int, scope: str = "") -> None:
        self.kind = kind
        self.depth = depth
        self.scope = scope
        self.attributes: dict[str, str] = {}


class Target:
    """What the parser calls. Attributes of attributes are passed over: nothing of them is kept."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.depth = 0
        self.holders = [Holder("", 0)]
        self.kinds: dict[str, str] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins. Raises InvalidLog where the root is not a log."""
        kind = self.kinds.get(tag) or self.kinds.setdefault(tag, tag.rpartition("}")[2])
        self.depth += 1
        holder = self.holders[-1]
        if self.depth != holder.depth + 1:
            return
        if kind in ATTRIBUTES:
            value = attributes.get("value")
            if value is not None and len(holder.attributes) < MOST:
                holder.attributes[attributes.get("key", "")] = value
        elif holder.kind in HOLDERS.get(kind, ()):
            self.holders.append(Holder(kind, self.depth, attributes.get("scope", "")))
            self.handler.opened(kind)
        elif holder.kind == "log":
            self.handler.declared(kind, attributes)
        elif not holder.kind:
            raise InvalidLog(f"the root is {kind[:80]}, not log", field="file", line=1)

    def end(self, tag: str) -> None:
        """An element ends."""
        del tag
        holder = self.holders[-1]
        if self.depth == holder.depth:
            self.holders.pop()
            self.handler.closed(holder.kind, self.holders[-1].kind, holder.attributes, holder.scope)
        self.depth -= 1

    def doctype(self, *_: str | None) -> None:
        """A document type: it is where entity bombs and external entities live."""
        text = "a document type declaration is not accepted"
        raise InvalidLog(text, field="file", line=1)

    def close(self) -> None:
        """The file ends."""


def parse(pieces: Iterable[bytes], handler: Handler) -> None:
    """Tell a handler what a file holds. Raises InvalidLog with the line."""
    # types-lxml wants more of a target than lxml does
    parser = etree.XMLParser(  # type: ignore[call-overload]
        target=Target(handler),
        # without this an &amp; comes as &#38;; a file cannot declare others, see `doctype`
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except etree.XMLSyntaxError as error:
        text = f"not well-formed XML: {error.msg}"
        raise InvalidLog(text, field="file", line=error.lineno) from error
