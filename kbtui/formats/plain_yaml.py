"""YAML as front matter needs it: lists, mappings and strings, from a stranger.

A subclass of PyYAML's pure loader; the C loader crashes on deep nesting. Scalars stay as they were written,
because YAML 1.1 would read `no` as False, `1.10` as 1.1 and `12:30:00` as 45000. Anchors, aliases and tags
are refused: a few hundred bytes of them can stand for gigabytes.
"""

from __future__ import annotations

from typing import NoReturn

import yaml
from yaml.events import CollectionStartEvent, NodeEvent, ScalarEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from kbtui.core.post import Json

MAX_DEPTH = 20
MAX_NODES = 10_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class YamlProblemError(Exception):
    """The text is no YAML that front matter may hold; `line` counts from 0."""

    def __init__(self, reason: str, line: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def load(text: str) -> tuple[Json, list[tuple[int, str]]]:
    """The value of one YAML document, and (line from 0, key) of each key that stands there again.

    Every scalar is a string, or None where nothing or `null` was written. Raises `YamlProblemError`.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlProblemError(error.problem or error.context or "not YAML", mark.line if mark else None) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        # PyYAML's types promise bytes here; it is the number of the character.
        number = int(str(error.character))
        raise YamlProblemError(f"the character U+{number:04X} is not allowed", line) from error
    except yaml.YAMLError as error:
        raise YamlProblemError(str(error), None) from error
    except (ValueError, OverflowError) as error:  # an escape for a character that does not exist
        raise YamlProblemError(str(error), None) from error
    repeated: list[tuple[int, str]] = []
    return (None if node is None else _value(node, repeated)), repeated


class _Loader(yaml.SafeLoader):
    """Composes nodes only, within limits."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, object]]] = {}  # noqa: RUF012 - PyYAML's own way
    depth = 0
    nodes = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, NodeEvent) and event.anchor is not None:
            _refuse("anchors (&) and aliases (*) are not read; put the value in quotes", event)
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            _refuse("tags (!) are not read; put the value in quotes", event)
        if self.depth >= MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH} levels", event)
        if self.nodes >= MAX_NODES:
            _refuse(f"more than {MAX_NODES} values", event)
        self.nodes += 1
        self.depth += 1
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _refuse(reason: str, event: yaml.Event) -> NoReturn:
    raise YamlProblemError(reason, event.start_mark.line if event.start_mark else None)


def _value(node: Node, repeated: list[tuple[int, str]]) -> Json:
    if isinstance(node, ScalarNode):
        return None if node.style is None and node.value in _NULLS else node.value
    if isinstance(node, SequenceNode):
        return [_value(item, repeated) for item in node.value]
    assert isinstance(node, MappingNode)  # noqa: S101 - a node is one of three
    values: dict[str, Json] = {}
    for key, item in node.value:
        if not isinstance(key, ScalarNode):
            raise YamlProblemError("a key must be a word, not a list or a mapping", key.start_mark.line)
        if key.value in values:
            repeated.append((key.start_mark.line, key.value))
        values[key.value] = _value(item, repeated)
    return values
