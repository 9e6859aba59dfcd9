"""Texts that are not saved yet, as files of the library's folder."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbtui.core.errors import DiskFullError, LibraryUnavailableError
from kbtui.core.text import slugify

FOLDER_NAME = "drafts"
_NAME_LENGTH = 60
_KEYED = ".draft"


class FileDrafts:
    """The `Drafts` port over a folder inside the library's folder."""

    def __init__(self, library: Path, folder: str = FOLDER_NAME) -> None:
        self._folder = library / folder

    def keep(self, name: str, text: str) -> Path:
        path = self._folder / f"{slugify(name)[:_NAME_LENGTH] or 'post'}-{os.urandom(4).hex()}.md"
        self._put(path, text)
        return path

    def keep_as(self, key: str, text: str) -> None:
        self._put(self._place(key), text)

    def kept(self) -> list[str]:
        files = sorted(self._files(f"*{_KEYED}"), key=_by_time, reverse=True)
        return [text for text in map(self.read, files) if text is not None]

    def forget(self, key: str) -> None:
        self.discard(self._place(key))

    def _place(self, key: str) -> Path:
        return self._folder / (hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32] + _KEYED)

    def _put(self, path: Path, text: str) -> None:
        """Write a file that holds the text whole, or is as it was before."""
        unfinished = self._folder / f".{path.stem}-{os.urandom(4).hex()}.part"
        with self._explained(path):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            try:
                _write(unfinished, _bytes(text))
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            _sync_folder(self._folder)

    def read(self, path: Path) -> str | None:
        with self._explained(path):
            try:
                return path.read_bytes().decode("utf-8", "surrogateescape")
            except FileNotFoundError:
                return None

    def discard(self, path: Path) -> None:
        if path.absolute().parent == self._folder:
            with self._explained(path):
                path.unlink(missing_ok=True)

    def left(self) -> list[Path]:
        return sorted(self._files("*.md"), key=_by_time)

    def _files(self, pattern: str) -> list[Path]:
        with self._explained(self._folder):
            return [path for path in self._folder.glob(pattern) if path.is_file()]

    @contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(path) from error
            raise LibraryUnavailableError(path, f"{error.strerror}.") from error


def _by_time(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except FileNotFoundError:
        # Another process has just deleted it.
        return 0, path.name


def _write(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file on disk as well. Windows opens no folders."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _bytes(text: str) -> bytes:
    """The bytes that `read` gave the text for; of surrogates that came from elsewhere what can be read again."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
