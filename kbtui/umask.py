"""Who may read new files: those of kbtui its user alone, those that the user's own programs write whoever they want."""

from __future__ import annotations

import os
from functools import cache

_OURS_ALONE = 0o077


@cache
def keep_files_private() -> int:
    """Have nothing that this process writes be for others to read; the umask that was in force before that."""
    return os.umask(_OURS_ALONE)


def users_umask() -> int:
    """The umask for a program of the user's own, as `Popen` takes it; -1, which is that of this process, where
    `keep_files_private` was never called."""
    return keep_files_private() if keep_files_private.cache_info().currsize else -1
