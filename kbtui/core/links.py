"""Links from post to post: which a text has, and under which keys a post is found by them.

Post A links to post B exactly when `link_keys` of A and `own_keys` of B have a key in common. Keys of the kind `path`
hold inside one source, keys of the kind `name` in the whole library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import unquote

from kbtui.core.markdown_blocks import Block, BlockKind, read_blocks

Kind: TypeAlias = Literal["path", "name"]
Key: TypeAlias = tuple[Kind, str]

MOST_OWN_KEYS = 12

_PAGE_ENDING = re.compile(r"\.(?:md|markdown|mdown|mkd|mdx)$", re.IGNORECASE)
_PATH_ENDING = re.compile(r"\.(?:md|markdown|mdown|mkd|mdx|txt|text|html?)$", re.IGNORECASE)
_MEDIA_ENDING = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|mp[34]|m4a|wav|ogg|flac|webm|mov|pdf|canvas|base|zip|t?gz|css|js)$",
    re.IGNORECASE,
)
_FOLDER_PAGES = frozenset({"index", "_index", "readme"})
_ROOT = "."

_SIGN = re.compile(r"`+|<!--")
_RAW_HTML = re.compile(r"<(?:script|pre|style|textarea)\b", re.IGNORECASE)
_LONGEST_SPAN = 2000
# Each pattern begins with a sign of its own, which lets the search skip all other text.
_TARGET = r"""(?:<([^<>\n]*+)>|((?:[^\s()\\<]|\\.|\([^\s()]*+\))(?:[^\s()\\]|\\.|\([^\s()]*+\))*+))"""
_TITLE = r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?"""
_INLINE = re.compile(rf"\]\((?<!\\\]\()\s*+{_TARGET}{_TITLE}\s*+\)")
_DEFINITION = re.compile(
    rf"^ {{0,3}}\[(?!\^|//\])[^\[\]\n]++\]:[ \t]*+\n?[ \t]*+{_TARGET}{_TITLE}[ \t]*$", re.MULTILINE
)
_WIKILINK = re.compile(r"\[\[(?<!\\\[\[)([^\s\[\]|\"'$:`<>][^\[\]\n|]{0,300})(?:\|[^\[\]\n]*+)?\]\](?!\()")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link to another post."""

    kind: Kind
    target: str
    """A path relative to the linking post, or from the root of its source where it begins with `/`; or a name."""
    anchor: str = ""
    """The heading in the other post, without `#`."""


def links_in(body: str) -> list[FoundLink]:
    """The distinct links of a Markdown text to other posts, in order; pictures and other media are none."""
    # Most pages have no link: they are not read any further.
    if "](" not in body and "[[" not in body and "]:" not in body:
        return []
    return list(dict.fromkeys(link for text in _texts(read_blocks(body)) for link in _links_of(text)))


def path_link(target: str) -> FoundLink | None:
    """The link that the target of a Markdown link is; None for an address, an anchor of the same page, a picture."""
    target = target.strip()
    if _SCHEME.match(target):
        return None
    path, _, anchor = target.partition("#")
    path = unquote(path.partition("?")[0])
    if not path or _MEDIA_ENDING.search(path):
        return None
    return FoundLink("path", path, unquote(anchor))


def name_link(target: str) -> FoundLink | None:
    """The link that the inside of a wikilink before its bar is; None for a heading of the same page, a picture."""
    name, _, anchor = target.strip().removesuffix("\\").partition("#")
    name = name.strip()
    if not name or _SCHEME.match(name) or _MEDIA_ENDING.search(name):
        return None
    return FoundLink("path" if name.startswith((".", "/")) else "name", name, anchor.strip())


def resolve_path(from_path: str, target: str) -> str:
    """The path in the source that a target leads to from the post at `from_path`; "" for the root.

    `..` above the root stays at the root.
    """
    folder = "" if target.startswith("/") else from_path.rpartition("/")[0]
    parts: list[str] = []
    for part in f"{folder}/{target}".split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def name_key(name: str) -> str:
    """A name as it is compared: case, hyphens, underscores, kinds of blanks and the ending `.md` make no difference."""
    folded = _folded(_PAGE_ENDING.sub("", name.strip()))
    key = "/".join(filter(None, (_BETWEEN_WORDS.sub(" ", part).strip() for part in folded.split("/"))))
    return key or folded


def keys_of(from_path: str, link: FoundLink) -> list[Key]:
    """The keys that a link of the post at `from_path` asks for, the likelier first."""
    if link.kind == "name":
        return _named([link.target])
    path = resolve_path(from_path, link.target)
    found: list[Key] = [("path", _path_key(path))]
    # An absolute path counts from the root of a site, which may be a folder of the source.
    return [*found, *_named([_PATH_ENDING.sub("", path)])] if link.target.startswith("/") and path else found


def link_keys(path: str, body: str) -> list[Key]:
    """The distinct keys that the links of a post ask for; `path` is the post's own place in its source."""
    return list(dict.fromkeys(key for link in links_in(body) for key in keys_of(path, link)))


def own_keys(path: str, title: str, aliases: Iterable[str], slug: str) -> list[Key]:
    """The keys under which a post is found, at most 12: its path, names and the ends of its path."""
    place = _PATH_ENDING.sub("", path)
    folder, _, stem = place.rpartition("/")
    places = [place, folder] if stem.casefold() in _FOLDER_PAGES else [place]
    paths: list[Key] = [("path", _path_key(each)) for each in places if path]
    ends = [_end(each, 1) for each in places] + places + [_end(each, n) for n in (2, 3) for each in places]
    names = [title, slug, *ends[: 2 * len(places)], *aliases, *ends[2 * len(places) :]]
    return list(dict.fromkeys([*paths, *_named(names)]))[:MOST_OWN_KEYS]


def _texts(block: Block) -> Iterator[str]:
    """The texts of all blocks that links may stand in."""
    if block.lines and block.kind is not BlockKind.CODE and not _RAW_HTML.match(block.lines[0]):
        yield block.text
    for child in block.children:
        yield from _texts(child)


def _links_of(text: str) -> Iterator[FoundLink]:
    """The links in the text of a block, in order."""
    bare = _without_code(text)
    for _, link in sorted([*_path_links(bare), *_name_links(bare)], key=lambda pair: pair[0]):
        yield link


def _without_code(text: str) -> str:
    """The text of a block without what links to nothing: code spans, comments."""
    kept = []
    at = 0
    for sign in _SIGN.finditer(text):
        if sign.start() >= at and (end := _end_of_code(text, sign)):
            kept.append(text[at : sign.start()])
            at = end
    return " ".join([*kept, text[at:]])


def _end_of_code(text: str, sign: re.Match[str]) -> int:
    """Where the code or comment ends that a sign opens; 0 where it opens none."""
    if sign.group() == "<!--":
        closed = text.find("-->", sign.end())
        return closed + 3 if closed >= 0 else len(text)
    is_escaped = text[max(0, sign.start() - 1) : sign.start()] == "\\"
    return 0 if is_escaped else _end_of_span(text, sign)


def _end_of_span(text: str, ticks: re.Match[str]) -> int:
    """Where a code span ends: at as many backticks; 0 where they do not come."""
    near = text[ticks.end() : ticks.end() + _LONGEST_SPAN]
    closing = next((run for run in _SIGN.finditer(near) if run.group() == ticks.group()), None)
    return ticks.end() + closing.end() if closing else 0


def _path_links(text: str) -> Iterator[tuple[int, FoundLink]]:
    for pattern in (_INLINE, _DEFINITION):
        for match in pattern.finditer(text):
            written = match[2] if match[1] is None else match[1]
            if link := path_link(_ESCAPED.sub(r"\1", written)):
                yield match.start(), link


def _name_links(text: str) -> Iterator[tuple[int, FoundLink]]:
    for match in _WIKILINK.finditer(text):
        if link := name_link(match[1]):
            yield match.start(), link


def _path_key(path: str) -> str:
    return _folded(_PATH_ENDING.sub("", path)) or _ROOT


def _named(names: Iterable[str]) -> list[Key]:
    return [("name", key) for key in map(name_key, names) if key]


def _end(path: str, parts: int) -> str:
    return "/".join(path.split("/")[-parts:])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())
