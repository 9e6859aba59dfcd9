"""A post's metadata as labelled lines: what both faces show beside the text. Plain data; each face draws it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from kbtui.core.post import Image, Json, Post
from kbtui.core.text import one_line

DEEPEST = 6
"""How deep values are nested at most; what lies deeper stands on one line as JSON."""


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """One value, safe to show: on one line, not markup."""

    text: str
    depth: int = 0
    """How deep it is nested, 0 for the outermost."""
    score: int | None = None
    """The figure of 0 to 100 that the text ends with, for a face that draws it as a bar."""
    flag: bool | None = None
    """Whether the flag that the text names is set; None for what is no flag."""


@dataclass(frozen=True, slots=True)
class MetadataLine:
    """One line of the metadata box: its label is safe to show too."""

    label: str
    items: tuple[MetadataValue, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The values where nothing is nested: each of the outermost, what it holds behind it."""
        groups: list[list[MetadataValue]] = []
        for item in self.items:
            if item.depth and groups:
                groups[-1].append(item)
            else:
                groups.append([item])
        return tuple(_in_one(group) for group in groups)


def metadata_lines(post: Post) -> list[MetadataLine]:
    """Everything of a post that has a value but title and body: in the first article's order and words, then ours."""
    lines: Iterable[tuple[str, Iterable[MetadataValue]]] = (
        ("topic", _texts([post.topic])),
        ("summary", _texts([post.summary])),
        ("outline", _texts(f"{label}: {text}" if label else text for label, text in post.outline)),
        ("brief", _texts([post.brief])),
        ("stack", _texts(post.stack)),
        ("tools", _texts(post.tools)),
        ("code language", _texts([post.language])),
        ("difficulty", _texts([post.difficulty])),
        ("reading time", _texts([f"{post.minutes} min"])),
        ("view count", _texts([_text(post.views)])),
        ("score", _scores(post)),
        ("revision", _texts(_revision(post))),
        # A review stands in the revision already.
        ("known good", _texts([post.known_good.evidence] if post.known_good and post.known_good.run else [])),
        ("reference", _texts([post.reference])),
        ("hash", _texts([post.source_hash])),
        ("flags", _flags(post)),
        ("checklist", _texts(post.checklist)),
        ("entities", _texts(f"{e.name} ({e.type})" if e.type else e.name for e in post.entities)),
        ("image sources", _images(post.images)),
        ("payload", _nested({_spaced(name): value for name, value in post.payload.items()})),
        ("notes", _texts(post.notes)),
        ("similar posts", _texts(post.similar)),
        ("aliases", _texts(post.aliases)),
        ("tags", _texts(post.tags)),
        ("owner", _texts([post.owner])),
        ("published", _texts([_text(post.published)])),
        ("source", _texts([f"{post.source}: {post.path}" if post.path else post.source])),
        *((name, _nested(value)) for name, value in post.extra.items()),
    )
    found = (MetadataLine(one_line(label), tuple(item for item in items if item.text)) for label, items in lines)
    return [line for line in found if line.items]


def _in_one(group: list[MetadataValue]) -> str:
    before = ("", *(" " if item.text.endswith(":") else ", " for item in group))
    return "".join(chain.from_iterable(zip(before, (item.text for item in group), strict=False)))


def _texts(values: Iterable[str], depth: int = 0) -> list[MetadataValue]:
    return [MetadataValue(one_line(value), depth) for value in values]


def _scores(post: Post) -> list[MetadataValue]:
    names = ("quality", "freshness", "depth", "clarity")
    figures = ((name, getattr(post.score, name)) for name in names)
    return [MetadataValue(f"{name}: {figure}", score=figure) for name, figure in figures if figure is not None]


def _revision(post: Post) -> list[str]:
    revision = post.revision
    figures = (
        ("status", revision.status),
        ("version", revision.version),
        ("last reviewed", _text(revision.last_reviewed)),
    )
    return [f"{name}: {value}" for name, value in figures if value]


def _flags(post: Post) -> list[MetadataValue]:
    return [
        MetadataValue(one_line(f"{_spaced(name)}: {_text(value)}"), flag=bool(value))
        for name, value in post.flags.items()
    ]


def _images(images: Iterable[Image]) -> Iterator[MetadataValue]:
    """What each picture shows, and beneath that where it comes from."""
    for image in images:
        first, *rest = [*filter(None, (image.caption, image.source, image.url)), ""]
        yield from _texts([first])
        yield from _texts(rest, 1)


def _nested(value: Json, depth: int = 0) -> Iterator[MetadataValue]:
    """A value of any shape: what belongs to a name or to the first of an item stands deeper."""
    if depth >= DEEPEST or not isinstance(value, (Mapping, list, tuple)):
        yield from _texts([_text(value)], depth)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(inner, (Mapping, list, tuple)):
                yield from _texts([f"{name}: {_text(inner)}"] if inner is not None else [], depth)
            elif inner:
                yield from _texts([f"{name}:"], depth)
                yield from _nested(inner, depth + 1)
    else:
        for inner in value:
            for number, item in enumerate(_nested(inner, depth + 1)):
                yield item if number else replace(item, depth=depth)


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
