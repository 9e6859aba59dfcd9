"""The folder of one index, whose table of contents is not believed unless it is whole.

Whoosh's table of contents is a pickle: reading a damaged one could do anything. Behind each stands a digest of it,
which is compared before Whoosh reads the file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

_SUFFIX = ".toc"
_SALT = b"kbtui table of contents 1"
_SIZE = 32


class TocDamagedError(Exception):
    """A table of contents is not what was written."""


class IndexStorage(FileStorage):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Files in a folder, as Whoosh wants them."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh writes a table of contents under another name and renames it: the moment to seal it."""
        if newname.endswith(_SUFFIX):
            path = Path(self.folder) / oldname
            with path.open("ab") as file:
                file.write(_digest(path.read_bytes()))
        super().rename_file(oldname, newname, safe)

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """A file for reading; a table of contents only if its digest is right."""
        if name.endswith(_SUFFIX):
            data = (Path(self.folder) / name).read_bytes()
            if _digest(data[:-_SIZE]) != data[-_SIZE:]:
                raise TocDamagedError(f"{name} is damaged")
        return super().open_file(name, **kwargs)

    def temp_storage(self, name: str | None = None) -> NoStorage:  # noqa: ARG002
        """Whoosh asks for a folder with every writer; ours puts nothing into it."""
        return NoStorage()

    def close(self) -> None:
        """Nothing is held open."""


class NoStorage:
    """Stands for a folder that is never needed."""

    def destroy(self) -> None:
        """Nothing is there."""


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE, key=_SALT).digest()
