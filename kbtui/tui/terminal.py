"""The life of the terminal: it is left as it was found, whatever ends the app."""

from __future__ import annotations

import asyncio
import codecs
import functools
import signal
from collections.abc import Callable
from typing import Any

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
