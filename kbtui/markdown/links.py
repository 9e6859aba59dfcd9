"""What a target in the source leads to."""

from __future__ import annotations

import re
from urllib.parse import unquote

from kbtui.core.text import clean, visible
from kbtui.markdown.tree import Link, LinkKind

# One letter and a colon is a drive of Windows.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")


def link_to(target: str, *, is_embed: bool = False) -> Link | None:
    """The link for a Markdown or HTML target; None for one that leads nowhere.

    Paths and anchors are percent-decoded, but for `%23`, which is no beginning of an anchor.
    """
    target = target.strip()
    if _SCHEME.match(target):
        return Link(_shown(target), LinkKind.OUTSIDE, is_embed)
    kind = LinkKind.FILE
    if target.startswith("#"):
        kind, target = LinkKind.ANCHOR, target[1:]
    target = _shown(unquote(target.replace("%23", "%2523")))
    return Link(target, kind, is_embed) if target else None


def file_name(target: str) -> str:
    """The last part of an address or a path, for want of a caption."""
    path = re.split(r"[?#]", target, maxsplit=1)[0].rstrip("/")
    return path.rsplit("/", 1)[-1] or target


def _shown(target: str) -> str:
    return clean(target).replace("\n", visible("\n"))
