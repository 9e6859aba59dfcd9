"""What every use case asks for: the time, and whom to tell how far it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the current time, aware, in UTC."""

Progress = Callable[[str, int, int], None]
"""Told (what, done, total) as long work goes on; total is 0 while it is not known."""


def silent(what: str, done: int, total: int) -> None:
    """A progress that says nothing."""
