"""Flows through the article."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Static

from kbtui.tui.document.view import DocumentView
from kbtui.tui.screens.article import ArticleScreen
from tests.tui.conftest import at_rest, make_app


def shown(view: DocumentView) -> str:
    return "\n".join(strip.text.rstrip() for strip in view.render_lines(view.size.region))


async def test_the_page_keeps_what_html_would_swallow(library_folder: Path) -> None:
    async with make_app(library_folder, "nginx").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, ArticleScreen)
        assert "ssh deploy@<host> -p 22" in shown(screen.page)
        assert "nginx 502 Bad Gateway" in str(screen.query_one("#title", Static).content)
        box = str(screen.query_one("#metadata", Static).content)
        assert "bad gateway / nginx" in box
        assert "read the error log" in box


async def test_the_place_is_kept_across_restarts(library_folder: Path) -> None:
    async with make_app(library_folder, "restore").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("space", "space", "j")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        before = shown(pilot.app.screen.page)
        assert "Step 1\n" not in before
    async with make_app(library_folder, "restore").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        assert shown(pilot.app.screen.page) == before


async def test_quitting_from_the_article_keeps_the_place_too(library_folder: Path) -> None:
    async with make_app(library_folder, "restore").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("G")
        await at_rest(pilot)
        await pilot.press("q")
    async with make_app(library_folder, "restore").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        assert "Paragraph 79" in shown(pilot.app.screen.page)


async def test_resizing_keeps_the_block_at_the_top(library_folder: Path) -> None:
    async with make_app(library_folder, "restore").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("space", "space")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        page = pilot.app.screen.page
        first = next(line for line in shown(page).splitlines() if line.strip())
        await pilot.resize_terminal(60, 30)
        await at_rest(pilot)
        assert next(line for line in shown(page).splitlines() if line.strip()) == first


async def test_copy_makes_hidden_characters_visible(library_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "runbooks"
    (source / "nginx-502.md").write_text("# nginx trap\n\n`rm \u202e-rf \x1b[2J`\n\n", encoding="utf-8")
    from tests.tui.conftest import import_folder

    import_folder(library_folder, source)
    async with make_app(library_folder, "trap").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("Y")
        await at_rest(pilot)
        assert pilot.app.clipboard == "# nginx trap\n\n`rm ⟨U+202E⟩-rf ␛[2J`"


async def test_about_can_be_put_aside(library_folder: Path) -> None:
    async with make_app(library_folder, "nginx").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        assert isinstance(pilot.app.screen, ArticleScreen)
        assert pilot.app.screen.about.display
        await pilot.press("m")
        assert not pilot.app.screen.about.display
        await pilot.press("backspace")
        await at_rest(pilot)
        assert not isinstance(pilot.app.screen, ArticleScreen)


async def test_a_post_that_is_gone_sends_one_back(library_folder: Path) -> None:
    from kbtui import open_library

    async with make_app(library_folder, "redis").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        with open_library(library_folder) as library:
            source = next(Path(s.root) for s in library.importing.sources())
            (source / "redis-memory.md").unlink()
            from kbtui.core.importing import ImportRequest

            assert library.importing.run(ImportRequest(source, prune=True)).removed == 1
        await pilot.press("enter")
        await at_rest(pilot)
        assert not isinstance(pilot.app.screen, ArticleScreen)
