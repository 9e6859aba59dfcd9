"""Foreign metadata onto the fields of a post: front matter, JSON objects and the metadata box of an article.

Keys are compared without regard to case, spaces, hyphens and underscores. What has no field, or does not fit
it, is kept in `extra` under its own key: nothing that a source says is lost. An empty value says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kbtui.core.post import Json, Post, Revision, Score, to_document
from kbtui.core.text import slugify
from kbtui.formats import shapes
from kbtui.formats.languages import is_human_language
from kbtui.formats.shapes import NOTHING, key_name
from kbtui.formats.values import as_count, as_date, as_line, as_minutes, as_text, as_truth, storable_json

Reader = Callable[[Json], tuple[Json, Json]]
"""Gives what fits a field and what is left of the value."""

Fields = tuple[tuple[str, Reader, tuple[str, ...]], ...]
"""Field of the post, its reader, and the keys that may give it: the first of them that fits is taken."""

# The body is taken out of a document before its metadata is read.
_CANONICAL = frozenset(to_document(Post(title=""))) - {"body"}
_FLAGS = ("ai_generated_style", "has_images", "image_heavy", "needs_human_review")
_SCORES = ("quality", "freshness", "depth", "clarity")


def fill(post: Post, metadata: Mapping[str, Json]) -> Post:
    """The post with every field that the metadata gives; `extra` holds the rest."""
    return _Filling(metadata).post(post) if metadata else post


def has_key(metadata: Mapping[str, Json], key: str) -> bool:
    """Whether the metadata has this key at all, even if empty."""
    return any(key_name(own) == key for own in metadata)


def _whole(convert: Callable[[Json], Json]) -> Reader:
    """A reader of values that fit as a whole or not at all."""

    def read(value: Json) -> tuple[Json, Json]:
        converted = convert(value)
        return (None, value) if converted is None else (converted, NOTHING)

    return read


def _text(value: Json) -> str | None:
    text = as_text(value)
    return None if text is None else text.strip()


def _code_language(value: Json) -> str | None:
    text = as_line(value)
    return None if text is None or is_human_language(text) else text


def _rating(value: Json) -> int | None:
    number = as_count(value)
    return number if number is not None and number <= 100 else None


_line = _whole(as_line)

_FIELDS: Fields = (
    ("title", _line, ("title", "headline")),
    ("aliases", shapes.texts, ("aliases", "alias")),
    ("topic", _line, ("topic",)),
    ("summary", _whole(_text), ("summary", "description", "excerpt", "abstract")),
    ("brief", _whole(_text), ("brief", "ai_brief")),
    ("outline", shapes.pairs, ("outline", "ai_outline")),
    ("stack", shapes.words, ("stack", "stacks")),
    ("tools", shapes.words, ("tools", "tool")),
    ("language", _line, ("code_language", "programming_language")),
    ("language", _whole(_code_language), ("language", "lang")),
    ("difficulty", _line, ("difficulty",)),
    ("reading_minutes", _whole(as_minutes), ("reading_time", "reading_minutes")),
    ("views", _whole(as_count), ("views", "view_count")),
    ("reference", _line, ("reference",)),
    ("source_hash", _line, ("hash", "source_hash")),
    ("owner", _line, ("owner",)),
    ("checklist", shapes.texts, ("checklist",)),
    ("entities", shapes.entities, ("entities",)),
    ("images", shapes.images, ("image_sources", "images")),
    ("payload", shapes.mapping, ("payload",)),
    ("notes", shapes.texts, ("notes", "note")),
    ("similar", shapes.texts, ("similar", "similar_posts", "related", "related_posts", "see_also")),
    (
        "published",
        _whole(as_date),
        ("published", "date_published", "publish_date", "date", "created", "created_at"),
    ),
)
# All of these together are the tags.
_TAG_KEYS = ("tags", "tag", "keywords", "categories", "category")
_REVISION: Fields = (
    ("status", _line, ("status",)),
    ("version", _line, ("version",)),
    (
        "last_reviewed",
        _whole(as_date),
        (
            "last_reviewed",
            "reviewed",
            "updated",
            "lastmod",
            "last_updated",
            "last_modified",
            "date_modified",
            "modified",
        ),
    ),
)


@dataclass(slots=True)
class _Filling:
    """One mapping on its way into a post: `left` is what no field has taken yet, in the order it came."""

    metadata: Mapping[str, Json]
    left: dict[str, Json] = field(init=False)
    keys: dict[str, list[str]] = field(init=False, default_factory=dict)
    """Own keys by compared key."""

    def __post_init__(self) -> None:
        self.left = dict(self.metadata)
        for key in self.metadata:
            self.keys.setdefault(key_name(key), []).append(key)

    def post(self, post: Post) -> Post:
        """The filled post."""
        values = self.identity()
        values |= self.take(_FIELDS)
        if not values.get("title"):
            values["title"] = post.title
        values["tags"] = self.tags() or post.tags
        values["flags"] = {**post.flags, **self.flags()}
        values["score"] = self.score() or post.score
        values["revision"] = self.revision() or post.revision
        # Last, because it takes all that the others left.
        values["extra"] = {**post.extra, **self.extra()}
        return replace(post, **values)

    def take(self, fields: Fields) -> dict[str, Json]:
        """The values of these fields that fit, each from the first of its keys that does."""
        taken: dict[str, Json] = {}
        for name, read, keys in fields:
            for own in self.own_keys(keys):
                if name in taken or _is_empty(self.left[own]):
                    continue
                value, left = read(self.left[own])
                if left is NOTHING:
                    del self.left[own]
                elif value:
                    self.left[own] = left
                if value or left is NOTHING:
                    taken[name] = value
        return taken

    def own_keys(self, keys: tuple[str, ...]) -> list[str]:
        """The keys of the mapping that mean one of these and are still there; empty ones are spent by asking."""
        own = [own for key in keys for own in self.keys.get(key, ()) if own in self.left]
        for key in own:
            if _is_empty(self.left[key]):
                del self.left[key]
        return [key for key in own if key in self.left]

    def identity(self) -> dict[str, Json]:
        """The slug that the source wishes for; in a document of kbtui itself, also what means something else abroad."""
        values: dict[str, Json] = {}
        own = self.metadata.keys() >= _CANONICAL
        for key in ("source", "path", "language"):
            if own and isinstance(self.left.get(key), str):
                values[key] = self.left.pop(key)
        for key in self.own_keys(("slug",)):
            text = as_text(self.left[key])
            if text is None or "slug" in values:
                continue
            values["slug"] = slugify(text)
            if values["slug"] == text:
                del self.left[key]
        return values

    def tags(self) -> tuple[str, ...]:
        """Tags, keywords and categories, each once."""
        found: list[str] = []
        for own in self.own_keys(_TAG_KEYS):
            fitting, left = shapes.words(self.left[own])
            found += fitting
            if left is NOTHING:
                del self.left[own]
            else:
                self.left[own] = left
        return tuple(dict.fromkeys(found))

    def flags(self) -> dict[str, bool]:
        """The object `flags`, and flags that stand by themselves."""
        found: dict[str, bool] = {}
        for own in self.own_keys(("flags", *_FLAGS)):
            key = key_name(own)
            value = self.left[own] if key == "flags" else {key: self.left[own]}
            fitting, left = shapes.flags(value)
            if found.keys() & fitting.keys():
                continue
            found |= fitting
            if left is NOTHING:
                del self.left[own]
            elif fitting:
                self.left[own] = left
        return found

    def score(self) -> Score | None:
        """The figures of `score`."""
        values = self.inner("score", tuple((name, _whole(_rating), (name,)) for name in _SCORES))
        return Score(**values) if values else None

    def revision(self) -> Revision | None:
        """State of the text, from `revision` or from keys of its own; `draft: true` is a status."""
        values = self.inner("revision", _REVISION)
        values |= self.take(tuple(row for row in _REVISION if row[0] not in values))
        for own in self.own_keys(("draft",)):
            if not values.get("status") and as_truth(self.left[own]):
                values["status"] = "draft"
                del self.left[own]
        return Revision(**values) if values else None

    def inner(self, key: str, fields: Fields) -> dict[str, Json]:
        """The fields of an object inside the mapping; what is left of it stays under its key."""
        for own in self.own_keys((key,)):
            if isinstance(self.left[own], dict):
                inside = _Filling(self.left[own])
                values = inside.take(fields)
                if inside.left:
                    self.left[own] = inside.left
                else:
                    del self.left[own]
                return values
        return {}

    def extra(self) -> dict[str, Json]:
        """All that is left; an object `extra` lies open among it."""
        extra: dict[str, Json] = {}
        for own in self.own_keys(("extra",)):
            opened, left = shapes.mapping(self.left[own])
            if left is NOTHING:
                extra |= opened
                del self.left[own]
        for key, value in self.left.items():
            while key in extra and extra[key] != value:
                key += "_"  # noqa: PLW2901 - until it is free
            extra[key] = storable_json(value)
        return extra


def _is_empty(value: Json) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
