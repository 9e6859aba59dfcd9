"""Every command of the app, declared once: its key, its place in the footer, its tooltip, its line in the palette.

The id is what a configuration file rebinds: `[keys]` with `search.preview = "ctrl+t"`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a screen or of the app."""

    id: str
    key: str
    action: str
    title: str
    help: str
    footer: bool = True
    priority: bool = False

    def binding(self) -> Binding:
        """What Textual binds."""
        return Binding(
            self.key, self.action, self.title, id=self.id, tooltip=self.help, show=self.footer, priority=self.priority
        )


APP = (
    Command("app.help", "f1,question_mark", "help", "Help", "Keys of this screen, and the query language"),
    Command("app.quit", "q", "leave", "Quit", "Leave kbtui"),
    Command("app.switch", "ctrl+o", "switch_post", "Go to", "Go to a post by a part of its name", footer=False),
    Command("app.places", "B", "places", "Places", "Bookmarks, and what you read lately", footer=False),
    Command("app.runs", "3", "runs", "Checklists", "The room of runs: checklists under way and done", footer=False),
    Command(
        "app.changes",
        "4",
        "changes",
        "Changes",
        "The room of changes: what was changed, and whether it held",
        footer=False,
    ),
    Command("app.note", "ctrl+g", "note", "Note", "Write a change note, from where you stand", footer=False),
    Command("app.review", "5", "review", "Review", "The room of what needs a human", footer=False),
    Command("app.palette", "ctrl+p", "command_palette", "Commands", "Every command, by name", footer=False),
    Command("app.quit-now", "ctrl+q", "quit", "Quit", "Leave kbtui, from anywhere", footer=False, priority=True),
    Command("app.theme", "ctrl+t", "change_theme", "Theme", "Choose the colours", footer=False),
)

SEARCH = (
    Command("search.focus", "slash", "focus_query", "Search", "Go to the search line"),
    Command("search.room", "1", "focus_query", "Search room", "The search room", footer=False),
    Command("search.open", "enter", "open", "Read", "Read the post under the cursor"),
    Command("search.facets", "f", "toggle_facets", "Facets", "Show or hide the facets"),
    Command("search.preview", "p", "toggle_preview", "Preview", "Show or hide the preview"),
    Command("search.sort", "o", "sort", "Order", "Order by relevance, reviewed, updated, views, quality or title"),
    Command("search.explain", "w", "explain", "Why", "Why the post under the cursor was found"),
    Command("search.save", "ctrl+s", "save", "Save search", "Keep this search under a name", footer=False),
    Command("search.recall", "ctrl+r", "recall", "Searches", "Saved and recent searches", footer=False),
    Command(
        "search.clear",
        "escape",
        "clear",
        "Clear",
        "Clear the search; with nothing to clear, go to the results",
        footer=False,
    ),
)

ARTICLE = (
    Command("article.leave", "escape", "leave_page", "Back", "End the finding, then leave the page"),
    Command("article.find", "slash", "find", "Find", "Find a text in the page"),
    Command("article.copy-code", "y", "copy_code", "Copy", "Copy the chosen code block, or the first in sight"),
    Command("article.outline", "t", "outline", "Contents", "Go to the table of contents; from there, hide it"),
    Command("article.about", "m", "toggle_about", "About", "Show or hide what is known about the post"),
    Command("article.similar", "s", "similar", "Similar", "Posts that are like this one, and why", footer=False),
    Command("article.edit", "e", "edit", "Edit", "Change the post in your editor", footer=False),
    Command("article.copy", "Y", "copy", "Copy page", "Copy the post's Markdown to the clipboard", footer=False),
    Command("article.bookmark", "b", "bookmark", "Bookmark", "Set a bookmark, or take it away", footer=False),
    Command(
        "article.revisions", "r", "revisions", "Revisions", "What the post said before, and what changed", footer=False
    ),
    Command(
        "article.checklist",
        "c",
        "checklist",
        "Checklist",
        "Start a run of the checklist, or go on with it",
        footer=False,
    ),
    Command("article.runs", "C", "runs", "Runs", "How the runs of its checklists went", footer=False),
    Command(
        "article.redlines", "R", "redlines", "Proposed changes", "What was found wrong in it during runs", footer=False
    ),
    Command(
        "article.next-match", "n", "next_match", "Next match", "To the next match of what was sought", footer=False
    ),
    Command("article.previous-match", "N", "previous_match", "Match before", "To the match before", footer=False),
    Command(
        "article.back",
        "backspace,h,alt+left",
        "back",
        "Page before",
        "Back to the place that you followed a link from",
        footer=False,
    ),
    Command("article.forward", "l,alt+right", "forward", "Page after", "Forward again, after going back", footer=False),
)

RUN = (
    Command("run.leave", "escape", "leave_room", "Back", "Leave the run; it goes on when you come back"),
    Command("run.done", "space", "done", "Done", "Mark the step as done, or take that back"),
    Command("run.skip", "s", "skip", "Skip", "Skip the step, with a reason"),
    Command("run.fail", "x", "fail", "Failed", "Mark the step as failed, with a reason"),
    Command("run.undo", "u", "undo", "Undo", "Take back what the step is marked as", footer=False),
    Command("run.note", "n", "note", "Note", "Write a note on the step", footer=False),
    Command("run.evidence", "v", "evidence", "Evidence", "Paste what came out onto the step", footer=False),
    Command("run.edit", "e", "write_evidence", "Write evidence", "Write what came out in your editor", footer=False),
    Command("run.propose", "r", "propose", "Correct", "Propose another text for the step", footer=False),
    Command(
        "run.redlines", "R", "redlines", "Proposed changes", "The changes that are proposed for the post", footer=False
    ),
    Command("run.history", "C", "history", "Runs", "How the runs of this post went", footer=False),
    Command("run.copy-code", "y", "copy_code", "Copy", "Copy a command of the step", footer=False),
    Command("run.post", "o,enter", "open_post", "Post", "Read the post at this step"),
    Command("run.finish", "f", "finish", "Finish", "Sum the run up and finish it"),
    Command("run.abandon", "a", "abandon", "Abandon", "End the run before its end, with a reason", footer=False),
    Command("run.copy", "Y", "copy_record", "Copy record", "Copy the run as Markdown, for a ticket", footer=False),
)

RUNS = (
    Command("runs.leave", "escape", "leave_room", "Back", "Leave the room"),
    Command("runs.history", "C", "history", "Runs of the post", "How the runs of the post under the cursor went"),
)

REVIEW = (
    Command("review.leave", "escape", "leave_room", "Back", "Show everything again, then leave the room"),
    Command("review.done", "d", "mark_reviewed", "Reviewed", "Mark as reviewed, with a reason"),
    Command("review.filter", "f", "filter", "Filter", "Show what waits for one reason only"),
)

ADDRESS = (
    Command("address.copy", "y", "copy", "Copy", "Copy the address to the clipboard"),
    Command("address.open", "o", "open", "Open", "Open the address in the browser"),
)

DIALOG = (Command("dialog.close", "escape", "close", "Close", "Close without choosing"),)


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """The bindings of a group of commands."""
    return [command.binding() for command in commands]
