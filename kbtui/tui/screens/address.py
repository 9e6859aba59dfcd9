"""An address outside the library, shown in full before anything is done with it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Footer, Static

from kbtui.core.text import one_line, shorten
from kbtui.markdown.tree import Link
from kbtui.tui.addresses import has_browser, open_address, why_not_opened
from kbtui.tui.commands import ADDRESS, bindings
from kbtui.tui.presentation import DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services

NO_BROWSER = "There is no browser here that opens a window; the address can be copied."


class AddressScreen(Dialog):
    """The target of a link or a picture; it can be copied, and where that is safe opened."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ADDRESS)]

    def __init__(self, services: Services, link: Link, caption: str) -> None:
        super().__init__(services)
        self._address = one_line(link.target)
        self._caption = "" if one_line(caption) == self._address else one_line(caption)
        self._is_embed = link.is_embed
        self._objection = why_not_opened(link.target) or ("" if has_browser() else NO_BROWSER)

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Picture" if self._is_embed else "Address outside the library"
            if self._caption:
                yield Static(Content(shorten(self._caption, 400)), markup=False)
            yield Static(Content(self._address).stylize("$text-accent"), id="address", markup=False)
            yield Static(Content(self._objection).stylize(DIM), id="objection", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.query_one("#objection").display = bool(self._objection)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """An address that is not safe cannot be opened."""
        return action != "open" or not self._objection

    def action_copy(self) -> None:
        """Copy the address."""
        self.app.copy_to_clipboard(self._address)
        self.notify(f"Copied {shorten(self._address, 100)}.", markup=False)
        self.dismiss(None)

    def action_open(self) -> None:
        """Open the address in the browser."""
        self._open()

    @work(exit_on_error=False)
    async def _open(self) -> None:
        is_open = await asyncio.to_thread(open_address, self._address)
        if is_open:
            self.dismiss(None)
        else:
            self.notify("The browser could not be opened.", severity="warning", markup=False)
