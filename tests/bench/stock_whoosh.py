"""Whoosh as its manual has it. It builds a hundred posts a second, so it is given few of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import fields, index, sorting
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import MultifieldParser

from kbtui.core.index_document import IndexDocument
from tests.bench.questions import FACETS, PAGE, Question

BOOSTS = {"title": 4.0, "labels": 2.5, "lead": 1.5, "body": 1.0}
NUMBERS = ("reviewed", "published", "views", "quality")
VALUES = ("tool", "stack", "difficulty", "status", "owner", "topic", "tag")


class StockWhoosh:
    """Documents in a folder, one field for each text, every number and value as fields of their own."""

    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        stem = StemmingAnalyzer()
        texts = {name: fields.TEXT(analyzer=stem) for name in BOOSTS}
        numbers = {name: fields.NUMERIC(sortable=True) for name in NUMBERS}
        values = {f"is_{name}": fields.KEYWORD(commas=True) for name in VALUES}
        self._folder = folder
        self._index = index.create_in(folder, fields.Schema(id=fields.ID(stored=True), **texts, **numbers, **values))
        self._parser = MultifieldParser(list(BOOSTS), self._index.schema, fieldboosts=BOOSTS)
        self._searcher: Any = None

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index documents."""
        writer = self._index.writer(limitmb=256)
        for document in documents:
            texts = ("\n".join(document.names), "\n".join(document.labels), document.lead, document.body)
            values: dict[str, list[str]] = {}
            for field, value in document.values:
                if field in VALUES:
                    values.setdefault(f"is_{field}", []).append(value)
            numbers = {name: document.numbers[name] for name in NUMBERS if name in document.numbers}
            joined = {field: ",".join(found) for field, found in values.items()}
            writer.add_document(id=str(document.key), **dict(zip(BOOSTS, texts, strict=True)), **joined, **numbers)
        writer.commit()
        self._searcher = self._index.searcher()

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()
        self._index.close()

    def answer(self, question: Question) -> int | None:
        """One page and the number of all that match; None for what its manual has no short way for."""
        if question.similar or question.snippets or question.misspelt:
            return None
        parts = [*question.words, f"{question.prefix}*" if question.prefix else ""]
        parts += [
            f'"{question.phrase}"' if question.phrase else "",
            f"NOT {question.excluded}" * bool(question.excluded),
        ]
        parts += [f"is_{field}:'{value}'" for field, value in question.filters]
        parts += [f"{field}:[{low} to {high}]" for field, low, high in question.ranges]
        order = {"sortedby": question.sort, "reverse": True} if question.sort else {}
        groups = [sorting.FieldFacet(f"is_{field}", allow_overlap=True) for field in FACETS]
        results = self._searcher.search(
            self._parser.parse(" ".join(part for part in parts if part)),
            limit=PAGE,
            groupedby=dict(zip(FACETS, groups, strict=True)) if question.facets else None,
            **order,
        )
        return len(results)
