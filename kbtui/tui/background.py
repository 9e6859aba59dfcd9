"""Work off the event loop: one thread for reading and one for writing, each with a library of its own.

A thread per keystroke would pile up; in a lane a question that was taken back before its turn is never asked.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from kbtui.library import Library

Answer = TypeVar("Answer")

OpenLibrary = Callable[[], Library]


class Lane:
    """One thread that owns one open library. Work is done in the order it was asked for.

    The thread ends with the process even in the middle of its work: what is stored is stored whole, and an index that
    was cut off is caught up with at the next start.
    """

    def __init__(self, name: str, open_library: OpenLibrary) -> None:
        self._open_library = open_library
        self._library: Library | None = None
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[Library], Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"kbtui-{name}", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Library], Answer]) -> Answer:
        """What `work` gives for the library. Cancelled before its turn, it is not done at all."""
        return await asyncio.wrap_future(self.submit(work))

    def submit(self, work: Callable[[Library], Answer]) -> Future[Answer]:
        """Have `work` done without waiting for it."""
        future: Future[Answer] = Future()
        self._waiting.put((future, work))
        return future

    def close(self, patience: float) -> None:
        """Finish what was asked for and close the library; wait for that at most `patience` seconds."""
        self._waiting.put(None)
        self._thread.join(patience)

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            future, work = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if self._library is None:
                    self._library = self._open_library()
                future.set_result(work(self._library))
            except BaseException as error:  # noqa: BLE001  # whatever it is belongs to the one who asked
                future.set_exception(error)
        if self._library is not None:
            self._library.close()
