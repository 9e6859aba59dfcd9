"""The material that search is judged on: open corpora beside the checkout, and what should be found in them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kbtui.core.index_document import IndexDocument, document_key, index_document
from kbtui.formats.files import Folder
from kbtui.formats.parser import FileParser

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
SOURCES = ("openshift-runbooks", "tldr", "gcp-community", "obsidian-help", "pagerduty-incident-response")
"""The corpora of the known items, all in one library, each as a source of its name."""
KNOWN_ITEMS = Path(__file__).with_name("known_items.toml")
CLASSES = ("exact", "verb", "symptom", "prefix", "misspelt", "pasted")


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query, and the pages of which one should come first, as `corpus/path`."""

    kind: str
    """One of `CLASSES`."""
    text: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cranfield:
    """A set of judged abstracts."""

    documents: Mapping[int, tuple[str, str]]
    """(title, text) by number."""
    queries: Mapping[int, str]
    relevant: Mapping[int, frozenset[int]]
    """By query: the relevant documents, those judged above 0."""


def known_items() -> list[KnownItem]:
    """All judged queries, class by class."""
    table = tomllib.loads(KNOWN_ITEMS.read_text(encoding="utf-8"))
    return [
        KnownItem(kind, text, frozenset(answers)) for kind in CLASSES for text, answers in sorted(table[kind].items())
    ]


def known_documents() -> Iterator[tuple[str, IndexDocument]]:
    """Every page of `SOURCES` as (`corpus/path`, document), read as an import would, ids counted from 1."""
    folder, parser = Folder(), FileParser()
    number = 0
    for source in SOURCES:
        for file in folder.walk(CORPORA / source, CORPORA / source, extensionless=False):
            if file.skipped or file.refused:
                continue
            for parsed in parser.parse(file.path, folder.read(file)):
                post = getattr(parsed, "post", None)
                if post is not None:
                    number += 1
                    yield f"{source}/{file.path}", index_document(replace(post, id=number))


def cranfield() -> Cranfield:
    """The Cranfield collection: 1,400 abstracts, 225 queries, 1,837 judgements."""
    root = CORPORA / "cranfield"
    documents = {int(row["_id"]): (row["title"].strip(), row["text"]) for row in _lines(root / "docs.jsonl")}
    queries = {int(row["_id"]): row["text"] for row in _lines(root / "queries.jsonl")}
    relevant: dict[int, set[int]] = {number: set() for number in queries}
    for line in (root / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = map(int, line.split("\t"))
        if grade > 0:
            relevant[query].add(document)
    return Cranfield(documents, queries, {query: frozenset(found) for query, found in relevant.items()})


def cranfield_documents(collection: Cranfield) -> Iterator[IndexDocument]:
    """The abstracts as documents; a document without a title is named by its number."""
    for number, (title, text) in collection.documents.items():
        yield IndexDocument(key=document_key(number), names=(title or f"document {number}",), body=text)


def _lines(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
