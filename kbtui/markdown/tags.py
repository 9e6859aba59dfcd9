"""HTML inside a line: which tags say how text looks, and which stand for what the reader fills in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from markdown_it.token import Token

from kbtui.markdown.tree import Mark

MARKS = {
    **dict.fromkeys(("b", "strong"), Mark.STRONG),
    **dict.fromkeys(("i", "em", "u", "ins", "var", "cite", "dfn"), Mark.EMPHASIS),
    **dict.fromkeys(("code", "tt", "samp"), Mark.CODE),
    **dict.fromkeys(("del", "s", "strike"), Mark.STRIKE),
    "mark": Mark.HIGHLIGHT,
    "kbd": Mark.KEY,
    "sub": Mark.SUB,
    "sup": Mark.SUPER,
    # These only group, or say what a browser draws otherwise.
    **dict.fromkeys(("a", "p", "div", "span", "center", "small", "big", "font", "abbr", "label", "picture"), Mark.NONE),
}
"""The look of what stands between `<tag>` and `</tag>`."""

ALONE = frozenset({"br", "wbr", "img"})
"""Tags that have no closing one."""

_TAG = re.compile(r"<(?P<closing>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>.*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def decoded(text: str) -> str:
    """Text with its entities decoded, those with a semicolon alone: `?a=1&copy=2` is no copyright. Not clean."""
    return _ENTITY.sub(lambda match: unescape(match.group()), text)


@dataclass(frozen=True, slots=True)
class Tag:
    """`<name attribute="value">` or `</name>`."""

    name: str
    is_closing: bool
    rest: str
    """What stands behind the name."""

    def attribute(self, name: str) -> str:
        """The value of an attribute, its entities decoded; "" where it is not given."""
        for key, value in _ATTRIBUTE.findall(self.rest):
            if key.lower() == name:
                return decoded(value.strip("\"'"))
        return ""


def tag_of(text: str) -> Tag | None:
    """The tag that a piece of HTML is; None for a comment, a declaration or an instruction."""
    match = _TAG.fullmatch(text)
    return Tag(match["name"].lower(), bool(match["closing"]), match["rest"]) if match else None


def pairs(tokens: Sequence[Token]) -> dict[int, int]:
    """Which tags among inline tokens belong together: positions of the opening ones to those of the closing ones."""
    opened: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for position, token in enumerate(tokens):
        tag = tag_of(token.content) if token.type == "html_inline" else None
        if tag is None:
            continue
        if not tag.is_closing:
            opened.setdefault(tag.name, []).append(position)
        elif stack := opened.get(tag.name):
            found[stack.pop()] = position
    return found
