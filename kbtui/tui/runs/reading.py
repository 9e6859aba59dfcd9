"""What the screens about runs ask the library. Each function takes longer than a key may: call it in the read lane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kbtui.core.checklists.history import PostStanding
from kbtui.core.checklists.run import ChecklistRun, Redline, RunInfo, RunStep
from kbtui.core.commands.rollback import rollback_text
from kbtui.core.errors import PostNotFoundError
from kbtui.core.post import Post
from kbtui.library import Library
from kbtui.tui.code_copy import CodeToCopy
from kbtui.tui.runs.lines import step_codes

FindPost: TypeAlias = Callable[[Library], Post]
"""Gives the post that a screen is about."""


@dataclass(frozen=True, slots=True)
class PostPlace:
    """Where in which post something is said."""

    slug: str
    position: float | None
    """0.0 to 1.0; None where it stands in no text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change that nobody decided on, with the step that it is about."""

    run: RunInfo
    step: RunStep
    redline: Redline


def read_run(library: Library, run_id: str) -> tuple[ChecklistRun, PostStanding]:
    """A run, and whether its post is what it began with. Raises `RunNotFoundError`."""
    run = library.checklists.run(run_id)
    return run, library.checklists.standing(run.info)


def post_of(library: Library, run: RunInfo) -> Post:
    """The post of a run; where it is gone its place alone, by which its runs and proposals are still found."""
    try:
        return library.posts.get(library.checklists.standing(run).slug)
    except PostNotFoundError:
        return Post(title=run.title, slug=run.slug, source=run.source, path=run.path)


def codes_of(library: Library, run: ChecklistRun, step: RunStep) -> list[CodeToCopy]:
    """The commands of a step as they are copied, with what is known for their placeholders."""
    post, values = post_of(library, run.info), library.checklists.values(run.info.id)
    known = {**library.reading.placeholder_values(post), **values}
    return step_codes(step.step, known, rollback_text(post.body, post.extra))


def place_of(library: Library, run: ChecklistRun, step: RunStep | None) -> PostPlace:
    """Where the post says now what the step says; else where it said so. Raises `PostNotFoundError`."""
    post = library.posts.get(library.checklists.standing(run.info).slug)
    if step is None or step.step.line < 0:
        return PostPlace(post.slug, None)
    steps = [each for found in library.checklists.found(post) for each in found.steps]
    lines = [each.line for each in steps if each == step.step] or [
        each.line for each in steps if each.text == step.step.text
    ]
    line = min(lines, key=lambda at: abs(at - step.step.line), default=step.step.line)
    return PostPlace(post.slug, min(1.0, line / (post.body.count("\n") + 1)))


def proposals_of(library: Library, post: Post) -> list[Proposal]:
    """The proposed changes of a post that nobody decided on, the oldest first."""
    found, runs = library.redlines.open(post), dict[str, ChecklistRun]()
    for info, _ in found:
        if info.id not in runs:
            runs[info.id] = library.checklists.run(info.id)
    return [Proposal(info, runs[info.id].steps[redline.step - 1], redline) for info, redline in found]
