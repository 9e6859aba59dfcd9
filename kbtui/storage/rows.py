"""Posts to rows and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from kbtui.core.freshness import GoodRun
from kbtui.core.listing import title_key
from kbtui.core.post import Json, Post, PostSummary, content_hash, from_document, to_document
from kbtui.core.text import storable

Row = dict[str, Any]
Value = TypeVar("Value")

# What stands in the slim row already, and the body that has a column of its own.
_NOT_METADATA = ("body", "slug", "source", "path")

# The time sorts as text and has no blank in it; a partial index holds both.
_GOOD_RUN = (
    "(SELECT run.finished_at || ' ' || run.who FROM checklist_runs AS run WHERE run.source = posts.source "
    "AND run.path = posts.path AND run.state = 'done' AND run.failed = 0 ORDER BY run.finished_at DESC LIMIT 1)"
)

POST_COLUMNS = (
    "id, slug, source, path, title, topic, summary, stack, tools, saves, created_at, updated_at, metadata, body, "
    f"{_GOOD_RUN} AS good_run"
)
"""Of `posts` and `post_texts`: what a post is made of, and what is left of it where its metadata is damaged."""

SUMMARY_COLUMNS = (
    "id, slug, title, source, path, topic, summary, stack, tools, language, difficulty, status, last_reviewed, "
    f"needs_review, checklist_items, views, quality, minutes, updated_at, {_GOOD_RUN} AS good_run"
)


def dump(value: Json) -> str:
    """Canonical JSON, without the characters that SQLite or UTF-8 cannot hold."""
    return storable(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False))


def storable_post(post: Post) -> Post:
    """The post as it can be stored: lone surrogates, which UTF-8 cannot hold, become U+FFFD."""
    written = json.dumps(to_document(post), ensure_ascii=False)
    if written.isascii() or (repaired := storable(written)) == written:
        return post
    return from_document(json.loads(repaired))


def stored_hash(post: Post) -> str:
    """The hash that is kept beside a post and verified by `doctor`."""
    return content_hash(to_document(post))


def post_row(post: Post) -> Row:
    """The slim row of a post: what lists show, sort and filter by."""
    reviewed = post.revision.last_reviewed
    return {
        "slug": post.slug,
        "source": post.source,
        "path": post.path,
        "title": post.title,
        "title_key": title_key(post.title),
        "topic": post.topic,
        "summary": post.summary,
        "stack": dump(list(post.stack)),
        "tools": dump(list(post.tools)),
        "language": post.language,
        "difficulty": post.difficulty,
        "status": post.revision.status,
        "last_reviewed": None if reviewed is None else reviewed.isoformat(),
        "needs_review": int(post.needs_review),
        "checklist_items": len(post.checklist),
        "views": post.views,
        "quality": post.score.quality,
        "minutes": post.minutes,
        "content_hash": stored_hash(post),
    }


def text_row(post: Post) -> Row:
    """The heavy row of a post: all its metadata as JSON, and its body."""
    document = to_document(post)
    return {
        "metadata": dump({k: v for k, v in document.items() if k not in _NOT_METADATA}),
        "body": post.body,
    }


def row_to_post(row: Row) -> Post:
    """The post of a row of `POST_COLUMNS`. Raises ValueError, KeyError, TypeError or AttributeError if damaged."""
    document = json.loads(row["metadata"])
    for key in _NOT_METADATA:
        document[key] = row[key]
    post = from_document(document)
    # Set on the fresh value, which nobody else has yet: to copy it would take as long as to make it.
    object.__setattr__(post, "id", row["id"])
    object.__setattr__(post, "saves", row["saves"])
    object.__setattr__(post, "created_at", read_time(row["created_at"]))
    object.__setattr__(post, "updated_at", read_time(row["updated_at"]))
    object.__setattr__(post, "good_run", _good_run(row.get("good_run")))
    return post


def readable_post(row: Row) -> Post:
    """The post of a joined row; of a damaged one, what its columns still hold. `doctor` tells which are damaged."""
    try:
        return row_to_post(row)
    except (AttributeError, KeyError, TypeError, ValueError):
        return Post(
            id=row["id"],
            slug=row["slug"],
            title=row["title"],
            source=row["source"],
            path=row["path"],
            topic=row["topic"],
            summary=row["summary"],
            stack=read_texts(row["stack"]),
            tools=read_texts(row["tools"]),
            body=row["body"],
            saves=row["saves"],
            updated_at=_or_none(read_time, row["updated_at"]),
            good_run=_good_run(row.get("good_run")),
        )


def row_to_summary(row: Row) -> PostSummary:
    """The summary of a slim row. What is damaged in it is left out, so that one bad row never spoils a list."""
    return PostSummary(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        source=row["source"],
        path=row["path"],
        topic=row["topic"],
        summary=row["summary"],
        stack=read_texts(row["stack"]),
        tools=read_texts(row["tools"]),
        language=row["language"],
        difficulty=row["difficulty"],
        status=row["status"],
        last_reviewed=_or_none(date.fromisoformat, row["last_reviewed"]),
        needs_review=bool(row["needs_review"]),
        checklist_items=row["checklist_items"],
        views=row["views"],
        quality=row["quality"],
        minutes=row["minutes"],
        updated_at=_or_none(read_time, row["updated_at"]),
        good_run=_good_run(row["good_run"]),
    )


def read_texts(written: str) -> tuple[str, ...]:
    """A list of texts as it was written; none where that is damaged."""
    try:
        values = json.loads(written)
    except ValueError:
        return ()
    return tuple(map(str, values)) if isinstance(values, list) else ()


def _good_run(written: str | None) -> GoodRun | None:
    at, _, who = (written or "").partition(" ")
    time = _or_none(read_time, at or None)
    return None if time is None else GoodRun(time.date(), who)


def _or_none(read: Callable[[str], Value], text: str | None) -> Value | None:
    try:
        return None if text is None else read(text)
    except ValueError:
        return None


def write_time(time: datetime) -> str:
    """A time as text that sorts by time."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def read_time(text: str) -> datetime:
    """The time that `write_time` wrote."""
    return datetime.fromisoformat(text)
