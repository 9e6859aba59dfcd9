"""What an import reads, and the log it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kbtui.core.importing import (
        FoundFile,
        ImportProblem,
        ImportReport,
        ImportRun,
        ParsedPost,
        RunState,
        Source,
    )


class ImportLog(Protocol):
    """Sources, what was read from them, and how each import went."""

    def sources(self) -> list[Source]:
        """All sources by name."""
        ...

    def add_source(self, name: str, root: str) -> Source:
        """A new source; a taken name gets a number behind it. A root that is known gives the source that it has."""
        ...

    def move_source(self, source: Source, root: str) -> Source:
        """The source under another root; its posts and fingerprints stay."""
        ...

    def fingerprints(self, source: Source) -> dict[str, tuple[str, int]]:
        """By path: the fingerprint of each file as it was last taken in whole, and how many posts it gave."""
        ...

    def set_fingerprints(self, source: Source, taken: Mapping[str, tuple[str, int]]) -> None:
        """Note files that were taken in whole."""
        ...

    def forget(self, source: Source, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        ...

    def start_run(self, source: Source, at: datetime, under: str = "") -> int:
        """Open a line of the log for an import of what lies at or below a path; its number."""
        ...

    def finish_run(self, run: int, at: datetime, state: RunState, report: ImportReport) -> None:
        """Close a line of the log, with its counts and problems."""
        ...

    def runs(self, limit: int) -> list[ImportRun]:
        """The log, newest first."""
        ...

    def problems(self, run: int) -> list[ImportProblem]:
        """What was the matter in one run."""
        ...


class SourceFiles(Protocol):
    """The files of a source, read without following links out of it."""

    def walk(self, root: Path, start: Path, *, extensionless: bool) -> Iterator[FoundFile]:
        """Every file at or below `start`, in a stable order, with what speaks against reading it."""
        ...

    def read(self, file: FoundFile) -> bytes:
        """The bytes of a file; `RefusedFileError` where it cannot be read or is too large."""
        ...


class PostParser(Protocol):
    """Turns the bytes of a file into posts."""

    @property
    def version(self) -> str:
        """Changes whenever the same bytes would be read differently."""
        ...

    def parse(self, path: str, data: bytes) -> Iterator[ParsedPost | ImportProblem]:
        """The posts of a file, and the items of it that are none. `RefusedFileError` where there is none at all."""
        ...
