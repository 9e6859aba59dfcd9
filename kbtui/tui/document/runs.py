"""Runs of text as they are drawn: what stands beside a run to say where it leads is added here, as text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from kbtui.core.text import one_line
from kbtui.markdown.tree import Inline, Link, LinkKind, Mark, Run, plain

PICTURE = "▣ "
LONGEST_ADDRESS = 50
"""Characters of an address in the middle of a text; of a longer one the host or the end is shown."""
_SMALL = {
    Mark.SUPER: ("^", str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")),
    Mark.SUB: ("_", str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")),
}


def drawn_runs(text: Inline) -> Inline:
    """The runs with the addresses of outside links and of pictures behind them, and raised text as a terminal can."""
    if all(run.link is None and not _is_raised(run.mark) for run in text):
        return text
    runs: list[Run] = []
    for link, group in groupby(text, key=lambda run: run.link):
        linked = tuple(_raised(run) if _is_raised(run.mark) else run for run in group)
        runs += linked if link is None else _with_address(linked, link)
    return tuple(runs)


@lru_cache(maxsize=1024)
def _is_raised(mark: Mark) -> bool:
    return bool(mark & (Mark.SUPER | Mark.SUB))


def _raised(run: Run) -> Run:
    for mark, (sign, table) in _SMALL.items():
        if mark in run.mark and run.text:
            small = run.text.translate(table)
            same = any(character in run.text for character in small)
            return Run(sign + run.text if same else small, run.mark & ~mark, run.link)
    return run


def _with_address(runs: Inline, link: Link) -> Inline:
    address = one_line(link.target)
    text = plain(runs)
    if link.is_embed:
        runs = (Run(PICTURE, Mark.NONE, link), *runs)
    elif link.kind is not LinkKind.OUTSIDE:
        return runs
    told = address in (text, f"mailto:{text}", f"{text}/", f"https://{text}", f"http://{text}")
    return runs if told else (*runs, Run(f" ({_short(address)})", Mark.DIM))


def _short(address: str) -> str:
    if len(address) <= LONGEST_ADDRESS:
        return address
    scheme, mark, rest = address.partition("://")
    host = rest.partition("/")[0]
    if mark and len(scheme) + len(host) < LONGEST_ADDRESS:
        return f"{scheme}://{host}/…"
    return "…" + address[1 - LONGEST_ADDRESS :]


def links_in(runs: Inline) -> Iterator[tuple[int, int, Link]]:
    """The links in drawn runs with the places of their texts: (start, end, link)."""
    start = 0
    for link, group in groupby(runs, key=lambda run: run.link):
        end = start + sum(len(run.text) for run in group)
        if link is not None and end > start:
            yield start, end, link
        start = end
