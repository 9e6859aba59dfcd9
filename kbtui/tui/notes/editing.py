"""The text of a change note on its way through the user's editor, and what in it is not to be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App

from kbtui.core.errors import KbtuiError
from kbtui.core.notes.change_note import ChangeNote, NoteContent
from kbtui.core.revisions import Draft
from kbtui.core.secrets.scanning import find_secrets, mask_secrets
from kbtui.core.text import shorten
from kbtui.tui.lending import run_editor
from kbtui.tui.screens.ask import CLOSE, AskScreen, Reply
from kbtui.tui.services import Services

MASK, AS_IT_IS = "mask", "as it is"
MOST_FINDINGS = 6


async def edit_content(
    app: App[Any], services: Services, content: NoteContent, note: ChangeNote | None = None, based_on: int = 0
) -> ChangeNote | None:
    """Have the user change the text of a note, or of a new one; what was saved. What goes wrong is said."""
    note_id, revision = ("", 0) if note is None else (note.id, based_on or note.info.revision)
    draft = await services.reader.run(lambda library: library.note_drafts.begin(content, note_id, revision))
    try:
        try:
            run_editor(app, draft.path)
        except KbtuiError as error:
            raise await _abandoned(services, draft, error) from error
        is_masked = await _is_to_be_masked(app, services, draft)
        saved = await services.writer.run(lambda library: library.note_drafts.finish(draft, masked=is_masked))
    except KbtuiError as error:
        await app.push_screen_wait(AskScreen(services, "Not saved", str(error), [CLOSE]))
        return None
    app.notify(
        "Nothing was changed." if saved is None else f"Saved “{shorten(saved.content.title, 60)}”.", markup=False
    )
    return saved


async def _abandoned(services: Services, draft: Draft, cause: KbtuiError) -> KbtuiError:
    return await services.reader.run(lambda library: library.note_drafts.abandoned(draft, cause))


async def _is_to_be_masked(app: App[Any], services: Services, draft: Draft) -> bool:
    """Whether what looks like a secret in what was written is to be masked: asks where there is something."""
    found = await services.reader.run(lambda library: find_secrets(library.note_drafts.written(draft)))
    if not found:
        return False
    told = [f"Line {each.line}: {each.rule}" for each in found]
    return await _asked(app, services, told) != AS_IT_IS


async def _asked(app: App[Any], services: Services, told: list[str]) -> str | None:
    more = [f"and {len(told) - MOST_FINDINGS} more"] if len(told) > MOST_FINDINGS else []
    text = "\n".join([*told[:MOST_FINDINGS], *more, "", "What is kept in a note stays in its revisions."])
    replies = [Reply(MASK, "Mask it"), Reply(AS_IT_IS, "Keep it as it is")]
    return await app.push_screen_wait(AskScreen(services, "This looks like a secret", text, replies))


async def without_secrets(app: App[Any], services: Services, texts: Mapping[str, str]) -> dict[str, str] | None:
    """Texts by their names as they are to be kept; asks where something in them looks like a secret.

    None to keep nothing.
    """
    found = await services.reader.run(lambda _: {name: find_secrets(text) for name, text in texts.items()})
    told = [f"{name}, line {each.line}: {each.rule}" for name, findings in found.items() for each in findings]
    if not told:
        return dict(texts)
    answer = await _asked(app, services, told)
    if answer is None:
        return None
    return {name: mask_secrets(text) for name, text in texts.items()} if answer == MASK else dict(texts)
