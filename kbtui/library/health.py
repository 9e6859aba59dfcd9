"""Whether the library is sound, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kbtui.core.notes.change_note import NoteFilter
from kbtui.core.ports import Drafts, ImportLog, NoteStore, PostStore, StoreHealth
from kbtui.core.post import Json
from kbtui.library.homes import Homes
from kbtui.library.indexing import Indexing, not_indexed

NAMED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    check: str
    problem: str = ""
    """What is wrong, empty if nothing is."""
    remedy: str = ""
    """What to do about it; where nothing is wrong, what is worth knowing."""


class Health:
    """Checks and figures of the library."""

    def __init__(
        self,
        *,
        posts: PostStore,
        log: ImportLog,
        indexing: Indexing,
        store: StoreHealth,
        homes: Homes,
        drafts: Drafts,
        notes: NoteStore,
        note_drafts: Drafts,
    ) -> None:
        self._posts = posts
        self._notes = notes
        self._note_drafts = note_drafts
        self._log = log
        self._indexing = indexing
        self._store = store
        self._homes = homes
        self._drafts = drafts

    def findings(self) -> list[Finding]:
        """Every check with what it found; reads the whole library."""
        return [*self._file(), *self._content(), *self._runs(), *self._index(), *self._imports(), *self._edits()]

    def facts(self) -> dict[str, Json]:
        """Counts and sizes, for `stats`."""
        status = self._indexing.status()
        return {
            "posts": self._posts.count(),
            "notes": self._notes.count(NoteFilter()),
            **self._store.facts(),
            "index": {
                "documents": status.documents,
                "pending": status.pending,
                "bytes": status.size,
                "generation": status.generation,
                "problem": status.problem,
            },
        }

    def _file(self) -> list[Finding]:
        found = [Finding("store", problem, remedy) for problem, remedy in self._store.problems()]
        return found or [Finding("store")]

    def _runs(self) -> list[Finding]:
        """What is kept beside the events of a run should be what they come to."""
        found = [Finding("runs", problem, remedy) for problem, remedy in self._store.run_problems()]
        return found or [Finding("runs")]

    def _content(self) -> list[Finding]:
        damaged, notes = list(self._posts.damaged()), list(self._notes.damaged())
        found = []
        if damaged:
            problem = f"{len(damaged)} posts are not as they were saved: {_some(damaged)}"
            found.append(Finding("content", problem, "restore a backup, or change and import their source again"))
        if notes:
            problem = f"{len(notes)} change notes are not as they were saved: {_some(notes)}"
            found.append(Finding("content", problem, "restore a backup"))
        return found or [Finding("content")]

    def _index(self) -> list[Finding]:
        status = self._indexing.status()
        if status.problem:
            # A library that never held anything has no index, and needs none.
            if self._posts.count() == 0 and self._notes.count(NoteFilter()) == 0:
                return [Finding("index")]
            return [Finding("index", status.problem, "kbtui index rebuild")]
        if status.pending:
            remedy = "any search catches up; where none does, `kbtui index rebuild` says why"
            return [Finding("index", not_indexed(status.pending), remedy)]
        if problem := self._indexing.problem():
            return [Finding("index", problem, "kbtui index rebuild")]
        return [Finding("index")]

    def _imports(self) -> list[Finding]:
        """The last import of each source should have come to its end."""
        last = {run.source: run for run in reversed(self._log.runs(200))}
        cut_off = [run.source for run in last.values() if run.finished_at is None or run.state.value == "interrupted"]
        if not cut_off:
            return [Finding("imports")]
        return [
            Finding(
                "imports",
                f"the last import of {', '.join(sorted(cut_off))} was cut off",
                "run that import again",
            )
        ]

    def _edits(self) -> list[Finding]:
        """What was written here: it should be saved, and nobody should miss what its file says by now."""
        left = [str(path) for path in self._drafts.left()]
        behind = [
            version.slug
            for version in self._posts.local_versions()
            if (file := self._homes.file_of(version.source, version.path)) is not None
            and self._homes.says_else(version.source, version.path, file)
        ]
        drafts = Finding("drafts")
        if left:
            remedy = "save them by `kbtui edit SLUG --from-file FILE`, or delete them"
            drafts = Finding("drafts", f"{len(left)} edited texts were not saved: {_some(left)}", remedy)
        note = f"the files of {_some(behind)} have changed since; `kbtui edit SLUG --release` takes them"
        return [drafts, self._unsaved_notes(), Finding("local versions", remedy=note if behind else "")]

    def _unsaved_notes(self) -> Finding:
        left = [str(path) for path in self._note_drafts.left()]
        if not left:
            return Finding("note drafts")
        remedy = (
            "save them by `kbtui note new --from-file FILE`, or where its name has the id of a note by "
            "`kbtui note edit ID --from-file FILE`, or delete them"
        )
        return Finding("note drafts", f"{len(left)} texts of change notes were not saved: {_some(left)}", remedy)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
