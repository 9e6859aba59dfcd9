"""What the full-text index is told of a post."""

from __future__ import annotations

import re

from kbtui.core.post import Post
from kbtui.core.results import IndexDocument

_HEADING = re.compile(r"^#{1,6}[ \t](.*)$", re.MULTILINE)


def index_document(post: Post) -> IndexDocument:
    """Title, aliases and file name as names; headings and labels as keywords; summary, brief and body as text."""
    stem = post.path.rpartition("#")[0] or post.path
    stem = stem.rpartition("/")[2].rpartition(".")[0]
    labels = (
        post.topic,
        *post.tools,
        *post.stack,
        *post.tags,
        post.language,
        *(e.name for e in post.entities),
    )
    body = (
        post.summary,
        post.brief,
        *(text for _, text in post.outline),
        *post.checklist,
        *post.notes,
        post.body,
    )
    return IndexDocument(
        id=post.id,
        names=tuple(dict.fromkeys((post.title, *post.aliases, post.slug, *([stem] if stem else [])))),
        keywords=(*labels, *(heading.strip(" \t").rstrip("#") for heading in _HEADING.findall(post.body))),
        text="\n".join(part for part in body if part),
        facets=tuple(post.facets()),
    )
