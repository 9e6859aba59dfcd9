"""Saved searches and the history: keep a search under a name, or take an earlier one up again."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from kbtui.core.errors import KbtuiError
from kbtui.core.searching.history import SavedSearch, SearchRecord
from kbtui.core.text import one_line, shorten
from kbtui.library.history import NAME_LENGTH
from kbtui.tui.presentation import BOLD, DIM
from kbtui.tui.screens.dialog import Dialog
from kbtui.tui.services import Services
from kbtui.tui.widgets.choices import Choice, ChoiceLine, ChoiceList

TEXT_LENGTH = 60
RECENT = 200


class SaveScreen(Dialog):
    """Asks for a name and saves the search under it; gives the name."""

    def __init__(self, services: Services, text: str) -> None:
        super().__init__(services)
        self._search = text

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Save this search"
            yield Static(Content(shorten(self._search, TEXT_LENGTH)), markup=False)
            yield Input(placeholder="Its name", id="search-name", max_length=NAME_LENGTH)
            yield Static("", id="problem", markup=False)

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        event.stop()
        self._save(event.value)

    @work(exclusive=True, exit_on_error=False)
    async def _save(self, name: str) -> None:
        try:
            await self.services.writer.run(lambda library: library.history.save(name, self._search))
        except KbtuiError as error:
            self.query_one("#problem", Static).update(Content(one_line(str(error))))
        else:
            self.dismiss(name)


class RecallScreen(Dialog):
    """Saved searches, then recent ones; gives the text of the one that was chosen."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._saved: Sequence[SavedSearch] = ()
        self._recent: Sequence[SearchRecord] = ()

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Searches"
            box.border_subtitle = "enter takes up · delete forgets a saved one"
            yield ChoiceLine(placeholder="Type to filter", id="filter")
            yield ChoiceList()

    def on_mount(self) -> None:
        self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        self._saved, self._recent = await self.services.reader.run(
            lambda library: (library.history.saved(), library.history.recent(RECENT))
        )
        self._show()

    @on(Input.Changed)
    def _show(self) -> None:
        words = self.query_one(ChoiceLine).value.casefold().split()
        saved = [s for s in self._saved if _has(f"{s.name} {s.text}", words)]
        recent = [r for r in self._recent if _has(r.text, words)]
        rows: list[Option] = [_heading("Saved"), *(_saved_row(s) for s in saved)] if saved else []
        rows += [_heading("Recent"), *(_recent_row(r) for r in recent)] if recent else []
        self.query_one(ChoiceList).show(rows or [_heading("No searches yet." if not words else "None like that.")])

    @on(ChoiceLine.Moved)
    def _move(self, event: ChoiceLine.Moved) -> None:
        choices = self.query_one(ChoiceList)
        if event.by > 0:
            choices.action_cursor_down()
        else:
            choices.action_cursor_up()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (choice := self.query_one(ChoiceList).current) is not None:
            self.dismiss(choice.value)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if isinstance(event.option, Choice):
            self.dismiss(event.option.value)

    @on(ChoiceLine.ForgetWanted)
    def _forget_wanted(self) -> None:
        choice = self.query_one(ChoiceList).current
        if choice is not None and choice.saved_name:
            self._forget(choice.saved_name)

    @work(exit_on_error=False)
    async def _forget(self, name: str) -> None:
        await self.services.writer.run(lambda library: library.history.forget(name))
        self.notify(f"Forgot the saved search “{one_line(name)}”.", markup=False)
        self._load()


def _has(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _heading(text: str) -> Option:
    return Option(Content.styled(text, "$text-primary bold"), disabled=True)


def _saved_row(search: SavedSearch) -> Choice:
    name = Content(shorten(search.name, TEXT_LENGTH)).stylize(BOLD)
    text = Content(f"  {shorten(search.text, TEXT_LENGTH)}").stylize(DIM)
    return Choice(Content.assemble(name, text), search.text, search.name)


def _recent_row(search: SearchRecord) -> Choice:
    hits = f"{search.hits:,} hit{'' if search.hits == 1 else 's'}"
    return Choice(
        Content.assemble(Content(shorten(search.text, TEXT_LENGTH)), Content(f"  {hits}").stylize(DIM)), search.text
    )
