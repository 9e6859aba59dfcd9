"""Telling how far long work is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Told (what, done, total) as long work goes on; total is 0 while it is not known."""


def silent(what: str, done: int, total: int) -> None:
    """A progress that says nothing."""
