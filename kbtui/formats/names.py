"""What the name of a file says: its kind, the title and the slug that it stands for."""

from __future__ import annotations

import os
import re

from kbtui.core.text import slugify

MARKDOWN = frozenset({"md", "markdown", "mdown", "mkd"})
TEXT = frozenset({"txt", "text"})
JSON = frozenset({"json"})
JSON_LINES = frozenset({"jsonl", "ndjson"})
READABLE = MARKDOWN | TEXT | JSON | JSON_LINES

# The folder of such a page carries its identity.
_FOLDER_PAGES = frozenset({"index", "readme", "_index"})


def extension(name: str) -> str:
    """What follows the last dot, in lower case; "" where there is no dot. The page `..md` has the extension `md`."""
    _, dot, ending = name.rpartition(".")
    return ending.casefold() if dot else ""


def stem(path: str) -> str:
    """The last part of a path without its extension, or the name of its folder for an index page."""
    folder, _, name = path.rpartition("/")
    own = name.rpartition(".")[0] if "." in name else name
    if own.casefold() in _FOLDER_PAGES:
        return folder.rpartition("/")[2] or own
    return own


def title_from(path: str) -> str:
    """A title for a post that names none: hyphens become spaces where the name has no spaces of its own."""
    own = stem(path)
    if " " in own:
        return own.strip()
    spaced = " ".join(re.split(r"[-_\s]+", own)).strip()
    return spaced or own


def slug_from(path: str) -> str:
    """The slug that the name of a file asks for."""
    return slugify(stem(path))


def printable(name: str) -> str:
    """A name that may hold bytes of no encoding, as text; two names never print alike.

    Bytes that are not UTF-8 become `\\xff`. A name that holds such a sequence literally has its backslashes
    doubled.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        escaped = os.fsencode(name.replace("\\", "\\\\"))
        return escaped.decode("utf-8", "backslashreplace")
    return name.replace("\\", "\\\\") if "\\x" in name else name
