"""Importing: files become posts. Idempotent, logged, safe to interrupt and to run again.

Posts are written many in one transaction; a file counts as taken in once all of its posts are. One whose bytes did not
change since then is not even parsed.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kbtui.core.errors import RefusedFileError, UsageError
from kbtui.core.importing import (
    FoundFile,
    ImportProblem,
    ImportReport,
    ImportRequest,
    ImportRun,
    ParsedPost,
    ProblemKind,
    RunState,
    Source,
)
from kbtui.core.ports import Clock, ImportLog, PostParser, PostStore, Progress, SavedPost, SourceFiles, silent
from kbtui.core.post import Post, placed
from kbtui.core.text import one_line, slugify, storable

POSTS_PER_TRANSACTION = 200
DEFAULT_SOURCE_NAME = "import"
CHANGED_BUT_LOCAL = "the file changed, but the post has a local version, which was kept"
GONE_BUT_LOCAL = "it is gone from the source; the post has a local version, which was kept"


class Importing:
    """The importer of the library."""

    def __init__(self, posts: PostStore, log: ImportLog, files: SourceFiles, parser: PostParser, clock: Clock) -> None:
        self._posts = posts
        self._log = log
        self._files = files
        self._parser = parser
        self._clock = clock

    def sources(self) -> list[Source]:
        """Where the library's posts come from."""
        return self._log.sources()

    def runs(self, limit: int = 20) -> list[ImportRun]:
        """The import log, newest first."""
        return self._log.runs(limit)

    def problems(self, run: int) -> list[ImportProblem]:
        """What was the matter in one run of the log."""
        return self._log.problems(run)

    def run(self, request: ImportRequest, progress: Progress = silent) -> ImportReport:
        """Import a file or a folder. Raises `UsageError` where there is nothing at that place."""
        started = time.monotonic()
        location = request.location.resolve()
        if not location.exists():
            raise UsageError(f"There is nothing at {request.location}; name a file or a folder.")
        source = self._source(location, request)
        report = ImportReport(source=source.name, dry_run=request.dry_run)
        run = None if request.dry_run else self._log.start_run(source, self._clock(), _under(source, location))
        state = RunState.INTERRUPTED
        try:
            seen = self._take_in(source, location, request, report, progress)
            if request.prune:
                self._prune(source, location, seen, report, dry_run=request.dry_run)
            state = RunState.DONE
        finally:
            report.seconds = time.monotonic() - started
            if run is not None:
                self._log.finish_run(run, self._clock(), state, report)
        return report

    def save(self, posts: Iterable[Post], source_name: str, progress: Progress = silent) -> ImportReport:
        """Save posts that come from no file (generated ones), each with its own path, in batches."""
        started = time.monotonic()
        root = f"kbtui:{source_name}"
        source = next((s for s in self._log.sources() if s.root == root), None)
        source = source or self._log.add_source(source_name, root)
        report = ImportReport(source=source.name)
        batch = _Batch(self._posts, self._log, source, self._clock, report, dry_run=False)
        for number, post in enumerate(posts, 1):
            batch.add_posts([placed(post, slug=post.slug, source=source.name, path=post.path)])
            if number % POSTS_PER_TRANSACTION == 0:
                progress("storing", number, 0)
        batch.flush()
        report.seconds = time.monotonic() - started
        return report

    # Which source

    def _source(self, location: Path, request: ImportRequest) -> Source:
        """The source that the place belongs to: a known one at or above it, else a new one."""
        wished = request.source_name.strip()
        folder = location if location.is_dir() else location.parent
        if storable(str(folder)) != str(folder):
            raise UsageError(f"The name of the folder {one_line(str(folder))} is not valid UTF-8; rename it first.")
        known = {Path(source.root): source for source in self._log.sources()}
        for place in (folder, *folder.parents):
            if place in known and (not wished or known[place].name == wished):
                return known[place]
        if folder in known:
            # A root belongs to one source; another name for it would import everything twice.
            raise UsageError(f"{folder} is the source {known[folder].name!r} already; leave --source out.")
        taken = {source.name: source for source in known.values()}
        if wished and wished in taken:
            if request.moved:
                return self._log.move_source(taken[wished], str(folder))
            raise UsageError(f"The source {wished!r} is another folder's already; choose another name with --source.")
        name = wished or slugify(folder.name) or DEFAULT_SOURCE_NAME
        if request.dry_run:
            # As `add_source` would name it; no post of another source may be compared with.
            numbered = (name if n == 1 else f"{name}-{n}" for n in count(1))
            return Source(0, next(free for free in numbered if free not in taken), str(folder))
        return self._log.add_source(name, str(folder))

    # Taking in

    def _take_in(
        self, source: Source, location: Path, request: ImportRequest, report: ImportReport, progress: Progress
    ) -> _Seen:
        progress("looking", 0, 0)
        walked = self._files.walk(Path(source.root), location, extensionless=request.extensionless)
        found = list(self._without_other_sources(source, walked, report))
        known = self._log.fingerprints(source)
        if request.prune:
            known = self._complete(source, known)
        seen = _Seen()
        batch = _Batch(self._posts, self._log, source, self._clock, report, dry_run=request.dry_run)
        try:
            for number, file in enumerate(found, 1):
                self._take_in_file(file, known, batch, seen)
                progress("reading", number, len(found))
        finally:
            # What was read before an interruption is kept; the next run goes on from there.
            batch.flush()
        return seen

    def _without_other_sources(
        self, source: Source, found: Iterable[FoundFile], report: ImportReport
    ) -> Iterator[FoundFile]:
        """The files but those of folders that are sources of their own, which would be imported twice."""
        root = Path(source.root)
        inside = {other: Path(other.root) for other in self._log.sources() if root in Path(other.root).parents}
        told: set[Source] = set()
        for file in found:
            owner = next((other for other, place in inside.items() if place in file.location.parents), None)
            if owner is None:
                yield file
            elif owner not in told:
                told.add(owner)
                reason = f"this folder is the source {owner.name!r} already; its files were left out"
                path = inside[owner].relative_to(root).as_posix()
                report.problems.append(ImportProblem(path, reason, ProblemKind.WARNING))

    def _complete(self, source: Source, known: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
        """Of the files taken in earlier those whose posts are all that is stored; the others must be read to prune."""
        files = known.keys()
        stored = Counter(_file_of(path, files) for _, path in self._posts.by_path(source.name, ""))
        return {path: taken for path, taken in known.items() if stored[path] == taken[1]}

    def _take_in_file(self, file: FoundFile, known: dict[str, tuple[str, int]], batch: _Batch, seen: _Seen) -> None:
        report = batch.report
        seen.kept.add(file.path)
        if file.skipped:
            report.skipped[file.skipped] = report.skipped.get(file.skipped, 0) + 1
            return
        if file.refused:
            report.problems.append(ImportProblem(file.path, file.refused))
            return
        try:
            data = self._files.read(file)
            fingerprint = f"{self._parser.version}:{hashlib.sha256(data).hexdigest()}"
            if known.get(file.path, ("", 0))[0] == fingerprint:
                report.unchanged += known[file.path][1]
                return
            parsed = list(self._parser.parse(file.path, data))
        except RefusedFileError as error:
            report.problems.append(ImportProblem(file.path, error.reason))
            return
        if file.path in known:
            batch.changes(file.path)
        seen.read[file.path] = batch.add_file(file.path, parsed, fingerprint)

    # Pruning

    def _prune(self, source: Source, location: Path, seen: _Seen, report: ImportReport, *, dry_run: bool) -> None:
        """Remove posts whose file, or whose item in its file, is gone. A file that was only refused is not gone."""
        under = _under(source, location)
        files = seen.kept | set(self._log.fingerprints(source))
        local = {version.post_id for version in self._posts.local_versions()}
        gone, forgotten = [], set()
        for post_id, path in self._posts.by_path(source.name, under):
            file = _file_of(path, files)
            is_missing = file not in seen.kept and not seen.covers_unreadable(file)
            if not is_missing and not (file in seen.read and path not in seen.read[file]):
                continue
            if is_missing:
                forgotten.add(file)
            if post_id in local:
                report.problems.append(ImportProblem(path, GONE_BUT_LOCAL, ProblemKind.WARNING))
                continue
            gone.append(post_id)
            report.removed_paths.append(path)
        report.removed += len(gone)
        if not dry_run:
            self._posts.remove(gone)
            self._log.forget(source, forgotten)


@dataclass(slots=True)
class _Seen:
    """What a walk saw: the files that are there, readable or not, and the post paths of those read anew."""

    kept: set[str] = field(default_factory=set)
    read: dict[str, set[str]] = field(default_factory=dict)

    def covers_unreadable(self, file: str) -> bool:
        """Whether a folder above the file could not be looked into, so that nothing is known of the file."""
        parts = file.split("/")
        return "." in self.kept or any("/".join(parts[:n]) in self.kept for n in range(1, len(parts)))


class _Batch:
    """Posts on their way into the store, written together; a file's fingerprint follows its last post."""

    def __init__(
        self,
        posts: PostStore,
        log: ImportLog,
        source: Source,
        clock: Clock,
        report: ImportReport,
        *,
        dry_run: bool,
    ) -> None:
        self._store = posts
        self._log = log
        self._source = source
        self._clock = clock
        self._dry_run = dry_run
        self._self_named: set[str] = set()
        self._waiting: list[Post] = []
        self._taken: dict[str, tuple[str, int]] = {}
        self._changing: list[str] = []
        self.report = report

    def changes(self, path: str) -> None:
        """Note that a file is not what was taken in of it."""
        self._changing.append(path)

    def add_file(self, path: str, parsed: Iterable[ParsedPost | ImportProblem], fingerprint: str) -> set[str]:
        """Take the posts of one file; their paths."""
        whole, paths, posts = True, set[str](), []
        for item in parsed:
            if isinstance(item, ImportProblem):
                whole = False
                self.report.problems.append(item)
                # What cannot be read now is not gone.
                paths.add(item.path)
                continue
            place = f"{path}#{item.item}" if item.item else path
            paths.add(place)
            for warning in item.warnings:
                whole = False
                self.report.problems.append(ImportProblem(place, warning, ProblemKind.WARNING))
            if item.names_itself:
                self._self_named.add(place)
            posts.append(placed(item.post, slug=item.post.slug, source=self._source.name, path=place))
        self.add_posts(posts)
        if whole:
            # After its posts, so that an interruption never leaves the mark without them. A file with problems is read
            # again next time, so that they are reported again.
            self._taken[path] = (fingerprint, len(posts))
        return paths

    def add_posts(self, posts: Iterable[Post]) -> None:
        """Take posts that have their place; writes when enough wait."""
        self._waiting.extend(posts)
        if len(self._waiting) >= POSTS_PER_TRANSACTION:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._changing and not self._dry_run:
            # First: were the file put back to what it was, its old fingerprint would hide that the posts are not.
            self._log.forget(self._source, self._changing)
        self._changing.clear()
        for chunk in _chunks(self._waiting, POSTS_PER_TRANSACTION):
            saved = self._store.compare(chunk) if self._dry_run else self._store.save(chunk, self._clock())
            for post, outcome in zip(chunk, saved, strict=True):
                self._count(post, outcome)
        self._waiting.clear()
        self._self_named.clear()
        if self._taken and not self._dry_run:
            self._log.set_fingerprints(self._source, self._taken)
        self._taken.clear()

    def _count(self, post: Post, saved: SavedPost) -> None:
        counted = "unchanged" if saved.outcome == "kept" else saved.outcome
        setattr(self.report, counted, getattr(self.report, counted) + 1)
        reason = ""
        if saved.outcome == "kept":
            command = f"`kbtui edit {saved.slug} --release`"
            reason = f"{CHANGED_BUT_LOCAL}; {command} takes the file's"
        elif saved.outcome == "added" and saved.slug != post.slug and post.path in self._self_named:
            reason = f"another post has the slug {post.slug!r} already; this one is {saved.slug!r}"
        if reason:
            self.report.problems.append(ImportProblem(post.path, reason, ProblemKind.WARNING))


def _under(source: Source, location: Path) -> str:
    """The path of a place in its source, "" for the whole of it."""
    root = Path(source.root)
    return "" if location == root else location.relative_to(root).as_posix()


def _file_of(path: str, files: Set[str]) -> str:
    """The file that a post's path names. Both may hold a `#`, so the longest name of a known file counts."""
    file = path
    while file not in files and "#" in file:
        file = file.rpartition("#")[0]
    return file if file in files else path


def _chunks(posts: list[Post], size: int) -> Iterator[list[Post]]:
    for start in range(0, len(posts), size):
        yield posts[start : start + size]
