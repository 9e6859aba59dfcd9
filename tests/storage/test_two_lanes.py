"""Two connections of one process, as the app has them, beside other processes: nobody's locks are dropped."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from kbtui.core.post import Post
from kbtui.storage.connection import Connection
from kbtui.storage.posts import SqlitePostStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)

OTHER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kbtui.core.post import Post
from kbtui.storage.connection import Connection
from kbtui.storage.posts import SqlitePostStore
connection = Connection(Path(sys.argv[1]))
store = SqlitePostStore(connection)
start, count = int(sys.argv[2]), int(sys.argv[3])
posts = [Post(title=f"Other {n}", body="x" * 3000, source="other", path=f"{n}.md") for n in range(start, start + count)]
store.save(posts, datetime(2026, 1, 3, tzinfo=UTC))
print(store.count())
connection.close()
"""


def other_process(folder: Path, start: int, count: int) -> int:
    """Another kbtui saves `count` posts and ends; how many posts it saw at its end."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER, str(folder), str(start), str(count)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_the_log_stays_while_a_process_has_the_library_open_twice(tmp_path: Path) -> None:
    reading, writing = Connection(tmp_path), Connection(tmp_path)
    reader, writer = SqlitePostStore(reading), SqlitePostStore(writing)
    log = tmp_path / "kb.sqlite3-wal"
    total = 0
    for turn in range(4):
        writer.save([Post(title=f"Own {turn}", body="y" * 500, source="own", path=f"{turn}.md")], NOW)
        total += 1
        inode = log.stat().st_ino
        total += 60
        assert other_process(tmp_path, turn * 60, 60) == total
        assert log.stat().st_ino == inode, "the other process took itself for the only one and threw the log away"
        assert reader.count() == total
    reading.close()
    assert other_process(tmp_path, 1_000, 60) == total + 60
    assert log.exists()
    writer.save([Post(title="Last", source="own", path="last.md")], NOW)
    writing.close()
    last = Connection(tmp_path)
    assert last.query("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert SqlitePostStore(last).count() == total + 61
    last.close()
