"""Editing posts from within the app, with real editors: small scripts."""

from __future__ import annotations

import shlex
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from kbtui import open_library
from kbtui.core.importing import ImportRequest
from kbtui.library import Library
from kbtui.tui.editing import edit_post, new_post
from kbtui.tui.screens.ask import AskScreen, LineScreen
from tests.tui.conftest import at_rest, make_app, shown_text, type_text
from tests.tui.dialogs import begin, notices, post_of, result, shown, stored, until

SetEditor = Callable[[str], None]

BROKEN = "printf -- '---\\ntags: [\\n---\\n# Alpha\\n\\nprecious\\n' > \"$1\""
ADD_LINE = "printf 'A new line.\\n' >> \"$1\""


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetEditor:
    """Makes a shell script the editor; `$1` is the file. The driver of the tests lends its terminal."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)

    def set_editor(script: str) -> None:
        path = tmp_path / "an editor.sh"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("VISUAL", shlex.quote(str(path)))

    return set_editor


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """A library with one post that is in no file."""
    folder = tmp_path / "own"
    with open_library(folder) as library:
        library.editing.create("# Alpha\n\none\n")
        library.indexing.bring_up_to_date()
    return folder


def drafts(folder: Path) -> list[Path]:
    return list((folder / "drafts").glob("*"))


async def choose(pilot: Pilot[None], *keys: str) -> AskScreen:
    """Answer the question that is shown."""
    question = await shown(pilot, AskScreen)
    await pilot.press(*keys)
    await until(pilot, lambda: pilot.app.screen is not question)
    return question


async def test_a_post_of_the_library_is_edited_at_once(own_folder: Path, editor: SetEditor) -> None:
    editor(ADD_LINE)
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        assert await result(pilot, begin(pilot, edit_post(app, app.services, "alpha")))
        post = post_of(pilot, "alpha")
        assert (post.body, post.saves) == ("# Alpha\n\none\nA new line.\n", 2)
        await until(pilot, lambda: notices(pilot) == ["Saved “Alpha” as revision 2."])
        assert drafts(own_folder) == []
        found = stored(pilot, lambda library: library.search("line").hits)
        assert [hit.post.slug for hit in found] == ["alpha"]


async def test_what_was_not_changed_is_told_quietly(own_folder: Path, editor: SetEditor) -> None:
    editor("true")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        assert not await result(pilot, begin(pilot, edit_post(app, app.services, "alpha")))
        await until(pilot, lambda: notices(pilot) == ["Nothing was changed."])
        assert post_of(pilot, "alpha").saves == 1
        assert drafts(own_folder) == []


async def test_a_local_version_survives_the_next_import(library_folder: Path, editor: SetEditor) -> None:
    editor(ADD_LINE)
    file = library_folder.parent / "runbooks" / "redis-memory.md"
    before = file.read_text()
    app = make_app(library_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "redis-memory"))
        await shown(pilot, AskScreen)
        assert str(file) in shown_text(pilot, "#text")
        await choose(pilot, "down", "enter")
        assert await result(pilot, worker)
        assert file.read_text() == before
        file.write_text(before + "\nFrom the file.\n")
        stored(pilot, lambda library: library.importing.run(ImportRequest(file.parent)))
        assert post_of(pilot, "redis-memory").body.endswith("A new line.\n")


async def test_the_file_of_a_post_is_edited_and_taken_in(library_folder: Path, editor: SetEditor) -> None:
    editor(ADD_LINE)
    file = library_folder.parent / "runbooks" / "redis-memory.md"
    app = make_app(library_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "redis-memory"))
        await choose(pilot, "enter")
        assert await result(pilot, worker)
        assert file.read_text().endswith("A new line.\n")
        assert post_of(pilot, "redis-memory").body.endswith("A new line.\n")
        await until(pilot, lambda: notices(pilot) == ["Took redis-memory.md in again."])
        assert (
            stored(pilot, lambda library: library.editing.home(library.posts.get("redis-memory"))).local_since is None
        )


async def test_a_local_version_is_given_back_to_its_file(library_folder: Path, editor: SetEditor) -> None:
    editor("exit 9")
    app = make_app(library_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        before = post_of(pilot, "redis-memory").body
        stored(pilot, lambda library: library.editing.save("redis-memory", "# Redis memory pressure\n\nMine.\n", 1))
        worker = begin(pilot, edit_post(app, app.services, "redis-memory"))
        await shown(pilot, AskScreen)
        assert "has a local version" in shown_text(pilot, "#text")
        await choose(pilot, "down", "enter")
        assert await result(pilot, worker)
        assert post_of(pilot, "redis-memory").body == before


@pytest.mark.parametrize("keys", [("escape",), ("end", "enter")], ids=["escape", "cancel"])
async def test_a_question_that_is_left_changes_nothing(
    library_folder: Path, editor: SetEditor, keys: tuple[str, ...]
) -> None:
    editor(ADD_LINE)
    app = make_app(library_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "redis-memory"))
        await choose(pilot, *keys)
        assert not await result(pilot, worker)
        assert post_of(pilot, "redis-memory").saves == 1


async def test_a_text_that_cannot_be_read_is_mended_in_the_editor(own_folder: Path, editor: SetEditor) -> None:
    # The first time front matter that is no YAML, the second time a text without any.
    editor(f"if grep -q '^tags: \\[' \"$1\"; then printf '# Alpha\\n\\ntwo\\n' > \"$1\"; else {BROKEN}; fi")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await shown(pilot, AskScreen)
        (draft,) = drafts(own_folder)
        assert str(draft) in shown_text(pilot, "#text")
        assert post_of(pilot, "alpha").saves == 1
        await choose(pilot, "enter")
        assert await result(pilot, worker)
        assert post_of(pilot, "alpha").body == "# Alpha\n\ntwo\n"
        assert drafts(own_folder) == []


async def test_a_text_that_is_given_up_stays_in_its_file(own_folder: Path, editor: SetEditor) -> None:
    editor(BROKEN)
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await choose(pilot, "escape")
        assert not await result(pilot, worker)
        assert "precious" in drafts(own_folder)[0].read_text()


async def test_a_post_that_was_saved_meanwhile_is_not_overwritten(own_folder: Path, editor: SetEditor) -> None:
    other = "library.editing.save('alpha', '# Alpha' + chr(10) * 2 + 'theirs' + chr(10), 1)"
    program = f"import sys\nfrom kbtui import open_library\nwith open_library(sys.argv[1]) as library: {other}"
    editor(f"{ADD_LINE}\n{shlex.join([sys.executable, '-c', program, str(own_folder)])}")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await shown(pilot, AskScreen)
        assert "was saved meanwhile" in shown_text(pilot, "#text")
        assert shown_text(pilot, "#choices") == "Close", "to edit it again would not help"
        await choose(pilot, "enter")
        assert not await result(pilot, worker)
        assert post_of(pilot, "alpha").body == "# Alpha\n\ntheirs\n"
        assert "A new line." in drafts(own_folder)[0].read_text()


async def test_what_a_failing_editor_wrote_is_kept(own_folder: Path, editor: SetEditor) -> None:
    editor(f"{ADD_LINE}\nexit 3")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await shown(pilot, AskScreen)
        (draft,) = drafts(own_folder)
        assert "exit code 3" in shown_text(pilot, "#text")
        assert str(draft) in shown_text(pilot, "#text")
        await choose(pilot, "enter")
        assert not await result(pilot, worker)


@pytest.mark.parametrize("visual", ["/nowhere/to/be/found", "an 'open quote"])
async def test_an_editor_that_cannot_be_started_is_told(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, visual: str
) -> None:
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    monkeypatch.setenv("VISUAL", visual)
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await shown(pilot, AskScreen)
        assert visual in shown_text(pilot, "#text")
        await choose(pilot, "enter")
        assert not await result(pilot, worker)
        assert drafts(own_folder) == []


async def test_a_terminal_that_cannot_be_lent_is_told(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "alpha"))
        await shown(pilot, AskScreen)
        assert "cannot lend its terminal" in shown_text(pilot, "#text")
        await choose(pilot, "enter")
        assert not await result(pilot, worker)


async def test_a_post_that_is_gone_is_told(own_folder: Path, editor: SetEditor) -> None:
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, edit_post(app, app.services, "beta"))
        await shown(pilot, AskScreen)
        assert "no post 'beta'" in shown_text(pilot, "#text")
        await choose(pilot, "enter")
        assert not await result(pilot, worker)


async def test_the_lanes_go_on_while_an_editor_runs(own_folder: Path, tmp_path: Path, editor: SetEditor) -> None:
    begun, answered = tmp_path / "begun", tmp_path / "answered"
    editor(f"touch {begun}\nfor n in $(seq 40); do [ -e {answered} ] && exit 0; sleep 0.1; done; exit 7")

    def answer(_: Library) -> None:
        while not begun.exists():
            time.sleep(0.02)
        answered.touch()

    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        app.services.writer.submit(answer)
        assert not await result(pilot, begin(pilot, edit_post(app, app.services, "alpha")))
        await until(pilot, lambda: notices(pilot) == ["Nothing was changed."])


async def test_a_new_post_is_written(own_folder: Path, editor: SetEditor) -> None:
    editor(ADD_LINE)
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, new_post(app, app.services))
        await shown(pilot, LineScreen)
        await pilot.press("enter")
        await type_text(pilot, "Beta [red]")
        await pilot.press("enter")
        assert await result(pilot, worker) == "beta-red"
        assert "A new line." in post_of(pilot, "beta-red").body
        await until(pilot, lambda: notices(pilot) == ["Saved “Beta [red]” as revision 1."])


async def test_a_new_post_that_nobody_wrote_is_none(own_folder: Path, editor: SetEditor) -> None:
    editor("true")
    app = make_app(own_folder)
    async with app.run_test() as pilot:
        await at_rest(pilot)
        worker = begin(pilot, new_post(app, app.services))
        await shown(pilot, LineScreen)
        await pilot.press("x", "enter")
        assert await result(pilot, worker) is None
        other = begin(pilot, new_post(app, app.services))
        await shown(pilot, LineScreen)
        await pilot.press("escape")
        assert await result(pilot, other) is None
        assert stored(pilot, lambda library: library.posts.count()) == 1


def test_the_terminal_is_lent_and_taken_back(own_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminals = pytest.importorskip("tests.tui.test_terminal")
    script = tmp_path / "editor.sh"
    script.write_text(f"#!/bin/sh\nstty -a | grep -q ' icanon' && echo LENT\n{ADD_LINE}\nexit 4\n")
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    terminal = terminals.Terminal(own_folder)
    terminal.read_for(10, b"Alpha")
    terminal.send(b"\r")
    terminal.read_for(1)
    terminal.send(b"e")
    terminal.read_for(10, b"exit code 4")
    lent = terminal.output.index(b"LENT")
    assert terminals.last_state(terminal.output[:lent], b"?1049") == "l", "the editor has the plain screen"
    assert terminals.last_state(terminal.output, b"?1049") == "h", "the app has it back after a failure"
    terminal.send(b"\r")
    terminal.read_for(0.5)
    terminal.send(b"\x11")
    assert terminal.wait() == 0
    terminals.assert_restored(terminal.output)
