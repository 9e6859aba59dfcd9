"""A room in which something is done with a change note."""

from __future__ import annotations

from textual import work

from kbtui.tui.notes import actions
from kbtui.tui.screens.room import Room


class NoteRoom(Room):
    """Has a note that the keys are about."""

    @property
    def chosen_note(self) -> str:
        """The id of the note; "" for none."""
        raise NotImplementedError

    def show_again(self) -> None:
        """Show what has become of the note."""
        raise NotImplementedError

    async def act(self, action: actions.NoteAction) -> None:
        """Do something with the note, and show what came of it."""
        if note_id := self.chosen_note:
            await action(self.app, self.services, note_id)
            self.show_again()

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_verify(self) -> None:
        """Say what became of the change."""
        await self.act(actions.verify_note)

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_ship(self) -> None:
        """The change is live from now on."""
        await self.act(actions.ship_note)

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_edit(self) -> None:
        """Change the note in the user's editor."""
        await self.act(actions.edit_note)

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_form(self) -> None:
        """Change the note in the form."""
        await self.act(actions.open_form)

    @work(exclusive=True, group="note", exit_on_error=False)
    async def action_copy(self) -> None:
        """Copy the note as Markdown to the terminal's clipboard."""
        await self.act(actions.copy_note)
