"""Anchors of headings, as GitHub makes them."""

from __future__ import annotations

import re

_NOT_ANCHOR = re.compile(r"[^\w\- ]+")
_UNNAMED = "section"


def anchor_of(heading: str) -> str:
    """The anchor of a heading's text: lower case, punctuation dropped, each space a hyphen."""
    return _NOT_ANCHOR.sub("", heading.strip().lower()).replace(" ", "-")


class Anchors:
    """Gives the headings of one page their anchors, in order, each once: `setup`, `setup-1`, `setup-2`."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """`wanted`, or what follows it where that is taken; never empty."""
        wanted = anchor = wanted or _UNNAMED
        number = self._last.get(wanted, 0)
        while anchor in self._last:
            number += 1
            anchor = f"{wanted}-{number}"
        self._last[wanted] = number
        self._last[anchor] = 0
        return anchor
