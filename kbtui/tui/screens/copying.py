"""Copying a block of code: at once where it is one harmless line, else after a look at what exactly is copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input, Static

from kbtui.core.commands.placeholders import Placeholder
from kbtui.core.post import Post
from kbtui.core.text import clean, one_line, shorten
from kbtui.library import Library
from kbtui.markdown.tree import Code
from kbtui.tui.code_copy import CodeToCopy, FilledCode, code_to_copy, drawn, notice
from kbtui.tui.commands import bindings
from kbtui.tui.dialog_commands import COPYING
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.lines_view import Line, LinesView

NAME_LENGTH = 24
WARNINGS_SHOWN = 4
SCROLL_BAR_WIDTH = 1


Remember: TypeAlias = Callable[[Library, Mapping[str, str]], None]
"""Keeps what was filled in for placeholders."""


async def copy_code(app: App[Any], services: Services, post: Post, code: Code) -> None:
    """Copy a block of a post's page to the terminal's clipboard, or show the dialog for it. Call it from a worker."""
    found = await services.reader.run(lambda library: code_to_copy(library, post, code))
    await copy_found(
        app, services, post.title, found, lambda library, values: library.reading.remember_placeholders(post, values)
    )


async def copy_found(app: App[Any], services: Services, title: str, found: CodeToCopy, remember: Remember) -> None:
    """The same for a block that was made ready before; `title` says where it comes from."""
    if not found.text:
        app.notify("There is nothing to copy in this block.", markup=False)
    elif found.is_plain:
        _copy(app, FilledCode(found.text))
    else:
        await app.push_screen(CopyScreen(services, title, found, remember))


def _copy(app: App[Any], code: FilledCode) -> None:
    app.copy_to_clipboard(code.text)
    app.notify(notice(code), markup=False)


class PlaceholderLine(Input):
    """A line for the value of one placeholder."""

    def __init__(self, placeholder: Placeholder, value: str) -> None:
        super().__init__(value, compact=True)
        self.asked = placeholder


class CopyScreen(Dialog):
    """Shows what would be copied and asks for the placeholders in it; gives the text that was copied."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COPYING)]

    preview = query_one("#preview", LinesView)

    def __init__(self, services: Services, title: str, code: CodeToCopy, remember: Remember) -> None:
        super().__init__(services)
        self._heading = title
        self._remember = remember
        self._code = code

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(f"Copy from “{shorten(self._heading, 50)}”")
            box.border_subtitle = "enter copies · escape does not"
            yield LinesView("preview")
            with VerticalScroll(id="notes"):
                yield Static(Content(_warnings(self._code)), id="warnings", markup=False)
                yield Static(Content(_way_back(self._code)), id="rollback", markup=False)
                yield Static(Content(_remarks(self._code)), id="remarks", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                for placeholder in self._code.placeholders:
                    yield from _field(placeholder, self._code.values.get(placeholder.name, ""))

    def on_mount(self) -> None:
        self.set_class(bool(self._code.placeholders), "-asks")
        self._show_notes(destroys=False)
        self.set_focus(next(iter(self.query(PlaceholderLine)), self.preview))

    def on_resize(self) -> None:
        """Wrap the preview anew."""
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._draw()

    @work(exclusive=True, group="draw", exit_on_error=False)
    async def _draw(self) -> None:
        values, width = self._values(), max(1, self.preview.container_size.width - SCROLL_BAR_WIDTH)
        code, lines = await self.services.reader.run(lambda _: _filled(self._code, values, width))
        self.preview.show(lines, keep_place=True)
        self._show_notes(destroys=bool(code.dangers))

    def _show_notes(self, *, destroys: bool) -> None:
        shown = {
            "#warnings": bool(self._code.warnings),
            "#rollback": destroys and bool(self._code.rollback),
            "#remarks": bool(_remarks(self._code)),
        }
        for selector, is_shown in shown.items():
            self.query_one(selector).display = is_shown
        self.query_one("#notes").display = any(shown.values())

    def _values(self) -> Mapping[str, str]:
        return {line.asked.name: line.value for line in self.query(PlaceholderLine)}

    def action_choose(self, by: int) -> None:
        """Put another of the values in that the page offers."""
        line = self.focused
        if isinstance(line, PlaceholderLine) and (choices := line.asked.choices):
            at = choices.index(line.value) + by if line.value in choices else min(0, by)
            line.value = choices[at % len(choices)]
            line.action_end()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_copy()

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy the text with what was filled in, which is remembered."""
        values = self._values()
        code = await self.services.reader.run(lambda _: self._code.filled(values))
        _copy(self.app, code)
        if values:
            # Not waited for: copying must work while the library is being written, or cannot be.
            self.services.writer.submit(lambda library: self._remember(library, values))
        self.dismiss(code.text)


def _filled(code: CodeToCopy, values: Mapping[str, str], width: int) -> tuple[FilledCode, list[Line]]:
    filled = code.filled(values)
    return filled, drawn(filled, width)


def _field(placeholder: Placeholder, value: str) -> ComposeResult:
    with Horizontal(classes="field"):
        offered = " · ".join(map(one_line, placeholder.choices))
        name = "one of" if placeholder.choices else shorten(placeholder.name, NAME_LENGTH)
        yield Static(Content(name), classes="name", markup=False)
        yield PlaceholderLine(placeholder, value)
        if offered:
            yield Static(Content(f"↓ {offered}"), classes="offered", markup=False)


def _remarks(code: CodeToCopy) -> str:
    """What is not copied of the block."""
    taken = f"{code.prompts} prompt{_s(code.prompts)} taken off" if code.prompts else ""
    left = f"{code.left_out} line{_s(code.left_out)} of output left out" if code.left_out else ""
    return ", ".join(filter(None, (taken, left)))


def _warnings(code: CodeToCopy) -> str:
    shown = [one_line(warning) for warning in code.warnings[:WARNINGS_SHOWN]]
    more = len(code.warnings) - len(shown)
    return f"! {'; '.join([*shown, f'{more} more like that'] if more else shown)}"


def _way_back(code: CodeToCopy) -> str:
    text = clean(code.rollback)
    return f"To go back:\n{text}" if "\n" in text else f"To go back: {text}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
