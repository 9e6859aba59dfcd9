"""A post's metadata as labelled lines: what both faces show beside the text. Plain data; each face draws it."""

from __future__ import annotations

from collections.abc import Mapping

from kbtui.core.post import Json, Post
from kbtui.core.text import one_line


def metadata_lines(post: Post) -> list[tuple[str, list[str]]]:
    """Every field that has a value, as (label, lines), in the order of the box; nested values indented.

    Fields that kbtui does not know come last, under their own names.
    """
    score, revision = post.score, post.revision
    figures = (
        ("quality", score.quality),
        ("freshness", score.freshness),
        ("depth", score.depth),
        ("clarity", score.clarity),
    )
    states = (("status", revision.status), ("version", revision.version), ("last reviewed", revision.last_reviewed))
    box: list[tuple[str, list[str]]] = [
        ("topic", _one(post.topic)),
        ("summary", _one(post.summary)),
        ("outline", [f"{label}: {text}" if label else text for label, text in post.outline]),
        ("brief", _one(post.brief)),
        ("stack", list(post.stack)),
        ("tools", list(post.tools)),
        ("tags", list(post.tags)),
        ("aliases", list(post.aliases)),
        ("code language", _one(post.language)),
        ("difficulty", _one(post.difficulty)),
        ("reading time", [f"{post.minutes} min"]),
        ("view count", _one(post.views)),
        ("owner", _one(post.owner)),
        ("published", _one(post.published)),
        ("score", [f"{name}: {figure}" for name, figure in figures if figure is not None]),
        ("revision", [f"{name}: {value}" for name, value in states if value]),
        ("reference", _one(post.reference)),
        ("hash", _one(post.source_hash)),
        ("flags", [f"{_label(name)}: {'yes' if on else 'no'}" for name, on in post.flags.items()]),
        ("checklist", [f"☐ {item}" for item in post.checklist]),
        ("entities", [f"{entity.name} ({entity.type})" if entity.type else entity.name for entity in post.entities]),
        ("image sources", [line for i in post.images for line in _nested("", _image(i.source, i.url, i.caption))]),
        ("payload", [line for name, value in post.payload.items() for line in _nested(_label(name), value)]),
        ("notes", list(post.notes)),
        ("similar posts", list(post.similar)),
    ]
    box += [(name, _nested("", value)) for name, value in post.extra.items()]
    shown = [(label, [one for line in lines if (one := _indented(line))]) for label, lines in box]
    return [(label, lines) for label, lines in shown if lines]


def _one(value: object) -> list[str]:
    return [str(value)] if value not in (None, "") else []


def _image(source: str, url: str, caption: str) -> Json:
    return {"source": source, "url": url, "caption": caption}


def _label(name: str) -> str:
    return name.replace("_", " ")


def _nested(name: str, value: Json, depth: int = 0) -> list[str]:
    """A JSON value as indented lines."""
    margin = "  " * depth
    head = f"{margin}{name}:" if name else ""
    if isinstance(value, Mapping):
        inner = [line for key, item in value.items() for line in _nested(_label(str(key)), item, depth + bool(name))]
        return [head, *inner] if name else inner
    if isinstance(value, list):
        inner = [line for item in value for line in _nested("", item, depth + bool(name))]
        return [head, *inner] if name else inner
    text = "" if value is None else str(value)
    return [f"{head} {text}" if name else f"{margin}{text}"] if text or name else []


def _indented(line: str) -> str:
    """One safe line that keeps its indentation."""
    return line[: len(line) - len(line.lstrip(" "))] + one_line(line)
