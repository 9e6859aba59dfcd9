"""A post's metadata as labelled lines: what both faces show beside the text. Plain data; each face draws it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kbtui.core.post import Json, Post
from kbtui.core.text import one_line


@dataclass(frozen=True, slots=True)
class MetadataLine:
    """One line of the metadata box: safe to show, each value on one line, not markup."""

    label: str
    values: tuple[str, ...]


def metadata_lines(post: Post) -> list[MetadataLine]:
    """Everything of a post that has a value but title and body: in the first article's order and words, then ours."""
    lines = (
        ("topic", [post.topic]),
        ("summary", [post.summary]),
        ("outline", [f"{label}: {text}" if label else text for label, text in post.outline]),
        ("brief", [post.brief]),
        ("stack", post.stack),
        ("tools", post.tools),
        ("code language", [post.language]),
        ("difficulty", [post.difficulty]),
        ("reading time", [f"{post.minutes} min"]),
        ("view count", [_text(post.views)]),
        ("score", _scores(post)),
        ("revision", _revision(post)),
        ("reference", [post.reference]),
        ("hash", [post.source_hash]),
        ("flags", [f"{_spaced(name)}: {_text(value)}" for name, value in post.flags.items()]),
        ("checklist", post.checklist),
        ("entities", [f"{e.name} ({e.type})" if e.type else e.name for e in post.entities]),
        ("image sources", [", ".join(filter(None, (i.caption, i.source, i.url))) for i in post.images]),
        ("payload", [f"{_spaced(name)}: {_text(value)}" for name, value in post.payload.items()]),
        ("notes", post.notes),
        ("similar posts", post.similar),
        ("aliases", post.aliases),
        ("tags", post.tags),
        ("owner", [post.owner]),
        ("published", [_text(post.published)]),
        ("source", [f"{post.source}: {post.path}" if post.path else post.source]),
        *((name, _values(value)) for name, value in post.extra.items()),
    )
    cleaned = (MetadataLine(one_line(label), tuple(filter(None, map(one_line, values)))) for label, values in lines)
    return [line for line in cleaned if line.values]


def _scores(post: Post) -> list[str]:
    names = ("quality", "freshness", "depth", "clarity")
    figures = ((name, getattr(post.score, name)) for name in names)
    return [f"{name}: {figure}" for name, figure in figures if figure is not None]


def _revision(post: Post) -> list[str]:
    revision = post.revision
    figures = (
        ("status", revision.status),
        ("version", revision.version),
        ("last reviewed", _text(revision.last_reviewed)),
    )
    return [f"{name}: {value}" for name, value in figures if value]


def _values(value: Json) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{name}: {_text(item)}" for name, item in value.items()]
    return [_text(item) for item in value] if isinstance(value, (list, tuple)) else [_text(value)]


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
