"""What was searched, what it found, and the searches that were given a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

KEPT = 5_000
"""How many searches the log keeps."""

TEXT_LENGTH = 2_000
"""How many characters of a search it keeps: as many as a query may have."""


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One search that somebody made."""

    text: str
    at: datetime
    hits: int
    opened: bool = False
    """Whether a hit of it was opened."""


@dataclass(frozen=True, slots=True)
class SearchMiss:
    """A search that led nowhere: what should perhaps be written."""

    text: str
    times: int
    last: datetime
    hits: int
    """What it found the last time; 0 where it found nothing, more where nothing of it was opened."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name."""

    name: str
    text: str
    at: datetime
