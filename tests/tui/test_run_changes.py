"""Changes that are proposed for a step while working through a checklist, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from kbtui import open_library
from kbtui.core.checklists.run import RunStep
from kbtui.core.post import Post
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.ask import AskScreen, LineScreen, TextScreen
from kbtui.tui.screens.redlines import RedlinesScreen
from kbtui.tui.screens.run import RunScreen
from tests.tui.articles import press, read, title
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text
from tests.tui.dialogs import notices, shown, until

RELEASE = "# Release\n\n- [ ] Tag **it**\n- [ ] Tell Ben\n"
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=["80x24", "120x40", "200x50"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of one post with a checklist."""
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "release.md").write_text(RELEASE)
    return import_folder(tmp_path / "library", posts)


@pytest.fixture
def proposed(folder: Path) -> Path:
    """The same with a change proposed for each of its steps, in a run that goes on."""
    with open_library(folder) as library:
        run_id = library.checklists.start("release").info.id
        library.redlines.propose(run_id, 1, "Tag it and **sign** it")
        library.checklists.note(run_id, 1, "ask for the key")
        library.redlines.propose(run_id, 2, "Tell Ann")
    return folder


def post(folder: Path) -> Post:
    with open_library(folder) as library:
        return library.posts.get("release")


def steps(folder: Path) -> list[RunStep]:
    with open_library(folder) as library:
        (info,) = library.checklists.runs()
        return list(library.checklists.run(info.id).steps)


def states(folder: Path) -> list[str]:
    return [redline.state.value for step in steps(folder) for redline in step.redlines]


def save(folder: Path, text: str) -> None:
    """Save the post, as another terminal would."""
    with open_library(folder) as library:
        library.editing.save("release", text, library.posts.get("release").saves)


async def begin_run(pilot: Pilot[None]) -> RunScreen:
    await read(pilot, "release")
    await press(pilot, "c")
    screen = await shown(pilot, RunScreen)
    await at_rest(pilot)
    return screen


async def open_changes(pilot: Pilot[None]) -> RedlinesScreen:
    """Show the proposed changes of the post, from its page."""
    await read(pilot, "release")
    await press(pilot, "R")
    screen = await shown(pilot, RedlinesScreen)
    await until(pilot, lambda: bool(screen.change.lines))
    await at_rest(pilot)
    return screen


async def propose(pilot: Pilot[None], text: str | None) -> str:
    """Write a step as it should be, or keep what stands there; gives what stood there."""
    await pilot.press("r")
    dialog = await shown(pilot, TextScreen)
    area = dialog.query_one(TextArea)
    before = area.text
    if text is not None:
        area.text = text
    await pilot.press("ctrl+s")
    return before


@SIZES
async def test_a_change_is_proposed_for_the_step_under_the_cursor(folder: Path, size: tuple[int, int]) -> None:
    async with make_app(folder).run_test(size=size) as pilot:
        screen = await begin_run(pilot)
        assert await propose(pilot, "Tag it and **sign** it") == "Tag **it**"
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: "Tag it and **sign** it" in screen.details.lines)
        assert screen.steps.shown[0].endswith("change")
        assert states(folder) == ["open"]
        await press(pilot, "escape")
        await until(pilot, lambda: "1 proposed change" in title(pilot))


async def test_a_text_that_stays_as_it_is_proposes_nothing(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await propose(pilot, None)
        await until(pilot, lambda: notices(pilot)[-1:] == ["The text is as it was."])
        assert states(folder) == []


async def test_a_text_that_is_refused_is_there_to_be_shortened(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await begin_run(pilot)
        await propose(pilot, "x" * 10_001)
        await until(pilot, lambda: any("1 to 10,000 characters" in notice for notice in notices(pilot)))
        dialog = await shown(pilot, TextScreen)
        assert dialog.query_one(TextArea).text == "x" * 10_001
        await pilot.press("escape")
        await shown(pilot, RunScreen)
        assert states(folder) == []


@SIZES
async def test_a_change_is_shown_and_then_taken_into_the_post(proposed: Path, size: tuple[int, int]) -> None:
    async with make_app(proposed).run_test(size=size) as pilot:
        screen = await open_changes(pilot)
        assert {"-- [ ] Tag **it**", "+- [ ] Tag it and **sign** it", "ask for the key"} <= set(screen.change.lines)
        assert screen.change.region.bottom <= size[1] and screen.change.size.height > 5
        assert post(proposed).body == RELEASE
        await pilot.press("enter")
        await shown(pilot, AskScreen)
        assert "revision 2" in shown_text(pilot, "#text") and "local version" in shown_text(pilot, "#text")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen and len(screen.choices.options) == 1)
        assert post(proposed).body == RELEASE.replace("Tag **it**", "Tag it and **sign** it")
        assert states(proposed) == ["taken", "open"]
        assert "Took the change into “Release” as revision 2." in notices(pilot)
        await press(pilot, "escape")
        await until(pilot, lambda: "1 proposed change" in title(pilot) and "sign" in page_text(pilot))


def page_text(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    assert isinstance(screen, ArticleScreen)
    return "\n".join(strip.text for strip in screen.page.render_lines(screen.page.size.region))


async def test_a_change_is_not_taken_without_a_yes(proposed: Path) -> None:
    async with make_app(proposed).run_test(size=(80, 24)) as pilot:
        await open_changes(pilot)
        await pilot.press("t")
        await shown(pilot, AskScreen)
        await pilot.press("escape")
        await shown(pilot, RedlinesScreen)
        assert (post(proposed).saves, states(proposed)) == (1, ["open", "open"])


async def test_a_change_is_declined_with_a_reason(proposed: Path) -> None:
    async with make_app(proposed).run_test(size=(80, 24)) as pilot:
        await open_changes(pilot)
        await decline(pilot, "there is no key")
        await decline(pilot, "she knows")
        await until(pilot, lambda: isinstance(pilot.app.screen, ArticleScreen))
        await until(pilot, lambda: "proposed" not in title(pilot))
        assert (post(proposed).saves, states(proposed)) == (1, ["declined", "declined"])
        await press(pilot, "c")
        run = await shown(pilot, RunScreen)
        await until(pilot, lambda: any("there is no key" in line for line in run.details.lines))


async def decline(pilot: Pilot[None], reason: str) -> None:
    """Decline the change under the cursor; without a reason that does not go."""
    await pilot.press("d")
    dialog = await shown(pilot, LineScreen)
    await pilot.press("enter")
    assert pilot.app.screen is dialog
    dialog.query_one(Input).value = reason
    await pilot.press("enter")
    await until(pilot, lambda: pilot.app.screen is not dialog)
    await at_rest(pilot)


async def test_the_run_shows_the_changes_of_its_post(proposed: Path) -> None:
    async with make_app(proposed).run_test(size=(80, 24)) as pilot:
        screen = await begin_run(pilot)
        await press(pilot, "R")
        dialog = await shown(pilot, RedlinesScreen)
        await until(pilot, lambda: bool(dialog.change.lines))
        await pilot.press("enter")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await until(pilot, lambda: states(proposed) == ["taken", "open"])
        await shown(pilot, RedlinesScreen)
        await press(pilot, "escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await until(pilot, lambda: any("taken by" in line for line in screen.details.lines))
        assert "was changed since this run began" in shown_text(pilot, "#standing")


async def test_a_change_that_cannot_be_placed_says_why(proposed: Path) -> None:
    save(proposed, RELEASE.replace("Tag **it**", "Something else"))
    async with make_app(proposed).run_test(size=(80, 24)) as pilot:
        screen = await open_changes(pilot)
        assert "no such step any more" in " ".join(screen.change.lines)
        assert "+ Tag it and **sign** it" in screen.change.lines
        await press(pilot, "enter")
        assert notices(pilot)[-1].startswith("This change cannot be taken as it is")
        assert states(proposed) == ["open", "open"]


async def test_a_post_that_was_saved_meanwhile_is_not_overwritten(proposed: Path) -> None:
    async with make_app(proposed).run_test(size=(80, 24)) as pilot:
        await open_changes(pilot)
        save(proposed, RELEASE + "\nAnother paragraph.\n")
        await pilot.press("enter")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await until(pilot, lambda: "was saved meanwhile" in told(pilot))
        await pilot.press("enter")
        dialog = await shown(pilot, RedlinesScreen)
        await until(pilot, lambda: any("(revision 2)" in line for line in dialog.change.lines))
        assert states(proposed) == ["open", "open"]
        await pilot.press("enter")
        await shown(pilot, AskScreen)
        await pilot.press("enter")
        await until(pilot, lambda: states(proposed) == ["taken", "open"])
        assert post(proposed).body.endswith("Another paragraph.\n")


def told(pilot: Pilot[None]) -> str:
    """What the question that is shown says."""
    return shown_text(pilot, "#text") if isinstance(pilot.app.screen, AskScreen) else ""


async def test_a_post_without_proposals_says_so(folder: Path) -> None:
    async with make_app(folder).run_test(size=(80, 24)) as pilot:
        await read(pilot, "release")
        await press(pilot, "R")
        await until(pilot, lambda: notices(pilot)[-1:] == ["No change is proposed for this post."])
        await shown(pilot, ArticleScreen)
        assert "proposed" not in title(pilot)
