"""What is shown of found documents, posts and change notes alike, by the keys that the index has for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kbtui.core.index_document import (
    NOTE_KIND,
    POST_KIND,
    IndexDocument,
    document_id,
    document_key,
    document_kind,
    index_document,
    index_note,
    note_text,
)
from kbtui.core.post import PostSummary
from kbtui.library.indexing import kept_beside

if TYPE_CHECKING:
    from kbtui.core.notes.change_note import ChangeNote
    from kbtui.core.ports import NoteStore, PostStore

NOTE_SOURCE = "notes"


class Found:
    """Reads what a page of hits shows."""

    def __init__(self, posts: PostStore, notes: NoteStore) -> None:
        self._posts = posts
        self._notes = notes

    def summaries(self, keys: Iterable[int]) -> dict[int, PostSummary]:
        """Summaries by key; missing ones left out."""
        posts, notes = _by_kind(keys)
        found = {document_key(post_id): summary for post_id, summary in self._posts.summaries(posts).items()}
        kept = self._notes.by_document_ids(notes) if notes else {}
        return found | {document_key(n, NOTE_KIND): summary_of_note(n, note) for n, note in kept.items()}

    def texts(self, keys: Iterable[int]) -> dict[int, str]:
        """What snippets are cut from, by key; missing ones left out."""
        posts, notes = _by_kind(keys)
        found = {document_key(post_id): body for post_id, body in self._posts.texts(posts).items()}
        kept = self._notes.by_document_ids(notes) if notes else {}
        return found | {
            document_key(number, NOTE_KIND): note_text(note, *kept_beside(self._notes, note))
            for number, note in kept.items()
        }

    def by_title(self, keys: Iterable[int], limit: int, offset: int) -> list[int]:
        """One page of these keys: posts by title, then notes by title."""
        posts, notes = _by_kind(keys)
        page = [document_key(post_id) for post_id in self._posts.by_title(posts, limit, offset)]
        if notes and len(page) < limit:
            rest = self._notes.documents_by_title(notes, limit - len(page), max(0, offset - len(posts)))
            page += [document_key(number, NOTE_KIND) for number in rest]
        return page

    def document(self, slug: str) -> IndexDocument | None:
        """The document of the post with this slug, or of the note with this id."""
        post = self._posts.find(slug)
        if post is not None:
            return index_document(post)
        number = self._notes.document_id(slug)
        note = None if number is None else self._notes.by_document_ids([number]).get(number)
        if number is None or note is None:
            return None
        return index_note(number, note, *kept_beside(self._notes, note))


def summary_of_note(number: int, note: ChangeNote) -> PostSummary:
    """What a hit shows of a note: its id as the slug, its state as the status."""
    content = note.content
    return PostSummary(
        # Below zero, where no post is: marks of posts are looked up by id.
        id=-number,
        kind=NOTE_KIND,
        slug=note.id,
        title=note.info.title,
        source=NOTE_SOURCE,
        path="",
        summary=content.reason.strip().partition("\n")[2].strip() or content.expected,
        stack=content.stack,
        tools=content.tools,
        status=note.info.state.value,
        updated_at=note.info.updated_at,
    )


def _by_kind(keys: Iterable[int]) -> tuple[Sequence[int], Sequence[int]]:
    """The ids of the posts and the numbers of the notes among the keys."""
    ids: dict[str, list[int]] = {POST_KIND: [], NOTE_KIND: []}
    for key in keys:
        ids[document_kind(key)].append(document_id(key))
    return ids[POST_KIND], ids[NOTE_KIND]
