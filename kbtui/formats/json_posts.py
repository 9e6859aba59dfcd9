"""JSON files as posts: one object, a list of them, `{"posts": [...]}`, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import ImportProblem, ParsedPost
from kbtui.core.post import Json, Post
from kbtui.formats import metadata, names
from kbtui.formats.markdown import with_tasks
from kbtui.formats.plain_json import JsonProblemError, load
from kbtui.formats.shapes import key_name
from kbtui.formats.structure import first_heading
from kbtui.formats.values import as_line, as_text

_BODY_KEYS = ("body", "markdown", "content", "text")
_ID_KEYS = ("slug", "id")
_ID_LENGTH = 200
_TITLE_LENGTH = 120

_Found = ParsedPost | ImportProblem


@dataclass(slots=True)
class _Items:
    """The items of one file, with names that are unique in it."""

    path: str
    used: dict[str, int] = field(default_factory=dict)
    """How often each name was asked for."""

    def read(self, number: int, value: Json, place: str) -> _Found:
        """The post of one item, or what is the matter with it. `number` counts from 1."""
        if not isinstance(value, dict):
            return self.problem(number, f"{place}: it is not an object with a title or a body")
        post = _post(value, self.path)
        if post is None:
            return self.problem(number, f"{place}: it has neither a title nor a body")
        return replace(post, item=self._unique(_own_name(value) or str(number)))

    def problem(self, number: int, reason: str) -> ImportProblem:
        """What is the matter with an item."""
        return ImportProblem(f"{self.path}#{number}", reason)

    def _unique(self, name: str) -> str:
        free = name
        while free in self.used:
            self.used[name] += 1
            free = f"{name}-{self.used[name]}"
        self.used[free] = 1
        return free


def parse(path: str, text: str) -> Iterator[_Found]:
    """The posts of a JSON file; `RefusedFileError` where it holds none."""
    try:
        value = load(text)
    except JsonProblemError as error:
        place = f"line {error.line}: " if error.line else ""
        raise RefusedFileError(place + error.reason) from error
    if isinstance(value, dict) and isinstance(value.get("posts"), list):
        value = value["posts"]
    if isinstance(value, list):
        items = _Items(path)
        yield from _some_post(items.read(n, item, f"item {n}") for n, item in enumerate(value, start=1))
        return
    post = _post(value, path) if isinstance(value, dict) else None
    if post is None:
        raise RefusedFileError("not a post: it has neither a title nor a body")
    yield post


def parse_lines(path: str, text: str) -> Iterator[_Found]:
    """The posts of a file with one JSON object a line; `RefusedFileError` where it holds none."""
    yield from _some_post(_lines(path, text))


def _lines(path: str, text: str) -> Iterator[_Found]:
    items = _Items(path)
    for number, line in enumerate(_split_lines(text), start=1):
        if not line.strip():
            continue
        try:
            value = load(line)
        except JsonProblemError as error:
            yield items.problem(number, f"line {number}: {error.reason}")
        else:
            yield items.read(number, value, f"line {number}")


def _split_lines(text: str) -> Iterator[str]:
    """Lines at `\\n` alone, one at a time: JSON may hold other line separators."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _some_post(found: Iterator[_Found]) -> Iterator[_Found]:
    """The same, but a file without any post is refused as a whole, not item by item."""
    problems: list[ImportProblem] = []
    for item in found:
        if isinstance(item, ParsedPost):
            yield from problems
            yield item
            yield from found
            return
        problems.append(item)
    if not problems:
        raise RefusedFileError("it holds no posts")
    raise RefusedFileError(f"it holds no posts; {problems[0].reason}")


def _post(value: Mapping[str, Json], path: str) -> ParsedPost | None:
    body_key = next((key for key in _body_keys(value) if value[key].strip()), None)
    body = "" if body_key is None else value[body_key]
    rest = {key: item for key, item in value.items() if key != body_key and not _is_blank_body(key, item)}
    post = metadata.fill(Post(title="", body=body.replace("\r\n", "\n").replace("\r", "\n"), path=path), rest)
    if not post.title and not post.body:
        return None
    if not post.title:
        post = replace(post, title=first_heading(post.body) or _first_line(post.body) or names.title_from(path))
    return ParsedPost(with_tasks(post, given=metadata.has_key(value, "checklist")))


def _body_keys(value: Mapping[str, Json]) -> list[str]:
    """The keys that hold a text to read, the most telling first."""
    return [own for key in _BODY_KEYS for own in value if key_name(own) == key and isinstance(value[own], str)]


def _is_blank_body(key: str, item: Json) -> bool:
    return key_name(key) in _BODY_KEYS and isinstance(item, str) and not item.strip()


def _first_line(body: str) -> str:
    line = " ".join(body.lstrip().partition("\n")[0].split())
    return line if len(line) <= _TITLE_LENGTH else ""


def _own_name(value: Mapping[str, Json]) -> str:
    """What the object calls itself, as one line; "" where it says nothing."""
    for key in _ID_KEYS:
        for own, item in value.items():
            if key_name(own) == key and not isinstance(item, bool | float) and (text := as_text(item)):
                return (as_line(text) or "")[:_ID_LENGTH]
    return ""
