"""Open an index, ask it everything, and print the memory that took: run as a process of its own.

python -m tests.bench.memory INDEXES GENERATION TEXTS
"""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

from kbtui.search.indexes import WhooshIndexes
from tests.bench.kbtui_index import KbtuiIndex
from tests.bench.questions import questions


def peak_memory() -> tuple[int, int]:
    """(peak of all resident memory, what of it now is not mapped from files), in MB; the second 0 where not known."""
    status = Path("/proc/self/status")
    if not status.exists():
        scale = 1024 if sys.platform == "linux" else 1024 * 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale, 0
    # Not `ru_maxrss`: on Linux it begins with what the parent had.
    figures = dict(re.findall(r"(\w+):\s+(\d+) kB", status.read_text(encoding="ascii")))
    return int(figures["VmHWM"]) // 1024, int(figures["RssAnon"]) // 1024


def main() -> None:
    """Ask everything twice."""
    folder, generation, texts = sys.argv[1:]
    before = peak_memory()
    engine = KbtuiIndex(WhooshIndexes(Path(folder)).open(int(generation)), Path(texts))
    for question in questions(()) * 2:
        engine.answer(question)
    print(*before, *peak_memory())
    engine.close()


if __name__ == "__main__":
    main()
