"""kbtui: a knowledge base in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kbtui.bootstrap import open_library as open_library

__all__ = ["__version__", "open_library"]


def __getattr__(name: str) -> object:
    # Loaded on demand: `kbtui --version` needs neither SQLite nor the importers.
    if name == "open_library":
        from kbtui.bootstrap import open_library

        return open_library
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
