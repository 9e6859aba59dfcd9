"""The keys of the rooms of change notes."""

from __future__ import annotations

from kbtui.tui.commands import Command

_ABOUT_NOTE = (
    ("verify", "v", "verify", "Verify", "Say what became of the change: kept, reverted or inconclusive", True),
    ("ship", "s", "ship", "Ship", "The change is live from now on", False),
    ("edit", "e", "edit", "Edit", "Change the note in your editor", False),
    ("form", "f", "form", "Form", "Change the note in the form", False),
    ("copy", "Y", "copy", "Copy", "Copy the note as Markdown, for a ticket", False),
)


def _about_note(room: str) -> tuple[Command, ...]:
    return tuple(
        Command(f"{room}.{name}", key, action, title, text, footer=footer)
        for name, key, action, title, text, footer in _ABOUT_NOTE
    )


CHANGES = (
    Command("changes.leave", "escape", "leave_room", "Back", "Out of the filter, then out of the room"),
    Command("changes.filter", "slash", "filter", "Filter", "Filter the list: since:6h file:nginx.conf tool:redis"),
    Command("changes.due", "d", "toggle_due", "Unverified", "Only changes that are not verified, or all"),
    Command("changes.new", "a", "new", "New", "Write a change note"),
    *_about_note("changes"),
)

NOTE = (
    Command("note.leave", "escape", "leave_room", "Back", "End the finding, then leave the note"),
    Command("note.find", "slash", "find", "Find", "Find a text in the note"),
    *_about_note("note"),
    Command("note.attach", "a", "attach", "Attach", "Paste evidence: a query plan, a log"),
    Command("note.history", "r", "revisions", "Revisions", "What the note said before"),
    Command(
        "note.copy-code", "y", "copy_code", "Copy block", "Copy the chosen block, or the first in sight", footer=False
    ),
    Command("note.next-match", "n", "next_match", "Next match", "To the next match of what was sought", footer=False),
    Command("note.previous-match", "N", "previous_match", "Match before", "To the match before", footer=False),
)

FORM = (
    Command("form.save", "ctrl+s", "save", "Save", "Save the note; a new one as shipped now", priority=True),
    Command("form.draft", "f2", "save_draft", "Draft", "Save the note as a draft: not shipped yet"),
    Command("form.history", "f3", "history", "History", "Choose commands from the shell's history"),
    Command("form.template", "f4", "template", "Template", "Choose what the form asks for"),
    Command("form.editor", "f5", "editor", "Editor", "Go on in your editor"),
    Command("form.discard", "f8", "discard", "Throw away", "Leave the form and throw away what is typed", footer=False),
    Command("form.leave", "escape", "leave_room", "Leave", "Leave the form; what is typed stays as a draft"),
)

HISTORY = (
    Command("history.choose", "space", "choose", "Choose", "Choose the command under the cursor, or take that back"),
    Command("history.take", "enter", "take", "Take", "Take the chosen commands", priority=True),
)
