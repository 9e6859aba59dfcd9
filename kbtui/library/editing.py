"""Writing posts here: a text goes out to an editor, and what comes back is checked and saved.

A text that cannot be saved is never lost: it lies in a file, which the error names.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

from kbtui.core.errors import (
    EditNotSavedError,
    EditRefusedError,
    KbtuiError,
    PostNotFoundError,
    RefusedFileError,
    RevisionNotFoundError,
    UsageError,
)
from kbtui.core.importing import ImportReport, ImportRequest, ParsedPost
from kbtui.core.ports import Clock, Drafts, EditStore, ImportLog, PostParser, PostStore, SavedPost
from kbtui.core.post import Post
from kbtui.core.revisions import Draft, Origin, PostHome
from kbtui.core.text import slugify
from kbtui.library.homes import Homes
from kbtui.library.importing import Importing
from kbtui.library.posts import get_post
from kbtui.library.revisions import WritePost


class Editing:
    """Writes posts and their former states back into the library."""

    def __init__(
        self,
        *,
        posts: PostStore,
        edits: EditStore,
        drafts: Drafts,
        homes: Homes,
        importing: Importing,
        log: ImportLog,
        parser: PostParser,
        write: WritePost,
        clock: Clock,
    ) -> None:
        self._posts = posts
        self._edits = edits
        self._drafts = drafts
        self._homes = homes
        self._importing = importing
        self._log = log
        self._parser = parser
        self._write = write
        self._clock = clock

    def home(self, post: Post) -> PostHome:
        """Where the text of a post is kept: its file, and whether there is a local version beside it."""
        return self._homes.of(post)

    def text(self, post: Post) -> str:
        """The post as Markdown with front matter, to be changed and given to `save`."""
        return self._write(post)

    # Through an editor

    def begin(self, post: Post) -> Draft:
        """A file with the post's text for an editor; `finish` takes it back."""
        text = self._write(post)
        return Draft(post.slug, self._drafts.keep(post.slug, text), text, post.saves)

    def begin_new(self, title: str) -> Draft:
        """A file with the beginning of a new post."""
        text = self._write(Post(title=title, body="\n"))
        slug = slugify(title)
        return Draft(slug, self._drafts.keep(slug, text), text, 0)

    def finish(self, draft: Draft) -> SavedPost | None:
        """Save what an editor made of a draft, which is then deleted; None where it is unchanged or empty.

        Raises `EditNotSavedError`, and the draft stays.
        """
        try:
            text = self._drafts.read(draft.path)
            if text is None or not text.strip() or text == draft.text:
                saved = None
            elif draft.based_on:
                saved = self._revise(draft.slug, text, draft.based_on)
            else:
                saved = self._add(text)
        except KbtuiError as error:
            raise _not_saved(error, draft.path, draft.slug if draft.based_on else "") from error
        self._drafts.discard(draft.path)
        return saved

    def abandoned(self, draft: Draft, cause: KbtuiError) -> KbtuiError:
        """The error to raise where an editor failed: `cause`, with the place of the draft where that was changed."""
        if self._drafts.read(draft.path) not in (None, draft.text):
            return _not_saved(cause, draft.path, draft.slug if draft.based_on else "")
        self._drafts.discard(draft.path)
        return cause

    # Without an editor

    def save(self, slug: str, text: str, based_on: int) -> SavedPost:
        """Save a changed text of the post whose revision it is `based_on`, as a local version where it has a source.

        The outcome is `updated` or `unchanged`. Raises `EditNotSavedError`, whose `cause` says why: an
        `EditConflictError` where the post was saved meanwhile, an `EditRefusedError` where the text is not sound.
        """
        try:
            return self._revise(slug, text, based_on)
        except KbtuiError as error:
            raise self._kept(text, slug, error) from error

    def create(self, text: str, title: str = "") -> SavedPost:
        """Save a new post; a `title` counts more than that in the text. Raises `EditNotSavedError`."""
        try:
            return self._add(text, title)
        except KbtuiError as error:
            raise self._kept(text, "", error) from error

    def discard(self, path: Path) -> None:
        """Delete a draft whose text was saved by other means; a file that is no draft is left alone."""
        self._drafts.discard(path)

    def restore(self, slug: str, number: int) -> SavedPost:
        """Save a former revision anew. Raises `PostNotFoundError` or `RevisionNotFoundError`."""
        post = get_post(self._posts, slug)
        former = self._edits.revision(post.id, number)
        if former is None:
            raise RevisionNotFoundError(slug, number)
        return self._save(post, former, based_on=post.saves, origin=Origin.RESTORE)

    # The file of a post

    def import_file(self, post: Post) -> ImportReport:
        """Take the file of a post in again, after it was edited. Raises `UsageError` where there is none."""
        found, source = self._homes.file_of(post.source, post.path), self._homes.source(post.source)
        if found is None or source is None:
            raise UsageError(f"The post {post.slug!r} has no file to take in; it is in the library alone.")
        return self._importing.run(ImportRequest(found.location, source.name))

    def release(self, slug: str) -> ImportReport:
        """Give a post with a local version back to its file, and take that in; the local text goes into the history.

        Raises `PostNotFoundError`, or `UsageError` where there is no local version or no file.
        """
        post = get_post(self._posts, slug)
        if self._edits.local_since(post.id) is None:
            raise UsageError(f"The post {slug!r} has no local version.")
        found, source = self._homes.file_of(post.source, post.path), self._homes.source(post.source)
        if found is None or source is None:
            raise UsageError(
                f"The file of {slug!r} is gone, so the local version is all there is; nothing was changed."
            )
        self._edits.release(post.id)
        # Else an unchanged file would be passed over.
        self._log.forget(source, [found.path])
        return self._importing.run(ImportRequest(found.location, source.name))

    def _revise(self, slug: str, text: str, based_on: int) -> SavedPost:
        post = get_post(self._posts, slug)
        read = self._read(text, slug)
        if read.names_itself and read.post.slug != slug:
            raise EditRefusedError(f"The slug of a post stays as it is; write `slug: {slug}` again, or leave it out.")
        return self._save(post, read.post, based_on=based_on, origin=Origin.EDIT)

    def _save(self, post: Post, content: Post, *, based_on: int, origin: Origin) -> SavedPost:
        content = replace(content, id=post.id, slug=post.slug)
        return self._edits.revise(
            content, self._clock(), based_on=based_on, origin=origin, local=not self._homes.is_own(post)
        )

    def _add(self, text: str, title: str = "") -> SavedPost:
        read = self._read(text, slugify(title) or "post")
        title = title or read.post.title
        slug = read.post.slug if read.names_itself else slugify(title)
        post = replace(read.post, title=title, slug=slug, source=self._homes.own_source().name)
        return self._edits.add(post, self._clock())

    def _read(self, text: str, slug: str) -> ParsedPost:
        """The post of a text, read as an import would read it, but without putting up with anything odd."""
        if not text.strip():
            raise EditRefusedError("The text is empty, so nothing was saved.")
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            raise EditRefusedError(f"Line {line} of the text is not UTF-8.") from error
        try:
            (read,) = [item for item in self._parser.parse(f"{slug}.md", data) if isinstance(item, ParsedPost)]
        except RefusedFileError as error:
            raise EditRefusedError(f"The text cannot be read: {error.reason}.") from error
        if read.warnings:
            raise EditRefusedError(f"The text would not be read as it is meant: {read.warnings[0]}.")
        return read

    def _kept(self, text: str, slug: str, cause: KbtuiError) -> EditNotSavedError:
        """The error for a text that was not saved, which is put into a file."""
        try:
            return _not_saved(cause, self._drafts.keep(slug, text), slug)
        except KbtuiError as error:
            return EditNotSavedError(cause, None, f"It could not be kept in a file either: {error}")


def _not_saved(cause: KbtuiError, draft: Path, slug: str) -> EditNotSavedError:
    verb = "new" if not slug or isinstance(cause, PostNotFoundError) else f"edit {shlex.quote(slug)}"
    again = f"kbtui {verb} --from-file {shlex.quote(str(draft))}"
    return EditNotSavedError(cause, draft, f"Your text is in {draft}; `{again}` tries it again.")
