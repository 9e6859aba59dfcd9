"""The folder of one index as Whoosh's storage: its tables of contents are sealed, see `contents`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from kbtui.search.contents import EMPTY, SUFFIX, Contents, checked, sealed


class IndexStorage(FileStorage):  # type: ignore[misc]  # Whoosh's base class is untyped
    """Files in a folder, as Whoosh wants them."""

    contents: Contents = EMPTY
    """What the next table of contents puts in force."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh writes a table of contents under another name and renames it: the moment to seal it."""
        if newname.endswith(SUFFIX):
            path = Path(self.folder) / oldname
            path.write_bytes(sealed(path.read_bytes(), self.contents))
        super().rename_file(oldname, newname, safe)

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """A file for reading; a table of contents only if it is whole, else `ContentsDamagedError`."""
        if name.endswith(SUFFIX):
            checked((Path(self.folder) / name).read_bytes())
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
