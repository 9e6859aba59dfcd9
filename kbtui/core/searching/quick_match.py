"""How well a name fits what is typed to jump to a post."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbtui.core.post import PostSummary

MAX_LETTERS = 100


@dataclass(frozen=True, slots=True)
class QuickMatch:
    """A post that may be meant."""

    post: PostSummary
    name: str = ""
    """The other name that fits, as a `core.links.name_key`; empty where the title fits or nothing was typed."""


class QuickPattern:
    """What is typed, made ready to be compared with many names. All text is in the form of `core.links.name_key`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = text.split()
        letters = "".join(self._words)[:MAX_LETTERS]
        self._in_order = re.compile(".*?".join(map(re.escape, letters)))

    def distance(self, name: str) -> int | None:
        """How far the name is from what was typed, 0 where they are equal; None where it does not fit at all.

        A name that begins so is nearer than one in which each word begins a word, that one than a name which holds
        the words; the rest hold the letters in order, the closer together the nearer.
        """
        if name.startswith(self._text):
            return min(len(name) - len(self._text), 1)
        if all(word in name for word in self._words):
            return 2 if all(name.startswith(word) or f" {word}" in name for word in self._words) else 3
        found = self._in_order.search(name)
        return None if found is None else 4 + found.end() - found.start()
