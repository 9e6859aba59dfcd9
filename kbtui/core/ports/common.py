"""What every use case asks for: the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the current time, aware, in UTC."""
