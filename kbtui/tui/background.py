"""Work off the event loop: one thread for reading and one for writing, each with a library of its own.

A thread per keystroke would pile up; in a lane a question that was taken back before its turn is never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from kbtui.library import Library

Answer = TypeVar("Answer")

OpenLibrary = Callable[[], Library]


class Lane:
    """One thread that owns one open library. Work is done in the order it was asked for."""

    def __init__(self, name: str, open_library: OpenLibrary) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"kbtui-{name}")
        self._open_library = open_library
        self._library: Library | None = None

    async def run(self, work: Callable[[Library], Answer]) -> Answer:
        """What `work` gives for the library. Cancelled before its turn, it is not done at all."""
        return await asyncio.wrap_future(self.submit(work))

    def submit(self, work: Callable[[Library], Answer]) -> Future[Answer]:
        """Have `work` done without waiting for it."""
        return self._executor.submit(lambda: work(self._opened()))

    def close(self) -> None:
        """Finish what is under way, drop what waits, close the library."""
        self._executor.submit(self._close_library)
        self._executor.shutdown(wait=True, cancel_futures=False)

    def _opened(self) -> Library:
        if self._library is None:
            self._library = self._open_library()
        return self._library

    def _close_library(self) -> None:
        if self._library is not None:
            self._library.close()
            self._library = None
