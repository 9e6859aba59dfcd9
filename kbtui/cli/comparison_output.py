"""How comparisons are written: for people with a picture, as lines and as JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from kbtui.cli import narration, output
from kbtui.core.measuring.comparison import comparison_sentence
from kbtui.core.measuring.measurement import Comparison
from kbtui.core.measuring.plot import plot_lines
from kbtui.core.post import Json

_WIDEST = 100


def write(comparisons: Sequence[Comparison], *, as_json: bool) -> None:
    """The comparisons; what speaks against them goes to standard error."""
    if as_json:
        output.document([comparison_document(comparison) for comparison in comparisons])
        return
    if output.is_terminal():
        output.write("\n".join(_block(comparison) for comparison in comparisons))
    else:
        output.lines(map(_fields, comparisons))
    for warning in dict.fromkeys(_warnings(comparisons)):
        narration.say(f"! {warning}")


def _warnings(comparisons: Sequence[Comparison]) -> Iterator[str]:
    """What speaks against each, with the name of the metric where there are others that it does not concern."""
    for comparison in comparisons:
        name = comparison.metric.name
        for warning in comparison.warnings:
            concerned = sum(warning in other.warnings for other in comparisons)
            is_clear = concerned == len(comparisons) or warning.casefold().startswith(name.casefold())
            yield warning if is_clear else f"{name}: {warning}"


def comparison_document(comparison: Comparison) -> dict[str, Json]:
    """A comparison as JSON."""
    low, high = comparison.interval or (None, None)
    return {
        "metric": comparison.metric.name,
        "unit": comparison.metric.unit,
        "better": comparison.metric.better.value,
        "verdict": comparison.movement.value,
        "median_before": comparison.median_before,
        "median_after": comparison.median_after,
        "ratio": comparison.ratio,
        "interval": None if comparison.interval is None else [low, high],
        "before": list(comparison.before),
        "after": list(comparison.after),
        "failed": comparison.failed,
        "sentence": comparison_sentence(comparison),
        "warnings": list(comparison.warnings),
    }


def _fields(comparison: Comparison) -> tuple[object, ...]:
    low, high = comparison.interval or (None, None)
    numbers = (comparison.median_before, comparison.median_after, comparison.ratio, low, high)
    return (
        comparison.metric.name,
        comparison.metric.unit,
        *("" if number is None else f"{number:.6g}" for number in numbers),
        len(comparison.before),
        len(comparison.after),
        comparison.failed,
        comparison.movement.value,
    )


def _block(comparison: Comparison) -> str:
    """The sentence on lines of the terminal's width, and the picture."""
    # Only a terminal pays for it.
    import textwrap

    width = min(output.width(), _WIDEST)
    sentence = textwrap.fill(comparison_sentence(comparison), width, break_on_hyphens=False)
    picture = plot_lines(comparison, width, ascii_only=not _draws_unicode())
    return "\n".join([sentence, *(["", *picture] if picture else []), ""])


def _draws_unicode() -> bool:
    """Whether the terminal has the characters of Unicode, as the locale says; on Windows and macOS it has."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    locale = next((name for name in names if name), "")
    return sys.platform in ("win32", "darwin") or "utf" in locale.lower()
