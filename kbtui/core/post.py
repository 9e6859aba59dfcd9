"""A post: what an engineer reads, with every field of its metadata box. Values only; changing one gives a new one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from kbtui.core.freshness import GoodRun, KnownGood, known_good

Json: TypeAlias = Any
"""None, bool, int, float, str, or lists and string-keyed objects of these."""

WORDS_PER_MINUTE = 200


@dataclass(frozen=True, slots=True)
class Score:
    """The author's or a reviewer's figures for a post, each 0 to 100, None where nobody gave one."""

    quality: int | None = None
    freshness: int | None = None
    depth: int | None = None
    clarity: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What the author says of the text's state. Not the library's own count of saves, which is `Post.saves`."""

    status: str = ""
    version: str = ""
    last_reviewed: date | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that a post is about, with its kind: an alert, a stack, a problem."""

    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """Where a picture of a post comes from. kbtui shows the caption and the address, never the picture."""

    source: str = ""
    url: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. Text is Markdown. Nothing here was cleaned for the screen: see `core.text`."""

    title: str
    body: str = ""

    id: int = 0
    """The library's own number, 0 before the first save."""
    slug: str = ""
    """Unique in the library, given once and kept."""
    source: str = ""
    """Name of the source that the post came from."""
    path: str = ""
    """Place inside the source, `/` between parts; `file.jsonl#3` for an item of a file of many."""

    aliases: tuple[str, ...] = ()
    topic: str = ""
    summary: str = ""
    brief: str = ""
    outline: tuple[tuple[str, str], ...] = ()
    """Label and text of each line: context, problem, stack, recommended action."""
    stack: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    """Main language of the code in the post."""
    difficulty: str = ""
    reading_minutes: int | None = None
    views: int | None = None
    score: Score = Score()
    revision: Revision = Revision()
    reference: str = ""
    source_hash: str = ""
    """The hash that the source itself gives for the post; kbtui keeps it and computes its own beside it."""
    owner: str = ""
    flags: Mapping[str, bool] = field(default_factory=dict)
    checklist: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    images: tuple[Image, ...] = ()
    payload: Mapping[str, Json] = field(default_factory=dict)
    """What the generator or exporter noted about itself: source id, generator, seed."""
    notes: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()
    published: date | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    """Metadata that kbtui has no field for, kept as it came."""

    saves: int = 0
    """How often the library saved this post; 1 after the first time."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    good_run: GoodRun | None = None
    """The last run that went well, as the library knows it."""

    @property
    def known_good(self) -> KnownGood | None:
        """Since when the post is known to be good; None where nothing tells."""
        return known_good(self.revision.last_reviewed, self.good_run)

    @property
    def needs_review(self) -> bool:
        """Whether the post asks for a human before it is relied on."""
        return bool(self.flags.get("needs_human_review"))

    @property
    def minutes(self) -> int:
        """Reading time: the author's figure, else estimated from the body at 200 words a minute."""
        if self.reading_minutes is not None:
            return self.reading_minutes
        return max(1, round(len(self.body.split()) / WORDS_PER_MINUTE))

    def facets(self) -> list[tuple[str, str]]:
        """Every (facet, value) under which the post is counted and filtered; values folded to lower case."""
        many = {
            "stack": self.stack,
            "tool": self.tools,
            "tag": self.tags,
            "entity": [e.name for e in self.entities],
        }
        one = {
            "topic": self.topic,
            "language": self.language,
            "difficulty": self.difficulty,
            "status": self.revision.status,
            "source": self.source,
            "owner": self.owner,
        }
        pairs = [(name, value) for name, values in many.items() for value in values]
        pairs += list(one.items())
        folded = {(name, facet_value(value)): None for name, value in pairs}
        return [pair for pair in folded if pair[1]]


FACETS = ("topic", "stack", "tool", "tag", "language", "difficulty", "status", "source", "owner", "entity")
FACET_VALUE_LENGTH = 200


def facet_value(value: str) -> str:
    """A facet's value as it is compared: lower case, single spaces, at most 200 characters."""
    return " ".join(value.casefold().split())[:FACET_VALUE_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSummary:
    """What a list or a hit shows of a post, or of another document that was found; never holds the body."""

    id: int
    slug: str
    title: str
    source: str
    path: str
    topic: str = ""
    summary: str = ""
    stack: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    language: str = ""
    difficulty: str = ""
    status: str = ""
    last_reviewed: date | None = None
    needs_review: bool = False
    checklist_items: int = 0
    views: int | None = None
    quality: int | None = None
    minutes: int = 1
    updated_at: datetime | None = None
    kind: str = "post"
    """`post`; or `note`, whose slug is the id of a change note, whose status is its state, and whose id is below 0."""
    good_run: GoodRun | None = None

    @property
    def known_good(self) -> KnownGood | None:
        """Since when the post is known to be good; None where nothing tells."""
        return known_good(self.last_reviewed, self.good_run)


def summary_of(post: Post) -> PostSummary:
    """The summary of a whole post."""
    return PostSummary(
        id=post.id,
        slug=post.slug,
        title=post.title,
        source=post.source,
        path=post.path,
        topic=post.topic,
        summary=post.summary,
        stack=post.stack,
        tools=post.tools,
        language=post.language,
        difficulty=post.difficulty,
        status=post.revision.status,
        last_reviewed=post.revision.last_reviewed,
        needs_review=post.needs_review,
        checklist_items=len(post.checklist),
        views=post.views,
        quality=post.score.quality,
        minutes=post.minutes,
        updated_at=post.updated_at,
        good_run=post.good_run,
    )


def to_document(post: Post) -> dict[str, Json]:
    """The post as one JSON object: the shape of `show --json`, of revisions and of JSON exports.

    Every field is present, empty ones too, so that a script may rely on the keys.
    """
    return {
        "slug": post.slug,
        "title": post.title,
        "source": post.source,
        "path": post.path,
        "aliases": list(post.aliases),
        "topic": post.topic,
        "summary": post.summary,
        "brief": post.brief,
        "outline": [[label, text] for label, text in post.outline],
        "stack": list(post.stack),
        "tools": list(post.tools),
        "tags": list(post.tags),
        "language": post.language,
        "difficulty": post.difficulty,
        "reading_time": post.reading_minutes,
        "views": post.views,
        "score": {
            "quality": post.score.quality,
            "freshness": post.score.freshness,
            "depth": post.score.depth,
            "clarity": post.score.clarity,
        },
        "revision": {
            "status": post.revision.status,
            "version": post.revision.version,
            "last_reviewed": _iso(post.revision.last_reviewed),
        },
        "reference": post.reference,
        "hash": post.source_hash,
        "owner": post.owner,
        "flags": dict(post.flags),
        "checklist": list(post.checklist),
        "entities": [{"name": e.name, "type": e.type} for e in post.entities],
        "image_sources": [{"source": i.source, "url": i.url, "caption": i.caption} for i in post.images],
        "payload": dict(post.payload),
        "notes": list(post.notes),
        "similar": list(post.similar),
        "published": _iso(post.published),
        "extra": dict(post.extra),
        "body": post.body,
    }


def from_document(document: Mapping[str, Any]) -> Post:
    """The post that `to_document` gave. Raises KeyError, TypeError or ValueError for any other shape."""
    score, revision = document["score"], document["revision"]
    return Post(
        title=document["title"],
        body=document["body"],
        slug=document["slug"],
        source=document["source"],
        path=document["path"],
        aliases=tuple(document["aliases"]),
        topic=document["topic"],
        summary=document["summary"],
        brief=document["brief"],
        outline=tuple((label, text) for label, text in document["outline"]),
        stack=tuple(document["stack"]),
        tools=tuple(document["tools"]),
        tags=tuple(document["tags"]),
        language=document["language"],
        difficulty=document["difficulty"],
        reading_minutes=document["reading_time"],
        views=document["views"],
        score=Score(score["quality"], score["freshness"], score["depth"], score["clarity"]),
        revision=Revision(revision["status"], revision["version"], _date(revision["last_reviewed"])),
        reference=document["reference"],
        source_hash=document["hash"],
        owner=document["owner"],
        flags=document["flags"],
        checklist=tuple(document["checklist"]),
        entities=tuple(Entity(e["name"], e["type"]) for e in document["entities"]),
        images=tuple(Image(i["source"], i["url"], i["caption"]) for i in document["image_sources"]),
        payload=document["payload"],
        notes=tuple(document["notes"]),
        similar=tuple(document["similar"]),
        published=_date(document["published"]),
        extra=document["extra"],
    )


def content_hash(document: Mapping[str, Json]) -> str:
    """SHA-256, in hex, over the canonical JSON of a post's document: equal exactly when every field is."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def placed(post: Post, *, slug: str, source: str, path: str) -> Post:
    """The post under the identity that the library gives it."""
    return replace(post, slug=slug, source=source, path=path)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
