"""The life of the terminal: it is left as it was found, whatever ends the app."""

from __future__ import annotations

import asyncio
import codecs
import errno
import functools
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from textual.driver import Driver

GONE = (errno.EIO, errno.EPIPE, errno.EBADF)
EXIT_SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT")


def exit_on_signals(leave: Callable[[int], object]) -> None:
    """Call `leave` with the exit status, 128 and the signal's number, when the process is told to end.

    Without this the terminal would keep the app's modes. Where the platform's event loop has no signal handlers
    (Windows), its own ways remain.
    """
    loop = asyncio.get_running_loop()
    for name in EXIT_SIGNALS:
        number = getattr(signal, name, None)
        if number is None:
            continue
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (NotImplementedError, RuntimeError, ValueError):
            return


class LastingStream:
    """The stream that is drawn on, made to last: what a terminal that went away cannot take is dropped.

    Textual's writing thread would end at the first error, and then the app would wait for it for ever.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, if there still is somebody to write to."""
        with _unless_gone():
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, likewise."""
        with _unless_gone():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in GONE:
            raise


def driver_class() -> type[Driver] | None:
    """Textual's driver with a lasting stream; None, for Textual's choice, on platforms without that driver."""
    try:
        from textual.drivers.linux_driver import LinuxDriver
    except ImportError:
        return None

    class LastingDriver(LinuxDriver):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            if self._file is not None:
                self._file = cast("Any", LastingStream(self._file))

    return LastingDriver


def tolerate_invalid_input() -> None:
    """Make the terminal driver replace invalid UTF-8 instead of ending the app at the first wrong byte of a paste.

    The driver looks its decoder up by this name when it starts to read; there is no public way.
    """
    try:
        from textual.drivers import linux_driver
    except ImportError:
        return
    strict: Callable[[str], Any] = codecs.getincrementaldecoder
    vars(linux_driver)["getincrementaldecoder"] = lambda encoding: functools.partial(strict(encoding), errors="replace")
