"""YAML read as plain data: no aliases, no key twice, not too deep, a mapping at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

#: libyaml's, where PyYAML was built with it: ten times as fast
Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: lists and mappings within one another; libyaml itself would go on until the stack overflows
MAX_DEPTH = 50

Failures = (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError)


def read_mapping(content: bytes) -> Mapping[str, Any]:
    """Return the mapping of a YAML file; empty for an empty file.

    Raises ValueError where it is no YAML, or no mapping.
    """
    try:
        check_events(content)
        data = built(content)
    except Failures as error:
        raise ValueError(f"is not YAML: {' '.join(str(error).split())}") from error
    if data is not None and not isinstance(data, Mapping):
        raise ValueError("must hold a mapping")
    return {str(key): value for key, value in (data or {}).items()}


def check_events(content: bytes) -> None:
    """Refuse aliases, which a few lines can grow without bound, and what is nested too deeply."""
    depth = 0
    for event in yaml.parse(content, Loader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases are not accepted")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            text = f"lists and mappings are nested more than {MAX_DEPTH} deep"
            raise yaml.composer.ComposerError(problem=text, problem_mark=event.start_mark)  # type: ignore[arg-type]


def built(content: bytes) -> Any:
    """Return what a file holds, once no mapping in it has a key twice."""
    loader = Loader(content)
    try:
        node = loader.get_single_node()
        for each in mappings(node):
            check_keys(each)
        return None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    """Yield every mapping of a document."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, yaml.MappingNode):
            yield each
            waiting.extend(part for pair in each.value for part in pair)
        elif isinstance(each, yaml.SequenceNode):
            waiting.extend(each.value)


def check_keys(node: yaml.MappingNode) -> None:
    """Refuse a mapping in which a key stands twice."""
    keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        text = f"the key {twice[0]!r} stands twice"
        raise yaml.composer.ComposerError(problem=text, problem_mark=node.start_mark)
