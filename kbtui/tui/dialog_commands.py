"""The keys of the reader's dialogs, beyond the one that closes each."""

from __future__ import annotations

from kbtui.tui.commands import Command

COPYING = (
    Command("copying.copy", "enter", "copy", "Copy", "Copy the text as it is shown"),
    Command("copying.next", "down", "choose(1)", "Next value", "The next of the values that the page offers"),
    Command(
        "copying.previous", "up", "choose(-1)", "Previous value", "The value before, of those that the page offers"
    ),
)

SWITCHER = (
    Command("switcher.open", "enter", "open", "Read", "Read the post under the cursor"),
    Command("switcher.next", "down,ctrl+n", "move(1)", "Next", "The next post"),
    Command("switcher.previous", "up,ctrl+p", "move(-1)", "Previous", "The post before"),
)

PLACES = (Command("places.forget", "d,delete", "forget", "Forget", "Take the bookmark under the cursor away"),)

REVISIONS = (
    Command("revisions.enlarge", "enter", "enlarge", "Large", "Show what changed on the whole screen"),
    Command("revisions.restore", "u", "restore", "Restore", "Save the revision under the cursor anew"),
)

REDLINES = (
    Command("redlines.take", "t", "take", "Take", "Take the change under the cursor into the post"),
    Command("redlines.decline", "d", "decline", "Decline", "Decline the change under the cursor, with a reason"),
)

TEXT = (Command("text.keep", "ctrl+s", "keep", "Keep", "Keep the text"),)

LINES = (
    Command("lines.down", "j", "scroll_down", "Down", "One line down"),
    Command("lines.up", "k", "scroll_up", "Up", "One line up"),
)

DIALOGS = (COPYING, SWITCHER, PLACES, REVISIONS, REDLINES, TEXT, LINES)
"""Every group."""
