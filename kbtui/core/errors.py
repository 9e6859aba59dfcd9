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


class RefusedFileError(KbtuiError):
    """One file of an import cannot be taken in. The rest goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
