"""Editing posts from within the app: the terminal is lent to the user's own editor.

Both functions talk to the user by themselves; what went wrong is said in a dialog that stays until it is read. Call
them from a worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App

from kbtui.core.errors import EditNotSavedError, EditorError, EditRefusedError, KbtuiError
from kbtui.core.importing import ImportReport
from kbtui.core.post import Post
from kbtui.core.revisions import Draft, PostHome
from kbtui.core.text import shorten
from kbtui.library import Library
from kbtui.tui.lending import run_editor
from kbtui.tui.screens.ask import CLOSE, AskScreen, LineScreen, Reply
from kbtui.tui.services import Services

TITLE_LENGTH = 200
NOTHING = "Nothing was changed."
FILE, LOCAL, RELEASE, AGAIN = "file", "local", "release", "again"


async def edit_post(app: App[Any], services: Services, slug: str) -> bool:
    """Have the user edit a post, or the file that it came from; whether the library holds something else by now."""
    try:
        post, home = await services.reader.run(lambda library: _find(library, slug))
        if home.file is None:
            return await _edit_text(app, services, post)
        where = await app.push_screen_wait(_which(services, post, home, home.file))
        if where == LOCAL:
            return await _edit_text(app, services, post)
        if where == FILE:
            return await _edit_file(app, services, post, home.file)
        if where == RELEASE:
            report = await services.writer.run(lambda library: library.editing.release(slug))
            return await _tell_report(app, services, home.file, report)
    except KbtuiError as error:
        await _tell_failure(app, services, error)
    return False


async def new_post(app: App[Any], services: Services) -> str | None:
    """Have the user write a new post; its slug, None where nothing was saved."""
    title = await app.push_screen_wait(LineScreen(services, "New post", "Its title", TITLE_LENGTH))
    if title is None:
        return None
    try:
        draft = await services.reader.run(lambda library: library.editing.begin_new(title))
        return await _edit_draft(app, services, draft)
    except KbtuiError as error:
        await _tell_failure(app, services, error)
        return None


def _find(library: Library, slug: str) -> tuple[Post, PostHome]:
    post = library.posts.get(slug)
    return post, library.editing.home(post)


def _which(services: Services, post: Post, home: PostHome, file: Path) -> AskScreen:
    """The question what to edit, for a post with a file; the first answer is what holds until now."""
    title = f"Edit “{shorten(post.title, 60)}”"
    if home.local_since is None:
        text = f"This post came from {file}."
        replies = (
            Reply(FILE, "Edit the file", "and take it in again"),
            Reply(LOCAL, "Keep a local version", "in the library; imports leave it alone, the file stays as it is"),
        )
    else:
        changed = ", which has changed since then" if home.file_changed else ""
        text = f"This post has a local version since {home.local_since:%Y-%m-%d}. It came from {file}{changed}."
        replies = (
            Reply(LOCAL, "Edit the local version"),
            Reply(RELEASE, "Take the text of the file", "the local version goes into the revisions"),
        )
    return AskScreen(services, title, text, (*replies, Reply("", "Cancel")))


async def _edit_file(app: App[Any], services: Services, post: Post, file: Path) -> bool:
    try:
        run_editor(app, file, is_draft=False)
    except EditorError as error:
        raise EditorError(f"{error} The next import takes in what {file} holds by then.") from error
    report = await services.writer.run(lambda library: library.editing.import_file(post))
    return await _tell_report(app, services, file, report)


async def _edit_text(app: App[Any], services: Services, post: Post) -> bool:
    draft = await services.reader.run(lambda library: library.editing.begin(post))
    return await _edit_draft(app, services, draft) is not None


async def _edit_draft(app: App[Any], services: Services, draft: Draft) -> str | None:
    """The slug of the post that was saved; None for none, of which the user was told."""
    while True:
        try:
            run_editor(app, draft.path)
        except KbtuiError as error:
            raise await _abandoned(services, draft, error) from error
        try:
            post = await services.writer.run(lambda library: _finish(library, draft))
        except EditNotSavedError as error:
            if not isinstance(error.cause, EditRefusedError):
                raise
            again = Reply(AGAIN, "Edit it again")
            if await app.push_screen_wait(_not_saved(services, error, again, CLOSE)) != AGAIN:
                return None
        else:
            text = NOTHING if post is None else f"Saved “{shorten(post.title, 60)}” as revision {post.saves}."
            app.notify(text, markup=False)
            return None if post is None else post.slug


async def _abandoned(services: Services, draft: Draft, cause: KbtuiError) -> KbtuiError:
    return await services.reader.run(lambda library: library.editing.abandoned(draft, cause))


def _finish(library: Library, draft: Draft) -> Post | None:
    saved = library.editing.finish(draft)
    return None if saved is None or saved.outcome == "unchanged" else library.posts.get(saved.slug)


async def _tell_report(app: App[Any], services: Services, file: Path, report: ImportReport) -> bool:
    """Say what came of taking a file in; whether anything changed."""
    if report.refused:
        text = f"{file} was not taken in: {report.refused[0].reason}. The library has what it had before."
        await app.push_screen_wait(AskScreen(services, "Not taken in", text))
    elif report.warnings:
        text = f"{file} was taken in, but not all of it was understood: {report.warnings[0].reason}."
        await app.push_screen_wait(AskScreen(services, "Taken in", text))
    else:
        app.notify(f"Took {shorten(file.name, 60)} in again." if report.changed else NOTHING, markup=False)
    return report.changed > 0


async def _tell_failure(app: App[Any], services: Services, error: KbtuiError) -> None:
    await app.push_screen_wait(_not_saved(services, error, CLOSE))


def _not_saved(services: Services, error: KbtuiError, *replies: Reply) -> AskScreen:
    return AskScreen(services, "Not saved", str(error), replies)
