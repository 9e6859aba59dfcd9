"""Readers of the fields that are lists or objects.

Each takes a foreign value and gives what fits the field, and what is left: what had no place in it, in the value's own
shape, or NOTHING.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from kbtui.core.post import Entity, Image, Json
from kbtui.formats.plain_json import JsonProblemError, load
from kbtui.formats.values import as_line, as_text, as_truth

T = TypeVar("T")

NOTHING: Final = object()
"""What is left of a value that fitted wholly."""

_SEPARATOR = re.compile(r"[\s_-]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def key_name(key: str) -> str:
    """A key as it is compared: `Last-Reviewed`, `last reviewed` and `lastReviewed` are all `last_reviewed`."""
    return _SEPARATOR.sub("_", _CAMEL.sub("_", key.strip())).casefold().strip("_")


def texts(value: Json) -> tuple[tuple[str, ...], Json]:
    """A list of texts; one text is a list of one."""
    items = value if isinstance(value, list) else [value]
    fitting: list[str] = []
    left: list[Json] = []
    for item in items:
        text = as_text(item)
        if text is not None and text.strip():
            fitting.append(text.strip())
        elif text is None and item is not None:
            left.append(item)
    return tuple(fitting), _left(value, left, bool(fitting))


def words(value: Json) -> tuple[tuple[str, ...], Json]:
    """A list of short texts, also written as one text with commas; repeated ones count once."""
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    fitting, left = texts(value)
    return tuple(dict.fromkeys(fitting)), left


def pairs(value: Json) -> tuple[tuple[tuple[str, str], ...], Json]:
    """Labelled lines: an object, a list of pairs, of one-key objects, or of "label: text"."""
    items = list(value.items()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    fitting: list[tuple[str, str]] = []
    left: list[Json] = []
    for item in items:
        pair = _pair(item)
        if pair is None:
            left.append(item)
        else:
            fitting.append(pair)
    if isinstance(value, dict) and left:
        return tuple(fitting), dict(left)
    return tuple(fitting), _left(value, left, bool(fitting))


def _pair(item: Json) -> tuple[str, str] | None:
    if isinstance(item, dict) and len(item) == 1:
        item = next(iter(item.items()))
    if isinstance(item, str):
        label, colon, text = item.partition(": ")
        return (label.strip(), text.strip()) if colon else ("", item.strip())
    if isinstance(item, list | tuple) and len(item) == 2:
        own_label, own_text = ("" if part is None else as_line(part) for part in item)
        return None if own_label is None or own_text is None else (own_label, own_text)
    return None


def flags(value: Json) -> tuple[dict[str, bool], Json]:
    """Named truth values: an object, or a list of the names that are set. Names get underscores."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {key_name(item): True for item in value if key_name(item)}, NOTHING
    if not isinstance(value, dict):
        return {}, value
    fitting: dict[str, bool] = {}
    left: dict[str, Json] = {}
    for key, item in value.items():
        truth = as_truth(item)
        if truth is None or key_name(key) in fitting:
            left[key] = item
        else:
            fitting[key_name(key)] = truth
    return fitting, left or NOTHING


def entities(value: Json) -> tuple[tuple[Entity, ...], Json]:
    """Things with a name and a kind; a text alone is a name."""
    return _objects(value, ("name", "type"), "name", lambda part: Entity(part["name"], part["type"]))


def images(value: Json) -> tuple[tuple[Image, ...], Json]:
    """Pictures with source, address and caption; a text alone is an address."""
    return _objects(
        value,
        ("source", "url", "caption"),
        "url",
        lambda part: Image(part["source"], part["url"], part["caption"]),
    )


def _objects(
    value: Json, names: tuple[str, ...], alone: str, make: Callable[[dict[str, str]], T]
) -> tuple[tuple[T, ...], Json]:
    items = value if isinstance(value, list) else [value]
    fitting: list[T] = []
    left: list[Json] = []
    for item in items:
        given = item if isinstance(item, dict) else {alone: item}
        parts = {key_name(key): "" if part is None else as_text(part) for key, part in given.items()}
        known = {name: part.strip() for name in names if (part := parts.get(name)) is not None}
        if any(known.values()):
            fitting.append(make(dict.fromkeys(names, "") | known))
        if len(known) < len(given) or not any(known.values()):
            left.append(item)
    return tuple(fitting), _left(value, left, bool(fitting))


def mapping(value: Json) -> tuple[Mapping[str, Json], Json]:
    """An object as it is; also as JSON text, the form in which YAML keeps numbers and truth values apart."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return load(value), NOTHING
        except JsonProblemError:
            return {}, value
    return (value, NOTHING) if isinstance(value, dict) else ({}, value)


def _left(value: Json, left: list[Json], some_fitted: bool) -> Json:
    """The part of a list that did not fit; the value as it came where nothing of it did."""
    if not left:
        return NOTHING
    return left if some_fitted else value
