"""Every error that a user may see: one sentence that says what, where and what to do, and an exit code."""

from __future__ import annotations

from pathlib import Path

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_ENVIRONMENT = 3
EXIT_INTERRUPTED = 130


class KbtuiError(Exception):
    """The root. `str(error)` is a whole sentence for the user; `exit_code` is what the command returns."""

    exit_code = EXIT_FAILED


class PostNotFoundError(KbtuiError):
    """No post has this slug."""

    def __init__(self, slug: str, nearest: tuple[str, ...] = ()) -> None:
        hint = f" Did you mean {', '.join(nearest)}?" if nearest else " `kbtui list` shows what there is."
        super().__init__(f"There is no post {slug!r}.{hint}")
        self.slug = slug
        self.nearest = nearest


class UsageError(KbtuiError):
    """The command cannot be carried out as it was given."""

    exit_code = EXIT_USAGE


class ConfigurationError(UsageError):
    """A configuration file or variable holds something that kbtui does not understand."""


class UnreadyError(KbtuiError):
    """The machine or the library does not allow it now: locked, full, damaged, newer."""

    exit_code = EXIT_ENVIRONMENT


class LibraryBusyError(UnreadyError):
    """Another process holds the write lock for longer than we wait."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Another kbtui is writing to {path}; try again when it is done.")


class DiskFullError(UnreadyError):
    """The disk had no room; the transaction was rolled back."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"No space is left on the disk of {path}; nothing was changed. Free some and try again.")


class LibraryUnavailableError(UnreadyError):
    """The library cannot be opened or written where it lies."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The library at {path} cannot be used: {reason}")


class DamagedLibraryError(UnreadyError):
    """SQLite says that the file is damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The library file {path} is damaged ({reason}). Keep a copy of it, then restore a backup or import again."
        )


class NewerLibraryError(UnreadyError):
    """The library was written by a newer kbtui; it is left untouched."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"The library {path} has schema {found}, written by a newer kbtui; this one knows schemas up to {known}. "
            "It was left untouched: upgrade kbtui, or name another library with --library."
        )


class ForeignFileError(UnreadyError):
    """The file at the library's place is not a kbtui library; it is left untouched."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{path} is not a kbtui library ({what}). It was left untouched: name another folder with --library."
        )


class IndexUnusableError(KbtuiError):
    """The full-text index is absent, damaged or of another format; it is to be rebuilt, never trusted."""


class RevisionNotFoundError(KbtuiError):
    """The post has no such revision."""

    def __init__(self, slug: str, number: int) -> None:
        super().__init__(f"The post {slug!r} has no revision {number}; `kbtui show {slug} --revisions` lists them.")


class ComparisonTooLongError(KbtuiError):
    """Two texts are too long to be compared line by line."""

    def __init__(self, slug: str, lines: int) -> None:
        super().__init__(
            f"The two revisions of {slug!r} have more than {lines:,} lines together, too many to compare here; "
            f"`kbtui show {slug} --revision N --markdown` gives each to another program."
        )


class EditConflictError(KbtuiError):
    """A post was saved by someone else while it was edited."""

    def __init__(self, slug: str, based_on: int, found: int) -> None:
        super().__init__(
            f"The post {slug!r} was saved meanwhile: revision {based_on} was edited, and it is at revision {found}. "
            f"`kbtui show {slug} --diff {based_on}:{found}` shows what changed."
        )
        self.slug = slug
        self.based_on = based_on
        self.found = found


class EditRefusedError(KbtuiError):
    """An edited text is no post that would say what its author meant."""


class EditNotSavedError(KbtuiError):
    """An edited text was not saved, for the reason in `cause`. It lies in the file `draft`, unless that failed too."""

    def __init__(self, cause: KbtuiError, draft: Path | None, where: str) -> None:
        super().__init__(f"{cause} {where}")
        self.cause = cause
        self.draft = draft
        self.exit_code = cause.exit_code


class EditorError(KbtuiError):
    """The editor could not be run to a good end."""


class RefusedFileError(KbtuiError):
    """One file of an import cannot be taken in. The rest goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoChecklistError(KbtuiError):
    """The post has no checklist of this name, or none at all."""


class RunNotFoundError(KbtuiError):
    """No run has this id, or it cannot be told which one is meant."""


class RunClosedError(KbtuiError):
    """The run was finished or abandoned, so it takes no change."""

    def __init__(self, run_id: str, state: str) -> None:
        what = "finished" if state == "done" else state
        super().__init__(f"The run {run_id} was {what}; it takes no change. `kbtui check start` begins another.")


class RunUnfinishedError(KbtuiError):
    """A run cannot be finished while steps are to be done."""

    def __init__(self, run_id: str, todo: int) -> None:
        steps = "1 step is" if todo == 1 else f"{todo:,} steps are"
        super().__init__(
            f"{steps} still to be done in the run {run_id}. Skip with a reason what does not apply, or abandon the run."
        )
        self.todo = todo


class StepNotFoundError(KbtuiError):
    """The run has no such step, or it cannot be told which one is meant."""


class StepSettledError(KbtuiError):
    """The step was marked otherwise, here or in another terminal; that is not overwritten."""

    def __init__(self, step: int, state: str, who: str, at: str) -> None:
        super().__init__(f"Step {step} was marked {state} by {who} at {at}. Take that back first (undo).")
        self.step = step


class EvidenceTooLargeError(KbtuiError):
    """Evidence, or another text of a run, is larger than the limit."""

    def __init__(self, what: str, limit_mb: int) -> None:
        super().__init__(
            f"The {what} is larger than {limit_mb} MB and was not taken. Keep the part that tells something, or raise "
            "evidence_limit_mb in the configuration."
        )


class RedlineError(KbtuiError):
    """A proposed change cannot be decided on as it was asked."""


class NoteNotFoundError(KbtuiError):
    """No change note has this id, or it cannot be told which one is meant."""


class NoteConflictError(KbtuiError):
    """A change note was saved by someone else while it was edited."""

    def __init__(self, note_id: str, based_on: int, found: int) -> None:
        super().__init__(
            f"The note {note_id} was saved elsewhere meanwhile (revision {based_on} was edited, it is at {found})."
        )
        self.based_on = based_on
        self.found = found


class NoteRefusedError(KbtuiError):
    """The text of a change note does not say what its author meant."""

    exit_code = EXIT_USAGE


class NoteNotSavedError(KbtuiError):
    """A change note was not saved, for the reason in `cause`. Its text lies in the file `draft`."""

    def __init__(self, cause: KbtuiError, draft: Path) -> None:
        super().__init__(f"{cause} Your text is kept in {draft}.")
        self.cause = cause
        self.draft = draft
        self.exit_code = cause.exit_code


class NoteStateError(KbtuiError):
    """A change note cannot go from its state to the one that was asked for."""


class TemplateError(UsageError):
    """A template of change notes cannot be understood."""


class CommandError(KbtuiError):
    """A command that is to be measured cannot be run."""

    exit_code = EXIT_USAGE
