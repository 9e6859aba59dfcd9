"""Working through checklists in the app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from kbtui import open_library
from kbtui.core.checklists.run import ChecklistRun, RunState, StepState
from kbtui.core.importing import ImportRequest
from kbtui.library import Library
from kbtui.tui.app import KbtuiApp
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.ask import AskScreen, LineScreen, TextScreen
from kbtui.tui.screens.copying import CopyScreen
from kbtui.tui.screens.run import RunScreen
from kbtui.tui.screens.runs import RunsScreen
from kbtui.tui.screens.starting import StartScreen
from kbtui.tui.services import Services
from tests.factories import FixedClock
from tests.tui.articles import press, read
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text, type_text
from tests.tui.dialogs import notices, shown, until

RELEASE = """# Release

What we do for a release.

## Before

- [ ] Tag it

  ```sh
  git tag <version>
  ```
- [ ] Verify the tag
- [ ] Ask Ann

## After

- [ ] Tell Ben
"""
PLAIN = "# Plain\n\n1. first\n2. second\n\n## Later\n\n1. third\n2. fourth\n"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])

Compare = Callable[..., bool]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of a post with a checklist, one with plain lists, and one without any."""
    posts = tmp_path / "posts"
    posts.mkdir()
    for name, text in (("release", RELEASE), ("plain", PLAIN), ("none", "# None\n\nNothing to do.\n")):
        (posts / f"{name}.md").write_text(text)
    return import_folder(tmp_path / "library", posts)


def ask(folder: Path, question: Callable[[Library], object]) -> None:
    """Have something done by another process, as it were."""
    with open_library(folder) as library:
        question(library)


def only_run(folder: Path) -> ChecklistRun:
    """The only run there is, as it is on disk."""
    with open_library(folder) as library:
        (info,) = library.checklists.runs()
        return library.checklists.run(info.id)


def states(folder: Path) -> list[str]:
    return [step.state.value for step in only_run(folder).steps]


async def begin_run(pilot: Pilot[None], slug: str = "release") -> RunScreen:
    """Open the post and start its checklist."""
    await read(pilot, slug)
    await press(pilot, "c")
    return await shown(pilot, RunScreen)


def services(pilot: Pilot[None]) -> Services:
    assert isinstance(pilot.app, KbtuiApp)
    return pilot.app.services


def rows(screen: RunScreen) -> list[str]:
    """The lines of the steps without what stands at their right."""
    return [line.strip().split("   ")[0] for line in screen.steps.shown]


async def answer(pilot: Pilot[None], text: str) -> None:
    """Type a line into the dialog that is shown, and give it."""
    screen = await shown(pilot, LineScreen)
    screen.query_one(Input).value = text
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
    await at_rest(pilot)


async def test_a_run_from_its_start_to_its_end(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        assert rows(screen) == [
            "Before",
            "☐ 1. Tag it",
            "☐ 2. Verify the tag",
            "☐ 3. Ask Ann",
            "After",
            "☐ 4. Tell Ben",
        ]
        assert "git tag <version>" in "\n".join(screen.details.lines)
        await press(pilot, "space")
        assert states(folder) == ["done", "todo", "todo", "todo"]
        assert screen.steps.current is not None and screen.steps.current.number == 2
        await pilot.press("j", "s")
        await answer(pilot, "she is away")
        await pilot.press("x")
        await answer(pilot, "no mail")
        assert states(folder) == ["done", "todo", "skipped", "failed"]
        assert only_run(folder).steps[2].reason == "she is away"
        assert rows(screen)[3] == "– 3. Ask Ann" and rows(screen)[5] == "✗ 4. Tell Ben"
        assert shown_text(pilot, "#title").splitlines()[1].startswith("3/4 ")
        await pilot.press("f")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await at_rest(pilot)
        assert screen.steps.current.number == 2 and only_run(folder).info.state is RunState.OPEN
        await pilot.press("space")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("f")
        await shown(pilot, AskScreen)
        assert "2 done, 1 skipped, 1 failed in" in shown_text(pilot, "#text")
        assert "skipped: 3: Ask Ann (she is away)\nfailed: 4: Tell Ben (no mail)" in shown_text(pilot, "#text")
        await pilot.press("enter")
        await at_rest(pilot)
        assert only_run(folder).info.state is RunState.DONE
        assert notices(pilot)[-1].startswith("Finished: 2 done, 1 skipped, 1 failed in")


@SIZES
async def test_the_step_is_beside_the_steps_or_below_them(folder: Path, size: tuple[int, int]) -> None:
    async with make_app(folder).run_test(size=size) as pilot:
        screen = await begin_run(pilot)
        steps, step = screen.steps.region, screen.details.region
        assert (step.x >= steps.right) if size[0] >= 100 else (step.y >= steps.bottom)


async def test_a_gate_that_is_not_confirmed_stays_open_and_no_reason_is_no_skip(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await pilot.press("j", "space")
        await shown(pilot, AskScreen)
        await pilot.press("escape")
        await at_rest(pilot)
        await pilot.press("space")
        await shown(pilot, AskScreen)
        await pilot.press("down", "enter")
        await at_rest(pilot)
        assert set(states(folder)) == {"todo"}
        await pilot.press("s")
        await shown(pilot, LineScreen)
        await pilot.press("space", "enter", "escape")
        await at_rest(pilot)
        assert set(states(folder)) == {"todo"}


async def test_a_tick_is_taken_back_and_stays_visible(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        await press(pilot, "space", "k", "space")
        assert states(folder)[0] == "todo"
        await press(pilot, "space", "k", "u")
        assert states(folder)[0] == "todo" and rows(screen)[1] == "☐ 1. Tag it"
        assert [event.kind.value for event in only_run(folder).events] == ["done", "undone", "done", "undone"]


async def test_a_note_and_evidence_are_kept(folder: Path) -> None:
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        screen = await begin_run(pilot)
        await pilot.press("n")
        await answer(pilot, "took long")
        await pilot.press("v")
        dialog = await shown(pilot, TextScreen)
        dialog.query_one(TextArea).text = "line 1\nline \x1b[31m2\n"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        await at_rest(pilot)
        (step, *_) = only_run(folder).steps
        assert [note.text for note in step.notes] == ["took long"] and len(step.evidence) == 1
        details = "\n".join(screen.details.lines)
        assert "…" not in details
        assert "took long" in details and "line ␛[31m2" in details and "\x1b" not in details


async def test_evidence_beyond_the_limit_is_refused_with_the_limit_named(folder: Path) -> None:
    app = make_app(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await pilot.press("v")
        dialog = await shown(pilot, TextScreen)
        area = dialog.query_one(TextArea)
        app.post_message(Paste("é" * 500_001))
        await until(pilot, lambda: any("text is larger than 1 MB" in notice for notice in notices(pilot)))
        assert not area.text
        app.post_message(Paste("é" * 1_000))
        await until(pilot, lambda: area.text == "é" * 1_000)
        area.text = "x" * 1_000_001
        await pilot.press("ctrl+s")
        await until(pilot, lambda: any("evidence is larger than 1 MB" in notice for notice in notices(pilot)))
        assert not only_run(folder).steps[0].evidence


async def test_a_run_goes_on_after_a_restart(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await press(pilot, "space")
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        assert notices(pilot) == ["Under way: “Release”. Escape, then 3, leads there."]
        await press(pilot, "escape", "3")
        room = await shown(pilot, RunsScreen)
        await until(pilot, lambda: room.choices.option_count == 1)
        assert "Release" in shown_text(pilot, "#choices") and "1/4" in shown_text(pilot, "#choices")
        await pilot.press("enter")
        screen = await shown(pilot, RunScreen)
        await until(pilot, lambda: len(screen.steps.shown) == 6)
        await at_rest(pilot)
        assert rows(screen)[1] == "☑ 1. Tag it"
        assert screen.steps.current is not None and screen.steps.current.number == 2
        await press(pilot, "3")
        assert pilot.app.screen is room


async def test_starting_again_goes_on_with_the_open_run(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        await press(pilot, "o")
        await shown(pilot, ArticleScreen)
        await press(pilot, "c")
        assert pilot.app.screen is screen
        assert len(only_run(folder).steps) == 4


async def test_two_apps_on_one_run_see_each_other(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as one:
        first = await begin_run(one)
        async with make_app(folder).run_test(size=(120, 40)) as other:
            await at_rest(other)
            other.app.push_screen(RunScreen(services(other), first.run_id))
            second = await shown(other, RunScreen)
            await at_rest(other)
            await press(other, "space")
            await until(one, lambda: rows(first)[1] == "☑ 1. Tag it")
            await press(one, "j", "j", "space")
            await until(other, lambda: rows(second)[3] == "☑ 3. Ask Ann")


async def test_what_another_terminal_marked_is_not_overwritten(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        ask(folder, lambda library: library.checklists.skip(screen.run_id, 1, "by another"))
        await press(pilot, "space")
        await until(pilot, lambda: any("marked skipped" in notice for notice in notices(pilot)))
        assert rows(screen)[1] == "– 1. Tag it" and states(folder)[0] == "skipped"


async def test_a_changed_checklist_is_shown_step_by_step_before_it_starts(folder: Path) -> None:
    def finished(library: Library) -> None:
        run = library.checklists.start("release")
        library.checklists.skip(run.info.id, 1, "no")
        for step in (2, 3, 4):
            library.checklists.done(run.info.id, step)
        library.checklists.finish(run.info.id)
        posts = folder.parent / "posts"
        (posts / "release.md").write_text(RELEASE.replace("Ask Ann", "Ask Anna").replace("git tag", "git tag -s"))
        library.importing.run(ImportRequest(posts))

    ask(folder, finished)
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await read(pilot, "release")
        await pilot.press("c")
        dialog = await shown(pilot, StartScreen)
        await until(pilot, lambda: len(dialog.told.lines) > 5)
        told = [line.strip() for line in dialog.told.lines]
        assert "~ Tag it" in told and "+ git tag -s <version>" in told
        assert "- Ask Ann" in told and "+ Ask Anna" in told and not any("under" in line for line in told)
        assert "… 1 step as before" in told
        assert "skipped 1× Tag it" in told and any(line.startswith("Run 1 time before") for line in told)
        await pilot.press("escape")
        await shown(pilot, ArticleScreen)
        await pilot.press("c")
        await shown(pilot, StartScreen)
        await pilot.press("enter")
        screen = await shown(pilot, RunScreen)
        await until(pilot, lambda: "☐ 3. Ask Anna" in rows(screen))


async def test_plain_lists_are_a_choice_and_a_post_without_any_says_so(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await read(pilot, "none")
        await press(pilot, "c")
        assert notices(pilot)[-1] == "This post has no list that could be a checklist."
        await press(pilot, "escape")
        await read(pilot, "plain")
        await pilot.press("c")
        await shown(pilot, AskScreen)
        assert shown_text(pilot, "#choices").splitlines() == [
            "Start the numbered list",
            "  2 steps, the first: first",
            "Start the numbered list under “Later”",
            "  2 steps, the first: third",
        ]
        await pilot.press("down", "enter")
        screen = await shown(pilot, RunScreen)
        await until(pilot, lambda: rows(screen) == ["Later", "☐ 1. third", "☐ 2. fourth"])


async def test_placeholders_are_filled_in_once_for_a_run(folder: Path) -> None:
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        screen = await begin_run(pilot)
        await pilot.press("y")
        await shown(pilot, CopyScreen)
        await type_text(pilot, "v1")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RunScreen))
        assert pilot.app.clipboard == "git tag v1"
        await until(pilot, lambda: "git tag v1" in "\n".join(screen.details.lines))


async def test_a_run_is_abandoned_with_a_reason_and_takes_no_change_then(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await pilot.press("a")
        await answer(pilot, "wrong day")
        run = only_run(folder)
        assert (run.info.state, run.reason) == (RunState.ABANDONED, "wrong day")
        assert shown_text(pilot, "#standing") == "Abandoned: wrong day"
        await press(pilot, "space")
        assert only_run(folder).steps[0].state is StepState.TODO
        await press(pilot, "Y")
        assert "wrong day" in pilot.app.clipboard


async def test_a_run_stands_when_its_post_is_gone(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        posts = folder.parent / "posts"
        (posts / "release.md").unlink()
        ask(folder, lambda library: library.importing.run(ImportRequest(posts, prune=True)))
        await until(pilot, lambda: "no longer in the library" in shown_text(pilot, "#standing"))
        await press(pilot, "space", "o")
        assert notices(pilot)[-1].endswith("post is no longer in the library.")
        assert pilot.app.screen is screen and states(folder)[0] == "done"


def test_a_run_that_ended(folder: Path, clock: FixedClock, snap_compare: Compare) -> None:
    """See `test_looks` for how to renew the picture."""
    with open_library(folder, clock=clock) as library:
        run_id = library.checklists.start("release").info.id
        library.checklists.done(run_id, 1)
        library.checklists.skip(run_id, 3, "she is away")
        library.checklists.fail(run_id, 4, "the mail server is down")
        clock.at += timedelta(minutes=8)
        library.checklists.abandon(run_id, "the tag is wrong")

    async def show(pilot: Pilot[None]) -> None:
        await at_rest(pilot)
        pilot.app.push_screen(RunScreen(services(pilot), run_id))
        await at_rest(pilot)

    assert snap_compare(make_app(folder), terminal_size=(120, 30), run_before=show)
