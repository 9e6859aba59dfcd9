"""kbtui's index, through its ports, for the tables beside other engines."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from kbtui.core.ports import SearchIndex
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import RELEVANCE
from kbtui.core.searching.snippets import best_snippet
from tests.bench.questions import FACETS, PAGE, Question


class KbtuiIndex:
    """An open index, and the SQLite file that its texts lie in."""

    name = "kbtui"

    def __init__(self, index: SearchIndex, texts: Path) -> None:
        self.index = index
        self._database = sqlite3.connect(texts)

    def answer(self, question: Question) -> int | None:
        """One page and the number of all that match."""
        if question.similar:
            return len(self.index.similar(question.similar, PAGE))
        query = parse_query(question.text, typing=bool(question.prefix))
        matches = self.index.search(
            query, limit=PAGE, sort=question.sort or RELEVANCE, facets=FACETS if question.facets else ()
        )
        if question.snippets:
            for text in self._texts([hit.key for hit in matches.page]):
                best_snippet(text, self.index.spans(matches.reading, text))
        return matches.total

    def _texts(self, keys: list[int]) -> list[str]:
        places = ", ".join("?" * len(keys))
        return [body for (body,) in self._database.execute(f"select body from documents where id in ({places})", keys)]

    def size(self) -> int:
        """Bytes on disk."""
        return self.index.size()

    def close(self) -> None:
        """Close both."""
        self.index.close()
        self._database.close()
