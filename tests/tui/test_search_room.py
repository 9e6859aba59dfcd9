"""Flows through the search room."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from textual.widget import Widget
from textual.widgets import Label, OptionList, Static

from kbtui.core.text import is_line_safe
from kbtui.tui.app import KbtuiApp
from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.widgets.query_line import QueryLine
from kbtui.tui.widgets.results import ResultList
from tests.tui.conftest import at_rest, import_folder, make_app, room, slugs, type_text


def page_text(view: DocumentView) -> str:
    return "\n".join(strip.text.rstrip() for strip in view.render_lines(view.size.region))


async def test_results_come_as_one_types_and_the_last_question_wins(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert len(slugs(pilot)) == 3
        await type_text(pilot, "redi")
        await at_rest(pilot)
        assert slugs(pilot) == ["redis-memory"]
        assert "1 hit" in str(pilot.app.screen.query_one("#count", Label).content)
        line = room(pilot).query_line
        for text in ("nginx", "redis", "nginx", "restore", "redis"):
            line.value = text
        await at_rest(pilot)
        assert slugs(pilot) == ["redis-memory"]


async def test_the_preview_follows_the_cursor_and_reading_comes_back_to_it(library_folder: Path) -> None:
    async with make_app(library_folder, "linux").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        seen = set()
        for _ in range(3):
            current = room(pilot).results.current
            assert current is not None
            seen.add(current.post.slug)
            first_words = {"nginx-502": "no valid answer", "redis-memory": "refuses writes", "restore": "Step 1"}
            assert first_words[current.post.slug] in page_text(room(pilot).preview)
            await pilot.press("down")
            await at_rest(pilot)
        assert seen == {"nginx-502", "redis-memory", "restore"}
        room(pilot).results.highlighted = 0
        await pilot.press("down", "enter")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        await pilot.press("escape")
        await at_rest(pilot)
        assert room(pilot).query_line.value == "linux"
        assert room(pilot).results.highlighted == 1
        assert pilot.app.focused is room(pilot).query_line


async def test_enter_opens_what_was_asked_for_even_when_typed_at_once(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await type_text(pilot, "redis")
        await pilot.press("enter")
        await at_rest(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ArticleScreen)
        assert "Redis memory pressure" in str(screen.query_one("#title", Static).content)


async def test_keys_and_the_mouse_choose_facets_and_open_hits(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        room(pilot).facets.focus()
        await pilot.press("g", "space")
        await at_rest(pilot)
        value = room(pilot).query_line.value
        assert value.startswith("tool:")
        assert len(slugs(pilot)) == 1
        await pilot.press("space")
        await at_rest(pilot)
        assert room(pilot).query_line.value == ""
        assert len(slugs(pilot)) == 3
        await pilot.click("#facets", offset=(6, 2))
        await at_rest(pilot)
        assert room(pilot).query_line.value.startswith("tool:")
        await pilot.click("#results", offset=(6, 2))
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)


async def test_keys_of_the_list_are_text_in_the_search_line(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape")
        results = room(pilot).results
        assert pilot.app.focused is results
        await pilot.press("j", "j")
        assert results.highlighted == 2
        await pilot.press("g")
        assert results.highlighted == 0
        await pilot.press("G")
        assert results.highlighted == 2
        await pilot.press("k")
        assert results.highlighted == 1
        await pilot.press("slash")
        assert isinstance(pilot.app.focused, QueryLine)
        await type_text(pilot, "pfq1")
        assert room(pilot).query_line.value == "pfq1"
        await pilot.press("escape", "escape")
        await at_rest(pilot)
        await pilot.press("p")
        assert not room(pilot).preview.display
        await pilot.press("p", "f")
        assert room(pilot).preview.display
        assert not room(pilot).facets.display


async def test_escape_clears_before_it_leaves_the_line(library_folder: Path) -> None:
    async with make_app(library_folder, "redis").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape")
        await at_rest(pilot)
        assert room(pilot).query_line.value == ""
        assert isinstance(pilot.app.focused, QueryLine)
        await pilot.press("escape")
        assert isinstance(pilot.app.focused, ResultList)


async def test_a_change_that_is_told_while_the_room_closes_is_no_failure(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        screen = room(pilot)
        await screen.remove_children()
        screen.ask_again()
        await at_rest(pilot)
        assert pilot.app.is_running


async def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    async with make_app(tmp_path / "empty").run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        assert "kbtui import" in str(pilot.app.screen.query_one("#nothing", Static).content)


async def test_without_its_index_the_room_still_answers_and_mends_it(library_folder: Path, tmp_path: Path) -> None:
    for folder in tmp_path.rglob("index"):
        shutil.rmtree(folder)
    async with make_app(library_folder, "redis").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert slugs(pilot) == ["redis-memory"]
        notice = pilot.app.screen.query_one("#notice", Static)
        for _ in range(200):
            await pilot.pause(0.02)
            if not notice.display:
                break
        assert not notice.display, "the index was rebuilt behind the first answer"


async def test_an_article_opens_while_the_library_is_being_written(library_folder: Path) -> None:
    app = make_app(library_folder, "redis")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        gate = threading.Event()
        app.services.writer.submit(lambda _: gate.wait(10))
        await pilot.press("enter")
        for _ in range(100):
            await pilot.pause(0.02)
            if isinstance(app.screen, ArticleScreen) and "refuses writes" in page_text(app.screen.page):
                break
        gate.set()
        assert isinstance(app.screen, ArticleScreen)
        assert "refuses writes" in page_text(app.screen.page)


async def test_nothing_found_says_so_until_another_process_imports_it(library_folder: Path, tmp_path: Path) -> None:
    async with make_app(library_folder, "zookeeper").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert slugs(pilot) == []
        nothing = pilot.app.screen.query_one("#nothing", Static)
        assert nothing.display
        assert "zookeeper" in str(nothing.content)
        (tmp_path / "runbooks" / "zk.md").write_text("# Zookeeper quorum\n\nlost\n", encoding="utf-8")
        import_folder(library_folder, tmp_path / "runbooks")
        for _ in range(200):
            await pilot.pause(0.02)
            if slugs(pilot):
                break
        assert slugs(pilot) == ["zk"]


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (40, 10), (3, 2), (1, 1)])
async def test_every_size_of_the_terminal(library_folder: Path, size: tuple[int, int]) -> None:
    async with make_app(library_folder, "linux").run_test(size=size) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.resize_terminal(90, 30)
        await at_rest(pilot)
        await pilot.press("escape")
        await at_rest(pilot)
        assert len(slugs(pilot)) == 3


async def test_hundreds_of_hits_load_page_by_page(tmp_path: Path) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(130):
        (source / f"post-{number:03}.md").write_text(f"# Post {number:03}\n\nabout kafka\n", encoding="utf-8")
    folder = import_folder(tmp_path / "library", source)
    async with make_app(folder, "kafka").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        assert len(slugs(pilot)) == 50
        room(pilot).results.focus()
        for _ in range(3):
            await pilot.press("G")
            await at_rest(pilot)
        assert len(slugs(pilot)) == 130
        assert len(set(slugs(pilot))) == 130


HOSTILE = [
    "a [/bold] b",
    "[@click=app.quit]CLICKME[/]",
    "[ @click=app.simulate_key('q')]CLICKME[/]",
    "list[int] x[i] [TODO] :warning:",
    "\x1b]52;c;cHduZWQ=\x07\x1b]0;pwned\x07\x1b[2J",
    "\u202eevil\u2066 \u200bzero \ufeff \U000e0041tag",
    "\x9b31m c1 \x9d0;x\x9c",
]


async def test_hostile_titles_are_shown_and_never_obeyed(tmp_path: Path) -> None:
    source = tmp_path / "hostile"
    source.mkdir()
    for number, text in enumerate(HOSTILE):
        title = text.replace("\n", " ")
        (source / f"p{number}.md").write_text(f"# {title}\n\nhostile words {text}\n\n- {text}\n", encoding="utf-8")
    folder = import_folder(tmp_path / "library", source)
    app = make_app(folder, "hostile")
    async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
        await at_rest(pilot)
        assert len(slugs(pilot)) == len(HOSTILE)
        for number in range(len(HOSTILE)):
            await pilot.click("#results", offset=(4, 1 + 4 * min(number, 5)))
            await at_rest(pilot)
            assert isinstance(pilot.app.screen, ArticleScreen)
            _assert_harmless(app)
            await pilot.press("backspace")
            await at_rest(pilot)
            room(pilot).results.move(1)
            await at_rest(pilot)
            _assert_harmless(app)
        prompts = "\n".join(str(option.prompt) for option in app.screen.query_one("#results", OptionList).options)
        assert "a [/bold] b" in prompts
        assert "[@click=app.quit]CLICKME[/]" in prompts


def _assert_harmless(app: KbtuiApp) -> None:
    assert app.is_running
    filters = app.get_line_filters()
    for widget in app.screen.walk_children(Widget):
        for strip in widget.render_lines(widget.size.region):
            segments = list(strip)
            for line_filter in filters:
                segments = line_filter.apply(segments, app.screen.background_colors[1])
            assert all(is_line_safe(s.text) and not (s.style and s.style.link) for s in segments)
