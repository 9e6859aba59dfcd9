"""A post as a printed page: title, badges, metadata box, body."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import HORIZONTALS
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kbtui.cli.blocks import Blocks
from kbtui.cli.layout import badge_text
from kbtui.cli.prose import blocks_of
from kbtui.cli.safe import Safe
from kbtui.core.badges import Badge
from kbtui.core.post import Post
from kbtui.core.text import one_line
from kbtui.metadata_box import MetadataLine, metadata_lines

_SHORT_VALUE = 32


def rendered(post: Post, width: int, *, badges: Sequence[Badge] = ()) -> RenderableType:
    """The page for the command line: title, badges, metadata box, body. Nothing in it reaches the terminal unsafe.

    Prose is wrapped at `width`; a line of code never is, so print it with `crop=False`.
    """
    parts: list[RenderableType] = [Text(one_line(post.title), style="bold", overflow="fold")]
    if badges:
        parts.append(badge_text(badges))
    parts += [_box(metadata_lines(post), width), Text(), Blocks(blocks_of(post))]
    return Safe(Group(*parts))


def _box(lines: Sequence[MetadataLine], width: int) -> Table:
    table = Table(box=HORIZONTALS, show_header=False, border_style="dim", width=width, pad_edge=False)
    table.add_column(style="dim", no_wrap=True, max_width=max(8, width // 4), overflow="ellipsis")
    table.add_column(ratio=1, overflow="fold")
    for line in lines:
        table.add_row(Text(line.label), Text(_joined(line)))
    return table


def _joined(line: MetadataLine) -> str:
    values = line.values
    if any(item.depth for item in line.items):
        return "\n".join(f"{'  ' * item.depth}{item.text}" for item in line.items)
    if len(values) == 1:
        return values[0]
    if all(len(value) <= _SHORT_VALUE for value in values):
        return ", ".join(values)
    return "\n".join(f"• {value}" for value in values)
