"""What an import is, asks for and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from kbtui.core.post import Json, Post


@dataclass(frozen=True, slots=True)
class Source:
    """A place that posts come from. Its name is unique; its root is the folder that paths are relative to."""

    id: int
    name: str
    root: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One entry of a walk: either a file to read, or a reason why not."""

    path: str
    location: Path
    refused: str = ""
    """A sentence why the file is not read, else empty."""
    skipped: str = ""
    """The kind of file, for one that kbtui does not read at all (`.png`), else empty."""


@dataclass(frozen=True, slots=True)
class ParsedPost:
    """A post as a file gave it, before the library gives it an identity."""

    post: Post
    item: str = ""
    """Which item of a file of many; empty where the file is one post."""
    warnings: tuple[str, ...] = ()
    """What could not be understood and was kept as text; the post is imported all the same."""
    names_itself: bool = False
    """Whether the slug was written in the source, so that its author should hear of another one."""


class ProblemKind(Enum):
    """How bad a problem of an import is."""

    REFUSED = "refused"
    """The file, or an item of it, is not in the library."""
    WARNING = "warning"
    """The post is there, but something of it was not understood."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One file, and what was the matter with it."""

    path: str
    reason: str
    kind: ProblemKind = ProblemKind.REFUSED


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how."""

    location: Path
    source_name: str = ""
    """Name for the source; empty takes the folder's."""
    moved: bool = False
    """The source of this name lies at this location now, wherever it was before."""
    prune: bool = False
    dry_run: bool = False
    extensionless: bool = False
    """Also read files whose name has no extension, as Markdown."""


@dataclass(slots=True)
class ImportReport:
    """What an import did. Counts are posts."""

    source: str = ""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    removed_paths: list[str] = field(default_factory=list)
    """The posts that were gone from the source, or would be removed."""
    problems: list[ImportProblem] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    """Files of kinds that kbtui does not read, by extension."""
    dry_run: bool = False
    seconds: float = 0.0

    @property
    def refused(self) -> list[ImportProblem]:
        """The files that are not in the library, and why."""
        return [p for p in self.problems if p.kind is ProblemKind.REFUSED]

    @property
    def warnings(self) -> list[ImportProblem]:
        """The posts that are in the library but were not wholly understood."""
        return [p for p in self.problems if p.kind is ProblemKind.WARNING]

    @property
    def changed(self) -> int:
        """Posts that the library holds differently now."""
        return self.added + self.updated + self.removed

    def to_document(self) -> dict[str, Json]:
        """The shape of `import --json`."""
        return {
            "source": self.source,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "removed_paths": list(self.removed_paths),
            "refused": [{"path": p.path, "reason": p.reason} for p in self.refused],
            "warnings": [{"path": p.path, "reason": p.reason} for p in self.warnings],
            "skipped": dict(self.skipped),
            "dry_run": self.dry_run,
            "seconds": round(self.seconds, 3),
        }


class RunState(Enum):
    """How far an import run got."""

    RUNNING = "running"
    DONE = "done"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One line of the import log."""

    id: int
    source: str
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    counts: Mapping[str, int]
    problems: int
    """How many there were."""
    under: str = ""
    """Where in the source it looked: at and below this path; "" for everywhere."""
