"""SQLite's FTS5 with Porter's stemmer, as a knowledge base would be built on it: what search is measured against.

The text lies in a table of its own that FTS5 refers to, filters in a side table with an index, numbers in a slim one.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kbtui.core.index_document import IndexDocument
from tests.bench.questions import FACETS, PAGE, Question

_SCHEMA = """
create table documents (id integer primary key, title text, labels text, lead text, body text);
create table numbers (id integer primary key, reviewed int, updated int, published int, views int, quality int);
create table facets (document int, field text, value text, primary key (document, field, value)) without rowid;
create virtual table texts using fts5 (
    title, labels, lead, body, content='documents', content_rowid='id', tokenize='porter unicode61'{prefixes}
);
create temp table found (id integer primary key);
"""
_INDEXES = """
create index facets_by_value on facets (field, value, document);
create index numbers_by_views on numbers (views);
create index numbers_by_reviewed on numbers (reviewed);
"""
WEIGHTS = (4.0, 2.5, 1.5, 1.0)
_WORD = re.compile(r"\w+")


class Fts5:
    """Documents in a file or in memory; `prefixes` adds the indexes of begun words that FTS5 offers."""

    def __init__(self, file: Path | str, weights: Sequence[float] = WEIGHTS, *, prefixes: bool = False) -> None:
        self.name = "FTS5+prefix" if prefixes else "FTS5"
        self.database = sqlite3.connect(file)
        self.database.executescript(
            "pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -64000;"
            "pragma mmap_size = 1000000000;"
        )
        self.database.executescript(_SCHEMA.format(prefixes=", prefix='1 2 3'" if prefixes else ""))
        self._order = f"bm25(texts, {', '.join(map(str, weights))})"

    def store(self, documents: Iterable[IndexDocument]) -> None:
        """Put the text where FTS5 refers to it: what a library has anyway, whatever searches it."""
        self._fill("documents", 5, (_texts(document) for document in documents))

    def index_text(self, documents: Iterable[IndexDocument]) -> None:
        """Index the text of documents that are stored."""
        self.database.executemany(
            "insert into texts (rowid, title, labels, lead, body) values (?, ?, ?, ?, ?)", map(_texts, documents)
        )
        self.database.commit()

    def index_values(self, documents: Iterable[IndexDocument]) -> None:
        """Fill the side tables that filters, facets, ranges and orders need."""
        for document in documents:
            values = dict.fromkeys((document.key, field, value) for field, value in document.values)
            self.database.executemany("insert into facets values (?, ?, ?)", values)
            numbers = [document.numbers.get(name) for name in ("reviewed", "updated", "published", "views", "quality")]
            self.database.execute("insert into numbers values (?, ?, ?, ?, ?, ?)", (document.key, *numbers))
        self.database.commit()
        self.database.executescript(_INDEXES)

    def size(self) -> int:
        """Bytes of the index of the text alone."""
        return int(self.database.execute("select sum(length(block)) from texts_data").fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    # Ranking plain text, for measures of relevance

    def rank(self, text: str, limit: int, *, prefix: bool = False, any_word: bool = False) -> list[int]:
        """Keys by relevance: documents with all the words; where there is none, or on request, with any of them."""
        words = [f'"{word}"' for word in dict.fromkeys(_WORD.findall(text))]
        if words and prefix:
            words[-1] += "*"
        if not words:
            return []
        found = [] if any_word else self._ranked(" ".join(words), limit)
        return found or self._ranked(" OR ".join(words), limit)

    def _ranked(self, match: str, limit: int) -> list[int]:
        query = f"select rowid from texts where texts match ? order by {self._order} limit ?"
        return [key for (key,) in self.database.execute(query, (match, limit))]

    # Answering the questions of the speed test

    def answer(self, question: Question) -> int | None:
        """One page and the number of all that match; None for what it cannot do."""
        if question.misspelt:
            return None
        if question.similar:
            return len(self._ranked(" OR ".join(f'"{word}"' for word in question.telling), PAGE))
        match, table, conditions, values = _condition(question)
        key = "texts.rowid" if match else "numbers.id"
        where = f"from {table} where {' and '.join(conditions)}"
        shown = f"{key}, snippet(texts, 3, '[', ']', '…', 24)" if question.snippets else key
        order = self._order if match else "numbers.id"
        if question.sort:
            order = f"numbers.{question.sort} desc nulls last"
        self.database.execute(f"select {shown} {where} order by {order} limit {PAGE}", values).fetchall()
        if question.facets:
            return self._facets(f"select {key} {where}", values)
        return int(self.database.execute(f"select count(*) {where}", values).fetchone()[0])

    def _facets(self, select: str, values: Sequence[object]) -> int:
        self.database.execute("delete from found")
        total = self.database.execute(f"insert into found {select}", values).rowcount
        fields = ", ".join(f"'{field}'" for field in FACETS)
        self.database.execute(
            "select field, value, count(*) from found join facets on document = id "
            f"where field in ({fields}) group by field, value"
        ).fetchall()
        return total

    def telling_words(self, key: int, count: int = 12) -> tuple[str, ...]:
        """The words of a document that are frequent in it and rare elsewhere."""
        text = self.database.execute("select lower(body) from documents where id = ?", (key,)).fetchone()[0]
        counts = Counter(word for word in _WORD.findall(text) if len(word) > 2)
        telling = {word: number / self._frequency(word) for word, number in counts.most_common(200)}
        return tuple(sorted(telling, key=lambda word: (-telling[word], word))[:count])

    def _frequency(self, word: str) -> int:
        query = "select count(*) from texts where texts match ?"
        return max(1, int(self.database.execute(query, (f'"{word}"',)).fetchone()[0]))

    def _fill(self, table: str, width: int, rows: Iterable[Sequence[object]]) -> None:
        self.database.executemany(f"insert into {table} values ({', '.join('?' * width)})", rows)
        self.database.commit()


def _texts(document: IndexDocument) -> tuple[int, str, str, str, str]:
    return document.key, "\n".join(document.names), "\n".join(document.labels), document.lead, document.body


def _condition(question: Question) -> tuple[str, str, list[str], list[object]]:
    """(match expression, tables, conditions, values) of a question."""
    words = [f'"{word}"' for word in question.words]
    words += [f'"{question.prefix}"*'] * bool(question.prefix) + [f'"{question.phrase}"'] * bool(question.phrase)
    match = " ".join(words) + (f' NOT "{question.excluded}"' if question.excluded else "")
    conditions = ["texts match ?"] if match else []
    values: list[object] = [match] if match else []
    for field, value in question.filters:
        # The plus keeps SQLite from looking every candidate up in FTS5 by its number: a hundred times slower.
        key = "+texts.rowid" if match else "numbers.id"
        conditions.append(f"{key} in (select document from facets where field = ? and value = ?)")
        values += [field, value]
    needs_numbers = bool(question.ranges or question.sort)
    for field, low, high in question.ranges:
        conditions.append(f"numbers.{field} between ? and ?")
        values += [low, high]
    table = "texts" if match else "numbers"
    if match and needs_numbers:
        table += " join numbers on numbers.id = texts.rowid"
    return match, table, conditions or ["true"], values
