"""A post as a Markdown file that reads back as the same post."""

from __future__ import annotations

import json
from collections.abc import Callable

import yaml

from kbtui.core.post import Json, Post, to_document
from kbtui.formats.plain_yaml import MAX_DEPTH
from kbtui.formats.values import deeper_than

# Under `language` other tools expect the human one.
_RENAMED = {"language": "code_language"}
# The library gives these itself, or they stand elsewhere in the file.
_NOT_WRITTEN = frozenset({"source", "path", "body"})


def to_markdown(post: Post) -> str:
    """The post as front matter and body. Fields without a value are left out.

    Reading the file gives every field again, but for what the library itself assigns: id, source, path, dates
    of saving.
    """
    # A parser of Markdown that those who only write YAML do without.
    from kbtui.formats.structure import tasks

    document = {
        _RENAMED.get(key, key): shown
        for key, value in to_document(post).items()
        if key not in _NOT_WRITTEN and (shown := _shown(key, value)) not in (None, "", [], {})
    }
    found = list(tasks(post.body))
    if found and list(post.checklist) == found:
        del document["checklist"]  # the tasks of the body become it again, also when they are changed
    elif found and not post.checklist:
        document["checklist"] = []
    return f"---\n{as_yaml(document)}---\n{post.body}"


def as_yaml(document: Json) -> str:
    """Lines of YAML that `plain_yaml` reads back, each text on one line."""
    written = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))
    return str(written)


def _shown(key: str, value: Json) -> Json:
    if key in ("payload", "extra") and not _is_textual(value):
        # YAML's scalars are read as text; JSON keeps numbers, truth values and deep nesting.
        return json.dumps(value, ensure_ascii=False)
    if key == "outline":
        labels = [label for label, _ in value]
        return dict(value) if all(labels) and len(set(labels)) == len(labels) else value
    if key in ("score", "revision", "entities", "image_sources"):
        return _without_empty(value)
    return value


def _without_empty(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    return {key: item for key, item in value.items() if item not in (None, "")}


def _is_textual(value: Json) -> bool:
    """Whether YAML carries the value whole: only texts, lists and objects, and not too deep."""
    if deeper_than(value, MAX_DEPTH - 2):
        return False
    if isinstance(value, dict):
        return all(_is_textual(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_textual(item) for item in value)
    return value is None or isinstance(value, str)


class _Dumper(yaml.SafeDumper):
    """Writes lists indented below their key, and never an anchor for a value that stands twice."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - its signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Text of several lines or with odd characters in double quotes, where every character can be escaped."""
    odd = not text.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if odd else None)


_represent: Callable[[type, Callable[..., yaml.Node]], None] = _Dumper.add_representer
_represent(str, _text)
