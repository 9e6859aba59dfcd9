"""Synthetic documents on disk, so that engines read the same 100,000 of them without holding them in memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kbtui.bootstrap import synthetic_posts
from kbtui.core.index_document import IndexDocument, index_document

SEED = 7
_CHUNK = 1_000


class Documents:
    """The first `count` synthetic posts as documents, each with its place, from 1, as id. Written once to a folder."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count = count
        self.text_bytes = 0
        """Bytes of all names, labels, leads and bodies."""
        self.body_bytes = 0
        self._files: list[Path] = []
        folder.mkdir()
        posts = enumerate(synthetic_posts(count, SEED), 1)
        made = (index_document(replace(post, id=number, source="synthetic")) for number, post in posts)
        while chunk := list(islice(made, _CHUNK)):
            self._files.append(folder / f"{len(self._files):04}")
            self._files[-1].write_bytes(pickle.dumps(chunk))
            self.body_bytes += sum(len(document.body.encode()) for document in chunk)
            self.text_bytes += sum(_size(document) for document in chunk)

    def __iter__(self) -> Iterator[IndexDocument]:
        for file in self._files:
            yield from pickle.loads(file.read_bytes())  # noqa: S301 - written above by this very process

    def first(self, count: int) -> list[IndexDocument]:
        """The first of them."""
        return list(islice(self, count))


def _size(document: IndexDocument) -> int:
    texts = (*document.names, *document.labels, document.lead, document.body)
    return sum(len(text.encode()) for text in texts)
