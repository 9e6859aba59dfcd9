"""Who does what is recorded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who works, and on which machine."""

    who: str
    host: str
