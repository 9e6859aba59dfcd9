"""The only writer of standard output: data, in UTF-8 whatever the locale says, byte for byte where that is promised."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kbtui.core.errors import UnreadyError
from kbtui.core.post import Json
from kbtui.core.text import clean, escape_hidden, one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPE_WIDTH = 80
MIN_WIDTH = 40


def write(text: str) -> None:
    """Write text as it is. A lone surrogate becomes `\\udc80`, which inside JSON is its proper escape."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno == errno.EINVAL and os.name == "nt":
            raise BrokenPipeError from error  # how Windows reports a closed pipe
        raise UnreadyError(f"Standard output cannot be written: {error.strerror}.") from error


def line(*fields: object) -> None:
    """One record on one line, its fields separated by tabs and safe to show."""
    write("\t".join(one_line(str(field)) for field in fields) + "\n")


def lines(rows: Iterable[Iterable[object]]) -> None:
    """One line per record."""
    for row in rows:
        line(*row)


def text(stored: str) -> None:
    """Text of a post: byte for byte in a pipe; on a terminal with what it could obey made visible."""
    write(clean(stored) if is_terminal() else stored)


def document(value: Json) -> None:
    """One JSON value."""
    write(_json(value, indent=2) + "\n")


def documents(values: Iterable[Json]) -> None:
    """JSON lines: one value on each."""
    for value in values:
        write(_json(value) + "\n")


def _json(value: Json, indent: int | None = None) -> str:
    """JSON in UTF-8; on a terminal what it could obey is escaped, which is the same JSON."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return escape_hidden(written, lambda character: json.dumps(character)[1:-1]) if is_terminal() else written


def records(values: Iterator[Json], *, as_json: bool, as_lines: bool, otherwise: Callable[[], None]) -> None:
    """Records in the shape that the options of a command ask for."""
    if as_json:
        document(list(values))
    elif as_lines:
        documents(values)
    else:
        otherwise()


def is_terminal() -> bool:
    """Whether a person sees standard output."""
    return sys.stdout.isatty()


def is_coloured() -> bool:
    """Whether escape sequences may be written: to a terminal that knows them, unless `NO_COLOR` says no."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") not in ("", "dumb")


def width() -> int:
    """Columns to lay text out in: the terminal's, else `COLUMNS`, else 80; never less than 40."""
    return max(MIN_WIDTH, shutil.get_terminal_size((PIPE_WIDTH, 24)).columns)


def page_height() -> int:
    """Rows of the terminal."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).lines


def to_text(renderable: RenderableType, columns: int, *, coloured: bool) -> str:
    """What Rich makes of it, safe to show: no markup, no emoji names, no links, nothing cropped."""
    # Rich takes 0.1 s to import: only commands that lay something out pay for it.
    import io

    from rich.console import Console

    from kbtui.cli.safe import Safe

    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=columns,
        force_terminal=coloured,
        color_system="auto" if coloured else None,
        no_color=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(Safe(renderable), crop=False, end="")
    return "\n".join(row.rstrip() if not coloured else row for row in buffer.getvalue().split("\n"))


def show(renderable: RenderableType) -> None:
    """Lay something out for a terminal and write it."""
    write(to_text(renderable, width(), coloured=is_coloured()))


def table(rows: Iterable[Sequence[object]], header: Sequence[str] = ()) -> None:
    """Aligned columns under a header on a terminal; tab-separated lines without it in a pipe."""
    if not is_terminal():
        lines(rows)
        return
    from kbtui.cli import layout  # Rich: only for a terminal

    kept = list(rows)
    if kept:
        show(layout.table(kept, header))
