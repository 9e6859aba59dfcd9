"""Opening files below a folder without ever following a symbolic link, not even one put there meanwhile."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kbtui.core.errors import RefusedFileError

LINK = "a symbolic link; kbtui reads only regular files"

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_DIRECTORY = getattr(os, "O_DIRECTORY", 0)
_FILE_FLAGS = (
    os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
)
# Windows opens no folders and knows no paths relative to one: there every part is looked at before it is passed.
BY_DESCRIPTOR = bool(_NOFOLLOW and _DIRECTORY and os.open in os.supports_dir_fd and os.scandir in os.supports_fd)


def kind(mode: int) -> str:
    """What an entry that is not a regular file is, as a refusal; "" for a regular file."""
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISLNK(mode):
        return LINK
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))
    what = next((name for test, name in kinds if test(mode)), "a device")
    return f"{what}; kbtui reads only regular files"


@contextmanager
def open_folder(root: Path, parts: Sequence[str]) -> Iterator[int | Path]:
    """A folder below `root`, opened part by part: something that `os.scandir` takes. `root` itself may be a link."""
    if not BY_DESCRIPTOR:
        _look_at(root, parts)
        yield root.joinpath(*parts)
        return
    descriptor = os.open(root, os.O_RDONLY | _DIRECTORY)
    try:
        for part in parts:
            _refuse_link(part, descriptor)
            inner = os.open(part, os.O_RDONLY | _DIRECTORY | _NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def open_file(root: Path, parts: Sequence[str]) -> int:
    """A descriptor of a regular file below `root`; `RefusedFileError` for anything else, OSError as it comes."""
    with open_folder(root, parts[:-1]) as folder:
        name = parts[-1]
        if isinstance(folder, Path):
            return _open_regular(folder / name, None)
        return _open_regular(name, folder)


def _open_regular(name: str | Path, folder: int | None) -> int:
    # Looked at first: opening alone already does something to a pipe or a device.
    _refuse_other(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    descriptor = os.open(name, _FILE_FLAGS, dir_fd=folder)
    try:
        _refuse_other(os.fstat(descriptor).st_mode)
    except RefusedFileError:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_other(mode: int) -> None:
    if reason := kind(mode):
        raise RefusedFileError(reason)


def _refuse_link(name: str, folder: int) -> None:
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise RefusedFileError(LINK)


def _look_at(root: Path, parts: Sequence[str]) -> None:
    place = root
    for part in parts:
        place /= part
        if place.is_symlink():
            raise RefusedFileError(LINK)
