"""Texts that are not saved yet, as files of the library's folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbtui.core.errors import DiskFullError, LibraryUnavailableError
from kbtui.core.text import slugify

FOLDER_NAME = "drafts"
_NAME_LENGTH = 60


class FileDrafts:
    """The `Drafts` port over a folder inside the library's folder."""

    def __init__(self, library: Path) -> None:
        self._folder = library / FOLDER_NAME

    def keep(self, name: str, text: str) -> Path:
        stem = f"{slugify(name)[:_NAME_LENGTH] or 'post'}-{os.urandom(4).hex()}"
        path, unfinished = self._folder / f"{stem}.md", self._folder / f".{stem}.part"
        with self._explained(path):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            try:
                _write(unfinished, _bytes(text))
                unfinished.replace(path)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
            _sync_folder(self._folder)
        return path

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
        with self._explained(self._folder):
            files = [path for path in self._folder.glob("*.md") if path.is_file()]
            return sorted(files, key=lambda path: (path.stat().st_mtime, path.name))

    @contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(path) from error
            raise LibraryUnavailableError(path, f"{error.strerror}.") from error


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
