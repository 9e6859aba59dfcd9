"""What every room is handed: the two lanes to the library, the settings, the day and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kbtui.config import Settings
from kbtui.tui.background import Lane


@dataclass(frozen=True, slots=True)
class Services:
    """The app's side of a room."""

    reader: Lane
    """For questions; what is slow or writes would make the next keystroke wait."""
    writer: Lane
    """For whatever writes, and for bringing the index up to date."""
    settings: Settings
    today: Callable[[], date]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
