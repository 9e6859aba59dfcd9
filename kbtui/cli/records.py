"""The JSON shapes of posts in lists and of hits. Scripts rely on their keys."""

from __future__ import annotations

from kbtui.core.freshness import KnownGood
from kbtui.core.post import Json, Post, PostSummary, to_document
from kbtui.core.searching.results import SearchHit, SimilarPost, TermMatch


def summary(post: PostSummary) -> dict[str, Json]:
    """A post of a list."""
    return {
        "kind": post.kind,
        "slug": post.slug,
        "title": post.title,
        "source": post.source,
        "path": post.path,
        "topic": post.topic,
        "summary": post.summary,
        "stack": list(post.stack),
        "tools": list(post.tools),
        "language": post.language,
        "difficulty": post.difficulty,
        "status": post.status,
        "last_reviewed": None if post.last_reviewed is None else post.last_reviewed.isoformat(),
        "needs_review": post.needs_review,
        "known_good": known_good(post.known_good),
        "views": post.views,
        "quality": post.quality,
        "minutes": post.minutes,
    }


def hit(found: SearchHit) -> dict[str, Json]:
    """A hit: its post, how well it matched, where, and whether only some of the words did.

    `marks` are start and end in the snippet, in characters.
    """
    return {
        **summary(found.post),
        "score": found.score,
        "snippet": found.snippet.text,
        "marks": [list(mark) for mark in found.snippet.marks],
        "partial": found.partial,
    }


def reason(match: TermMatch) -> dict[str, Json]:
    """A word of the query, as it stands in a post, how often in which field, and what that is worth."""
    return {"typed": match.typed, "found": match.found, "fields": dict(match.fields), "weight": match.weight}


def similar(found: SimilarPost) -> dict[str, Json]:
    """A post that is like another one, and what both have."""
    return {
        **summary(found.post),
        "score": found.score,
        "shared_tools": list(found.tools),
        "shared_words": list(found.words),
    }


def whole(post: Post) -> dict[str, Json]:
    """A whole post, with what the library itself knows of it."""
    return {
        "id": post.id,
        **to_document(post),
        "known_good": known_good(post.known_good),
        "saves": post.saves,
        "created_at": None if post.created_at is None else post.created_at.isoformat(),
        "updated_at": None if post.updated_at is None else post.updated_at.isoformat(),
    }


def known_good(known: KnownGood | None) -> Json:
    """Since when a post is known to be good and by what; None where nothing tells."""
    return None if known is None else {"since": known.since.isoformat(), "evidence": known.evidence}


def place(post: PostSummary) -> str:
    """Where a post came from, as one field of a line: `source/path`."""
    return f"{post.source}/{post.path}" if post.path else post.source
