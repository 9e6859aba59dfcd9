"""Posts in the shape of the project's first article, as many as a load test needs, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from kbtui.core.post import Entity, Image, Post, Revision, Score
from kbtui.core.text import slugify
from kbtui.formats.structure import plain
from kbtui.formats.synthetic_text import Writer
from kbtui.formats.synthetic_words import (
    DIFFICULTIES,
    OWNERS,
    SCENARIOS,
    STACKS,
    STATUSES,
    TITLES,
    TOPICS,
    Draw,
    Stack,
    choose,
    pools,
)

_COMBINATIONS = len(TITLES) * len(TOPICS) * len(STACKS)
# Has no factor in common with the number of combinations, so that stepping by it meets each of them once.
_STRIDE = 17_389
_SUMMARY = (
    "this technical summary explains {topic} in {stack} {scenario}, with emphasis on measurement, "
    "safe defaults, rollback planning and maintainable documentation."
)
_BRIEF = (
    "the article lists operational checks for {service}, explains the reason for the change, "
    "and avoids pretending that one command fixes every {noun}."
)
_NOTES = (
    "view count is synthetic and only used for testing meta volume",
    "content is generated for import and load testing and should be reviewed before indexing",
)
_FIRST_DAY, _DAYS = date(2016, 1, 1), 3650
_SMALLEST, _SPREAD = 4_600, 1_400


def synthetic_posts(count: int, seed: int) -> Iterator[Post]:
    """`count` posts of 5 to 8 KB with all metadata, one at a time.

    The same seed gives the same posts in every version of Python; a post does not depend on how many are
    asked for. Titles are all different. The frequencies of words follow Zipf's law.
    """
    return (_post(index, seed) for index in range(count))


def synthetic_title(index: int, seed: int) -> str:
    """The title of the post at this place; no two places have the same."""
    return _subject(index, seed)[0]


def _post(index: int, seed: int) -> Post:
    digest = hashlib.sha256(f"{seed}/{index}".encode()).hexdigest()
    draw = Random(int(digest[:16], 16)).random  # noqa: S311 - for load tests, not for secrets
    title, topic, stack = _subject(index, seed)
    scenario = choose(SCENARIOS, draw)
    writer = Writer(draw, {"stack": stack.name, "topic": topic}, stack.tools)
    checks = writer.checks()
    body = writer.body(stack.language, _SMALLEST + int(draw() * _SPREAD), checks)
    published = _FIRST_DAY + timedelta(days=int(draw() * _DAYS))
    return Post(
        title=title,
        body=f"# {title}\n\n{body}",
        slug=slugify(title),
        path=f"posts/{index:06d}.md",
        aliases=(pools()["error"].pick(draw),),
        topic=f"{topic} / {stack.name}",
        summary=_SUMMARY.format(topic=topic, stack=stack.name, scenario=scenario),
        brief=writer.fill(_BRIEF),
        outline=(
            ("context", scenario),
            ("problem", topic),
            ("stack", stack.name),
            ("recommended action", "measure first, change carefully, document the result"),
        ),
        stack=tuple(dict.fromkeys((stack.name, stack.area, stack.language))),
        tools=stack.tools,
        tags=tuple(dict.fromkeys((stack.area, topic.split(" ")[0], choose(OWNERS, draw)))),
        language=stack.language,
        difficulty=choose(DIFFICULTIES, draw),
        reading_minutes=3 + int(draw() * 18),
        views=int(10 ** (draw() * 6)),
        score=Score(*(40 + int(draw() * 60) for _ in range(4))),
        revision=_revision(draw, published),
        reference=f"syn-ref-{index:06d}-{int(draw() * 10_000):04d}",
        source_hash=digest[-24:],
        owner=choose(OWNERS, draw),
        flags=_flags(draw),
        checklist=tuple(plain(check) for check in checks),
        entities=(Entity(stack.name, "stack"), Entity(stack.area, "area"), Entity(topic, "problem")),
        images=(_image(digest, topic, stack),),
        payload={
            "source_id": f"synthetic-{index:06d}",
            "generator": "kbtui synth",
            "paragraphs": str(body.count("\n\n") + 1),
            "scenario": scenario,
            "seed": str(seed),
        },
        notes=_NOTES,
        similar=tuple(_similar(index, seed, draw)),
        published=published,
    )


def _revision(draw: Draw, published: date) -> Revision:
    return Revision(
        status=choose(STATUSES, draw),
        version=f"{1 + int(draw() * 3)}.{int(draw() * 12)}.{int(draw() * 9)}",
        last_reviewed=published + timedelta(days=int(draw() * 400)),
    )


def _flags(draw: Draw) -> dict[str, bool]:
    return {
        "ai_generated_style": True,
        "has_images": True,
        "image_heavy": draw() < 0.05,
        "needs_human_review": draw() < 0.15,
    }


def _subject(index: int, seed: int) -> tuple[str, str, Stack]:
    """Title, topic and stack: every combination once, then again as a next part."""
    part, place = divmod(index, _COMBINATIONS)
    place = (place * _STRIDE + seed) % _COMBINATIONS
    place, pattern = divmod(place, len(TITLES))
    stack, topic = divmod(place, len(TOPICS))
    title = TITLES[pattern].format(topic=TOPICS[topic], stack=STACKS[stack].name)
    return title + (f", part {part + 1}" if part else ""), TOPICS[topic], STACKS[stack]


def _similar(index: int, seed: int, draw: Draw) -> Iterator[str]:
    """Titles of up to three posts before this one."""
    for _ in range(min(index, int(draw() * 4))):
        yield synthetic_title(int(draw() * index), seed)


def _image(digest: str, topic: str, stack: Stack) -> Image:
    return Image(
        source="synthetic",
        url=f"https://images.example.org/{digest[:12]}?w=1200&q=80",
        caption=f"{topic} with {stack.name} visual reference 1",
    )
