"""Building many segments from nothing, on as many processor cores as there are."""

from __future__ import annotations

import gc
import marshal
import os
import secrets
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO

from kbtui.core.index_document import IndexDocument
from kbtui.search.analysis import chunks
from kbtui.search.impact import USUAL_LENGTH
from kbtui.search.segment_builder import BATCH, Built, SegmentBuilder
from kbtui.search.segment_file import EXTENSION

SAMPLE = 1_000
"""How many of the first documents the usual length of a body is measured on."""
PARALLEL_ABOVE = 3_000
"""Fewer documents are built before other processes would have started."""
_LENGTH = struct.Struct("<I")


class SegmentsBuilder:
    """Writes one segment after the other into a folder."""

    def __init__(self, folder: Path, usual_length: float) -> None:
        self._folder, self._usual_length = folder, usual_length
        self._name, self._builder = "", None  # type: tuple[str, SegmentBuilder | None]
        self.built: list[Built] = []

    def add(self, documents: Sequence[IndexDocument]) -> None:
        """Add documents, at most `BATCH` at a time."""
        if self._builder is None:
            self._name = secrets.token_hex(8)
            self._builder = SegmentBuilder(self._folder / f"MAIN_{self._name}{EXTENSION}", self._usual_length)
        self._builder.add(documents)
        if self._builder.is_full:
            self.finish()

    def finish(self) -> None:
        """Write what is not written yet."""
        if self._builder is not None:
            self._builder.finish()
            self.built.append(Built(self._name, self._builder.docs, self._usual_length))
            self._builder = None

    def discard(self) -> None:
        """Give up what is not written yet."""
        if self._builder is not None:
            self._builder.discard()
            self._builder = None


def write_segments(folder: Path, documents: Iterable[IndexDocument], processes: int | None = None) -> list[Built]:
    """Write documents as segments into a folder; with `processes` in so many processes, else in as many as pay."""
    remaining = iter(documents)
    first = list(islice(remaining, PARALLEL_ABOVE))
    usual = _usual_length(first[:SAMPLE])
    batches = _batches(chain(first, remaining))
    if processes is None:
        processes = min(4, os.cpu_count() or 1) if len(first) == PARALLEL_ABOVE else 1
    if processes > 1 and sys.executable:
        return _in_processes(folder, batches, usual, processes)
    builder = SegmentsBuilder(folder, usual)
    collects = gc.isenabled()
    # A build makes millions of objects that live on: to look through them again and again takes a fifth of its time.
    gc.disable()
    try:
        for batch in batches:
            builder.add(batch)
        builder.finish()
    except BaseException:
        builder.discard()
        raise
    finally:
        if collects:
            gc.enable()
    return builder.built


def _batches(documents: Iterable[IndexDocument]) -> Iterator[list[IndexDocument]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _usual_length(sample: Sequence[IndexDocument]) -> float:
    lengths = [len(chunks(document.body)) for document in sample]
    return max(20.0, sum(lengths) / len(lengths)) if lengths else USUAL_LENGTH


# Processes: each is handed batches through its standard input, and tells on its standard output what it wrote. Not the
# `multiprocessing` module: it would run the main program of whoever uses the library a second time.


def _in_processes(folder: Path, batches: Iterable[list[IndexDocument]], usual: float, processes: int) -> list[Built]:
    command = [sys.executable, "-c", "from kbtui.search.bulk import work; work()", str(folder), str(usual)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603
        for _ in range(processes)
    ]
    try:
        for number, batch in enumerate(batches):
            _send(workers[number % processes].stdin, batch)
        built = []
        for worker in workers:
            assert worker.stdin is not None and worker.stdout is not None  # noqa: S101
            worker.stdin.close()
        for worker in workers:
            assert worker.stdout is not None  # noqa: S101
            rows = marshal.loads(worker.stdout.read() or marshal.dumps([]))  # noqa: S302  # our own child wrote it
            built += [Built(name, docs, usual) for name, docs in rows]
            if worker.wait() != 0:
                raise ChildProcessError("a process that builds the index ended early")
        return built
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.kill()
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    pipe.close()
            worker.wait()


def _send(pipe: IO[bytes] | None, batch: Sequence[IndexDocument]) -> None:
    assert pipe is not None  # noqa: S101
    data = marshal.dumps(
        [(d.key, d.names, d.labels, d.headings, d.lead, d.body, d.values, dict(d.numbers), d.revision) for d in batch]
    )
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)


def work() -> None:
    """What a process does: builds segments from the batches on its standard input."""
    folder, usual = Path(sys.argv[1]), float(sys.argv[2])
    os.umask(0o077)
    gc.disable()
    builder = SegmentsBuilder(folder, usual)
    source = sys.stdin.buffer
    while head := source.read(_LENGTH.size):
        rows = marshal.loads(source.read(_LENGTH.unpack(head)[0]))  # noqa: S302  # our own parent wrote it
        builder.add([IndexDocument(*row) for row in rows])
    builder.finish()
    sys.stdout.buffer.write(marshal.dumps([(one.name, one.docs) for one in builder.built]))
