"""What the tests of dialogs share: waiting for something to be shown, and work that waits for an answer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker

from kbtui.core.post import Post
from kbtui.library import Library

Result = TypeVar("Result")
Shown = TypeVar("Shown", bound=Screen[Any])


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(1000):
        await pilot.pause(0.01)
        if holds():
            return
    raise AssertionError("it did not come to hold")


async def shown(pilot: Pilot[None], kind: type[Shown]) -> Shown:
    """The screen of this kind, as soon as it is the one that is shown and laid out."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    screen = pilot.app.screen
    assert isinstance(screen, kind)
    for _ in range(2):
        await pilot.pause()
    return screen


def begin(pilot: Pilot[None], work: Coroutine[Any, Any, Result]) -> Worker[Result]:
    """Work that may ask questions, under way in the app."""
    return pilot.app.run_worker(work, group="under test", exit_on_error=False)


async def result(pilot: Pilot[None], worker: Worker[Result]) -> Result:
    """What the work came to."""
    await until(pilot, lambda: worker.is_finished)
    if worker.error is not None:
        raise worker.error
    return cast("Result", worker.result)


def notices(pilot: Pilot[None]) -> list[str]:
    """What the app told in passing, oldest first."""
    return [notice.message for notice in pilot.app._notifications]


def stored(pilot: Pilot[None], question: Callable[[Library], Result]) -> Result:
    """What the library of the app answers."""
    app: Any = pilot.app
    answer: Result = app.services.writer.submit(question).result(10)
    return answer


def post_of(pilot: Pilot[None], slug: str) -> Post:
    """A post as the library has it now."""
    return stored(pilot, lambda library: library.posts.get(slug))
