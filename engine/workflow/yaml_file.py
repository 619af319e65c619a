"""YAML read as plain data: no aliases, no key twice, a mapping at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import yaml


class Loader(yaml.SafeLoader):
    """Refuses aliases, which a few lines can grow without bound, and keys that stand twice."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases are not accepted")
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.MappingNode):
            check_keys(node)
        return node


def check_keys(node: yaml.MappingNode) -> None:
    """Refuse a mapping in which a key stands twice."""
    keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        text = f"the key {twice[0]!r} stands twice"
        raise yaml.composer.ComposerError(problem=text, problem_mark=node.start_mark)


def read_mapping(content: bytes) -> Mapping[str, Any]:
    """Return the mapping of a YAML file; empty for an empty file.

    Raises ValueError where it is no YAML, or no mapping.
    """
    try:
        data = yaml.load(content, Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError(f"is not YAML: {' '.join(str(error).split())}") from error
    if data is not None and not isinstance(data, Mapping):
        raise ValueError("must hold a mapping")
    return {str(key): value for key, value in (data or {}).items()}
