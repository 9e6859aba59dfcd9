"""The history of a post as `show` prints it: the list of its revisions, and what changed between two."""

from __future__ import annotations

from kbtui.cli import narration, output
from kbtui.core.errors import UsageError
from kbtui.core.post import Json
from kbtui.core.revisions import RevisionInfo
from kbtui.library import Library


def write_list(library: Library, slug: str, *, as_json: bool) -> None:
    """The revisions of a post, newest first: a line each, or one array."""
    found = library.revisions.of(slug)
    if as_json:
        output.document([_document(revision) for revision in found])
        return
    rows = [
        (
            revision.number,
            revision.saved_at.strftime("%Y-%m-%d %H:%M:%SZ"),
            revision.origin.value,
            revision.size,
            "current" if revision.is_current else "",
            revision.title,
            f"{revision.who}: {revision.why}" if revision.why else "",
        )
        for revision in found
    ]
    output.table(rows, ("revision", "saved", "by", "characters", "", "title", "why"))


def write_diff(library: Library, slug: str, asked: str) -> None:
    """The unified diff that `N`, `N:M` or an empty text asks for. Raises `UsageError` for anything else."""
    older, newer = _numbers(library, slug, asked)
    lines = library.revisions.compare(slug, older, newer)
    if lines:
        output.text("\n".join(lines) + "\n")
    else:
        narration.say(f"Revisions {older} and {newer} say the same.")


def _numbers(library: Library, slug: str, asked: str) -> tuple[int, int]:
    """The two revisions to compare; one number means against the current one, none the last two."""
    current = library.posts.get(slug).saves
    if not asked:
        if current == 1:
            raise UsageError(f"The post {slug!r} has one revision only; there is nothing to compare it with.")
        return current - 1, current
    older, colon, newer = asked.partition(":")
    if not older.isdecimal() or (colon and not newer.isdecimal()):
        raise UsageError("--diff takes a revision N, or two of them as N:M.")
    return int(older), int(newer) if colon else current


def _document(revision: RevisionInfo) -> dict[str, Json]:
    return {
        "revision": revision.number,
        "saved_at": revision.saved_at.isoformat(),
        "origin": revision.origin.value,
        "characters": revision.size,
        "current": revision.is_current,
        "title": revision.title,
        "who": revision.who,
        "why": revision.why,
    }
