"""tantivy (Rust), through its Python package, where that is installed."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kbtui.core.index_document import IndexDocument
from tests.bench.questions import FACETS, PAGE, Question

TEXTS = {"title": 4.0, "labels": 2.5, "lead": 1.5, "body": 1.0}
VALUES = ("tool", "stack", "difficulty", "status", "owner", "topic", "tag")
NUMBERS = ("reviewed", "published", "views", "quality")
_HEAP = 128_000_000


class Tantivy:
    """Documents in a folder."""

    name = "tantivy"

    def __init__(self, folder: Path, texts: Path) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")
        folder.mkdir()
        builder = self._tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, indexed=True, fast=True)
        for field in TEXTS:
            builder.add_text_field(field, tokenizer_name="en_stem")
        for field in VALUES:
            builder.add_text_field(f"is_{field}", tokenizer_name="raw", fast=True)
        for field in NUMBERS:
            builder.add_integer_field(field, indexed=True, fast=True)
        self._schema = builder.build()
        self._index = self._tantivy.Index(self._schema, path=str(folder))
        self._folder = folder
        self._database = sqlite3.connect(texts)
        self._searcher: Any = None

    def build(self, documents: Iterable[IndexDocument], threads: int) -> None:
        """Index documents."""
        writer = self._index.writer(heap_size=_HEAP, num_threads=threads)
        for document in documents:
            writer.add_document(self._document(document))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _document(self, document: IndexDocument) -> Any:
        made = self._tantivy.Document()
        made.add_integer("id", document.key)
        texts = ("\n".join(document.names), "\n".join(document.labels), document.lead, document.body)
        for field, text in zip(TEXTS, texts, strict=True):
            made.add_text(field, text)
        for field, value in document.values:
            if field in VALUES:
                made.add_text(f"is_{field}", value)
        for field in NUMBERS:
            if field in document.numbers:
                made.add_integer(field, document.numbers[field])
        return made

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def close(self) -> None:
        """Close the texts."""
        self._database.close()

    def answer(self, question: Question) -> int | None:
        """One page and the number of all that match; None for similar ones, as the texts are not stored in it."""
        if question.similar:
            return None
        query = self._query(question)
        if question.facets:
            self._searcher.aggregate(query, {field: {"terms": {"field": f"is_{field}"}} for field in FACETS})
        result = self._searcher.search(query, PAGE, order_by_field=question.sort or None)
        keys = [self._searcher.doc(address)["id"][0] for _, address in result.hits]
        if question.snippets:
            self._snippets(query, keys)
        return int(result.count)

    def _snippets(self, query: Any, keys: list[int]) -> None:
        generator = self._tantivy.SnippetGenerator.create(self._searcher, query, self._schema, "body")
        places = ", ".join("?" * len(keys))
        for (body,) in self._database.execute(f"select body from documents where id in ({places})", keys):
            document = self._tantivy.Document()
            document.add_text("body", body)
            generator.snippet_from_doc(document).to_html()

    def _query(self, question: Question) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        if question.misspelt:
            return query.fuzzy_term_query(self._schema, "body", question.words[0], distance=2)
        must = [self._text(f'"{word}"') for word in question.words]
        if question.prefix:
            must.append(self._prefix(question.prefix))
        if question.phrase:
            must.append(self._text(f'"{question.phrase}"'))
        must += [query.term_query(self._schema, f"is_{field}", value) for field, value in question.filters]
        must += [
            query.range_query(self._schema, field, self._tantivy.FieldType.Integer, low, high)
            for field, low, high in question.ranges
        ]
        clauses = [(occur.Must, clause) for clause in must]
        if question.excluded:
            clauses.append((occur.MustNot, self._text(f'"{question.excluded}"')))
        return query.boolean_query(clauses)

    def _text(self, text: str) -> Any:
        return self._index.parse_query(text, list(TEXTS), field_boosts=TEXTS)

    def _prefix(self, start: str) -> Any:
        query, occur = self._tantivy.Query, self._tantivy.Occur
        pattern = "".join(c if c.isalnum() or c == "_" else f"\\{c}" for c in start) + ".*"
        return query.boolean_query(
            [(occur.Should, query.regex_query(self._schema, field, pattern)) for field in ("title", "body")]
        )


def installed() -> bool:
    """Whether the package is there."""
    return importlib.util.find_spec("tantivy") is not None
