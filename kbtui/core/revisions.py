"""The states that a post was in, and where its text is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path


class Origin(Enum):
    """How a state of a post came about."""

    IMPORT = "import"
    EDIT = "edit"
    RESTORE = "restore"
    REVIEW = "review"
    """The text stayed; somebody vouched for it."""


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """One state of a post, without its text."""

    number: int
    """1 for the first save; the current state has the post's `saves`."""
    saved_at: datetime
    title: str
    size: int
    """Characters of the body."""
    origin: Origin
    is_current: bool = False
    who: str = ""
    why: str = ""
    """Who saved it and why, where they said so."""


@dataclass(frozen=True, slots=True)
class LocalVersion:
    """A post that was changed here, so that no import overwrites it."""

    post_id: int
    slug: str
    source: str
    path: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PostHome:
    """Where the text of a post is kept."""

    file: Path | None = None
    """The file that it came from; None where there is none that can be read."""
    local_since: datetime | None = None
    """When the library's own version of it began, which imports leave alone; None where the file rules."""
    file_changed: bool = False
    """Whether the file says something else by now than both the local version and what that began from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post's text on its way through an editor: a file that outlives whatever goes wrong."""

    slug: str
    """The post that is edited; for a new post the slug that its title asks for."""
    path: Path
    text: str
    """What the file held at first."""
    based_on: int
    """The revision that the text shows; 0 for a new post."""
