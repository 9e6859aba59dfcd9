"""Where real material lies, if it lies there: tests that use it skip where it is absent."""

from __future__ import annotations

from pathlib import Path

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
