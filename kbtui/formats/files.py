"""The files of a folder: which there are, which of them kbtui reads, and their bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import FoundFile
from kbtui.formats.beneath import LINK, kind, open_file, open_folder
from kbtui.formats.names import READABLE, extension, printable

MAX_FILE_SIZE = 20_000_000
"""Bytes. A larger file is refused: no page that a person reads is that long."""

NO_EXTENSION = "no extension"
"""The kind that a walk reports for a file whose name has no dot."""

_APPLE_FORK = "._"
_NOT_ENTERED = frozenset({"node_modules", "__pycache__"})
_KIND_LENGTH = 16


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    mode: int
    leads_to_folder: bool
    """Whether it is a folder, or a link to one."""


class Folder:
    """`SourceFiles` over a real folder. No symbolic link below the folder is ever followed."""

    def walk(self, root: Path, start: Path, *, extensionless: bool) -> Iterator[FoundFile]:
        """Every file at or below `start`, by name; those that cannot be read come with the reason.

        `extensionless` also takes files whose name has no dot. A file that is itself the `start` was asked
        for by name and needs no extension. Hidden folders and those of caches and packages are not entered.
        """
        try:
            parts = start.relative_to(root).parts
        except ValueError:
            yield FoundFile(printable(start.name), start, refused="it does not lie in the folder of the import")
            return
        try:
            mode = (start if parts else root.resolve()).lstat().st_mode
        except (OSError, RuntimeError) as error:
            yield FoundFile(_path(parts) or ".", start, refused=_reason(error))
            return
        if stat.S_ISLNK(mode):
            yield FoundFile(_path(parts), start, refused=LINK)
        elif stat.S_ISDIR(mode):
            yield from _walk(root, parts, extensionless)
        else:
            root, parts = (root, parts) if parts else (root.parent, (root.name,))
            yield from _found(root, parts, _Entry(parts[-1], mode, False), extensionless=True)

    def read(self, file: FoundFile) -> bytes:
        """The bytes of a file that `walk` found; `RefusedFileError` where that is impossible or not allowed."""
        depth = file.path.count("/") + 1
        root, parts = file.location.parents[depth - 1], file.location.parts[-depth:]
        try:
            return _read(open_file(root, parts))
        except OSError as error:
            raise RefusedFileError(_reason(error)) from error


def _walk(root: Path, start: tuple[str, ...], extensionless: bool) -> Iterator[FoundFile]:
    # A stack of our own: folders may be nested deeper than Python calls.
    waiting: list[tuple[tuple[str, ...], _Entry | None]] = [(start, None)]
    while waiting:
        parts, entry = waiting.pop()
        if entry is not None and not entry.leads_to_folder:
            yield from _found(root, parts, entry, extensionless)
            continue
        if entry is not None and (entry.name.startswith(".") or entry.name in _NOT_ENTERED):
            yield FoundFile(_path(parts), root.joinpath(*parts), skipped=f"{printable(entry.name)}/")
            continue
        if entry is not None and kind(entry.mode) == LINK:
            yield FoundFile(_path(parts), root.joinpath(*parts), refused=LINK)
            continue
        try:
            entries = _entries(root, parts)
        except (OSError, RefusedFileError) as error:
            reason = error.reason if isinstance(error, RefusedFileError) else _reason(error)
            yield FoundFile(_path(parts) or ".", root.joinpath(*parts), refused=reason)
            continue
        waiting += [((*parts, found.name), found) for found in reversed(entries)]


def _entries(root: Path, parts: tuple[str, ...]) -> list[_Entry]:
    with open_folder(root, parts) as folder, os.scandir(folder) as listing:
        entries = [entry for item in listing if (entry := _entry(item)) is not None]
    return sorted(entries, key=lambda entry: entry.name)


def _entry(item: os.DirEntry[str]) -> _Entry | None:
    """One entry of a folder; None for what vanished meanwhile."""
    try:
        mode = item.stat(follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None
    try:
        leads_to_folder = item.is_dir()
    except OSError:  # a link that leads round in a circle
        leads_to_folder = False
    return _Entry(item.name, mode, leads_to_folder)


def _found(root: Path, parts: tuple[str, ...], entry: _Entry, extensionless: bool) -> Iterator[FoundFile]:
    ending = extension(entry.name)
    path, location = _path(parts), root.joinpath(*parts)
    if entry.name.startswith(_APPLE_FORK):
        yield FoundFile(path, location, skipped="._*")
    elif ending in READABLE or ("." not in entry.name and extensionless):
        yield FoundFile(path, location, refused=kind(entry.mode))
    else:
        yield FoundFile(path, location, skipped=_kind(ending))


def _kind(ending: str) -> str:
    if not ending:
        return NO_EXTENSION
    return "." + printable(ending) if len(ending) <= _KIND_LENGTH and ending.isprintable() else "other"


def _path(parts: tuple[str, ...]) -> str:
    return "/".join(printable(part) for part in parts)


def _read(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _refuse_large(before.st_size)
        data = file.read(MAX_FILE_SIZE + 1)
        after = os.fstat(descriptor)
    _refuse_large(len(data))
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) < after.st_size:
        raise RefusedFileError("it changed while it was read; import it again")
    return data


def _refuse_large(size: int) -> None:
    if size > MAX_FILE_SIZE:
        raise RefusedFileError(f"too large: {size / 1e6:,.1f} MB, and the limit is {MAX_FILE_SIZE / 1e6:.0f} MB")


def _reason(error: OSError | RuntimeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    detail = (error.strerror if isinstance(error, OSError) else "") or str(error)
    return f"it cannot be read: {detail[:1].lower()}{detail[1:]}"
