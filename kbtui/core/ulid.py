"""Identifiers that sort by the time they were made at: ULIDs, as https://github.com/ulid/spec has them."""

from __future__ import annotations

import os
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, which are misread."""
LENGTH = 26

_CHANCE_BYTES = 10


def new_ulid(at: datetime) -> str:
    """A new identifier of 26 characters: 48 bits of milliseconds since 1970, then 80 bits of chance."""
    milliseconds = max(0, int(at.timestamp() * 1000)) & (1 << 48) - 1
    number = milliseconds << 80 | int.from_bytes(os.urandom(_CHANCE_BYTES), "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
