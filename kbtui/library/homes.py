"""Where the text of a post is kept: in the file that it came from, or in the library alone."""

from __future__ import annotations

import os
from pathlib import Path

from kbtui.core.errors import RefusedFileError
from kbtui.core.importing import FoundFile, ParsedPost, Source
from kbtui.core.ports import EditStore, ImportLog, PostParser, PostStore, SourceFiles
from kbtui.core.post import Post, placed
from kbtui.core.revisions import PostHome

OWN_SOURCE = "local"
OWN_ROOT = f"kbtui:{OWN_SOURCE}"
"""Stands for the root of the source of posts that are written here."""


class Homes:
    """Finds the files of posts."""

    def __init__(
        self, posts: PostStore, edits: EditStore, log: ImportLog, files: SourceFiles, parser: PostParser
    ) -> None:
        self._posts = posts
        self._edits = edits
        self._log = log
        self._files = files
        self._parser = parser

    def of(self, post: Post) -> PostHome:
        """Where the text of a post is kept. Looks at its file, and reads it where there is a local version."""
        found = self.file_of(post.source, post.path)
        since = self._edits.local_since(post.id)
        return PostHome(
            file=None if found is None else found.location,
            local_since=since,
            file_changed=found is not None and since is not None and self.says_else(post.source, post.path, found),
        )

    def source(self, name: str) -> Source | None:
        """The source with this name."""
        return next((source for source in self._log.sources() if source.name == name), None)

    def is_own(self, post: Post) -> bool:
        """Whether the post was written here, so that no import knows of it."""
        source = self.source(post.source)
        return source is not None and source.root == OWN_ROOT

    def own_source(self) -> Source:
        """The source of posts that are written here, made where there is none."""
        known = next((source for source in self._log.sources() if source.root == OWN_ROOT), None)
        return known or self._log.add_source(OWN_SOURCE, OWN_ROOT)

    def file_of(self, source_name: str, path: str) -> FoundFile | None:
        """The file at a post's place in its source; None where there is none that can be read."""
        source = self.source(source_name)
        if source is None or not Path(source.root).is_absolute():
            return None
        root = Path(source.root)
        if not _is_nameable(root / path):
            return None
        # An item of a file of many has a `#` behind the name of the file, which may hold one itself.
        while path and ".." not in path.split("/"):
            found = next(iter(self._files.walk(root, root / path, extensionless=True)), None)
            if found is not None and found.path == path and not found.refused and not found.skipped:
                return found
            path = path.rpartition("#")[0]
        return None

    def says_else(self, source_name: str, path: str, found: FoundFile) -> bool:
        """Whether the file gives something else for the post by now than when its local version began."""
        try:
            parsed = list(self._parser.parse(found.path, self._files.read(found)))
        except RefusedFileError:
            return True
        for item in parsed:
            place = f"{found.path}#{item.item}" if isinstance(item, ParsedPost) and item.item else found.path
            if isinstance(item, ParsedPost) and place == path:
                filed = placed(item.post, slug=item.post.slug, source=source_name, path=path)
                return self._posts.compare([filed])[0].outcome == "kept"
        return True


def _is_nameable(path: Path) -> bool:
    """Whether the locale has all characters of a path; that of POSIX has few."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
