"""Keeps what was searched, so that it can be searched again and what nobody found can be written."""

from __future__ import annotations

from contextlib import suppress

from kbtui.core.errors import KbtuiError
from kbtui.library import Library
from kbtui.tui.background import Lane


class SearchRecorder:
    """Notes searches in the write lane; that it cannot is no trouble of the user.

    A search that goes on from the last one, of which nothing was opened, takes its place: one does not type in one go.
    """

    def __init__(self, writer: Lane) -> None:
        self._writer = writer
        # The last search that was noted. Only the thread of the write lane touches these.
        self._number: int | None = None
        self._text = ""
        self._opened = False

    def record(self, text: str, hits: int, *, opened: bool = False) -> None:
        """Note a search, what it found and whether a hit of it was opened, without waiting for it."""
        self._writer.submit(lambda library: self._write(library, " ".join(text.split()), hits, opened=opened))

    def _write(self, library: Library, text: str, hits: int, *, opened: bool) -> None:
        if text == self._text and (self._opened or not opened):
            return
        with suppress(KbtuiError):
            if self._number is not None and not self._opened and text.startswith(self._text):
                library.history.amend(self._number, text, hits, opened=opened)
            else:
                self._number = library.history.record(text, hits, opened=opened)
            self._text, self._opened = text, opened
