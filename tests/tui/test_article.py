"""Flows through the article: opening, the place that is kept, what lies beside it, what is done with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbtui import open_library
from kbtui.core.importing import ImportRequest
from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.search import SearchScreen
from tests.tui.articles import article, first_line, linked_library, press, read, shown, title, told
from tests.tui.conftest import at_rest, import_folder, make_app, shown_text


async def test_the_page_keeps_what_html_would_swallow(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "nginx-502")
        assert "ssh deploy@<host> -p 22" in shown(screen.page)
        assert "nginx 502 Bad Gateway" in title(pilot)
        box = shown_text(pilot, "#metadata")
        assert "bad gateway / nginx" in box
        assert "read the error log" in box


# The place


async def test_the_place_is_kept_across_restarts_and_by_quitting_from_the_article(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "restore")
        await press(pilot, "space", "space", "j")
        before = shown(screen.page)
        assert "Step 1\n" not in before
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "restore")
        assert shown(screen.page) == before
        await press(pilot, "G")
        await pilot.press("q")
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "restore")
        assert "Paragraph 79" in shown(screen.page)


async def test_resizing_keeps_the_block_at_the_top(library_folder: Path) -> None:
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await read(pilot, "restore")
        await press(pilot, "space", "space")
        first = first_line(pilot)
        await pilot.resize_terminal(60, 30)
        await at_rest(pilot)
        assert first_line(pilot) == first


async def test_a_long_page_arrives_in_parts_and_is_kept_at_its_end(tmp_path: Path) -> None:
    text = "# Long\n\n" + "\n\n".join(f"## Part {n}\n\nWords of part {n}, and more of them." for n in range(1500))
    folder = linked_library(tmp_path, {"long.md": text})
    async with make_app(folder).run_test(size=(160, 40)) as pilot:
        screen = await read(pilot, "long")
        assert len(screen.page.outline) == 1500
        await press(pilot, "G")
        assert "Words of part 1499" in shown(screen.page)
        await press(pilot, "escape")
        screen = await read(pilot, "long")
        assert "Words of part 1499" in shown(screen.page)


# From a search


async def test_a_search_lands_on_its_best_match_marked(tmp_path: Path) -> None:
    app = make_app(linked_library(tmp_path), "partition sync")
    async with app.run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await press(pilot, "enter")
        page = article(pilot).page
        assert "The partitions are in sync again." in shown(page)
        marked = [
            s.text for strip in page.render_lines(page.size.region) for s in strip if s.style and s.style.underline
        ]
        assert "partitions" in marked
        await press(pilot, "escape")
        strips = page.render_lines(page.size.region)
        assert not [s for strip in strips for s in strip if s.text == "partitions" and s.style and s.style.underline]
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SearchScreen)


async def test_a_search_by_a_misspelt_word_marks_what_was_meant(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path), "partitons sync").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await press(pilot, "enter")
        page = article(pilot).page
        marked = [
            s.text for strip in page.render_lines(page.size.region) for s in strip if s.style and s.style.underline
        ]
        assert "partitions" in marked


@pytest.mark.parametrize("query", ["tool:kcat", "runbook broker"], ids=["no-words-of-the-page", "the-title"])
async def test_such_a_search_leads_to_the_place_that_was_kept(tmp_path: Path, query: str) -> None:
    folder = linked_library(tmp_path)
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        await press(pilot, "space", "space")
        before = first_line(pilot)
    async with make_app(folder, query).run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        await press(pilot, "enter")
        assert first_line(pilot) == before


# Beside the page


async def test_panels_and_footer_suit_the_width(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        panes = screen.panes
        assert (panes.outline.display, panes.side.display) == (True, False)
        await pilot.resize_terminal(200, 50)
        await at_rest(pilot)
        assert (panes.outline.display, panes.side.display) == (True, True)
        _has_bars_lists_and_addresses(shown_text(pilot, "#metadata").splitlines())
        await pilot.resize_terminal(80, 24)
        await at_rest(pilot)
        assert (panes.outline.display, panes.side.display) == (False, False)
        footer = screen.query_one("Footer")
        assert footer.virtual_size.width <= 80 and not footer.show_horizontal_scrollbar


def _has_bars_lists_and_addresses(metadata: list[str]) -> None:
    assert any(line.split() == ["quality", "█" * 8 + "░" * 2, "85"] for line in metadata)
    assert "  ✓ has images" in metadata and "  – image heavy" in metadata
    at = metadata.index("team")
    assert [line.rstrip() for line in metadata[at + 1 : at + 5]] == [
        "  • leads:",
        "    Ann",
        "    Bo",
        "  • phone: 112",
    ]
    caption = next(number for number, line in enumerate(metadata) if "broken broker" in line)
    assert metadata.index("    https://example.org/a.png") > caption


async def test_without_headings_there_is_no_outline(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "glossary")
        assert (screen.panes.outline.display, screen.panes.side.display) == (False, True)
        await press(pilot, "t")
        assert not screen.panes.outline.display
        assert "no headings" in told(pilot)[-1]


async def test_about_can_be_put_aside(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "broker-runbook")
        await press(pilot, "m")
        assert (screen.panes.outline.display, screen.panes.side.display) == (False, True)
        await press(pilot, "m")
        assert (screen.panes.outline.display, screen.panes.side.display) == (False, False)


async def test_on_a_narrow_screen_a_panel_lies_over_the_page_until_escape(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "broker-runbook")
        width = screen.page.size.width
        await press(pilot, "m")
        assert screen.panes.side.display and screen.panes.side.has_focus_within
        assert screen.page.size.width == width
        await press(pilot, "escape")
        assert not screen.panes.side.display and screen.page.has_focus
        await press(pilot, "escape")
        assert not isinstance(pilot.app.screen, ArticleScreen)


async def test_who_links_here_and_what_is_like_it_can_be_read(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(200, 50)) as pilot:
        screen = await read(pilot, "glossary")
        assert shown_text(pilot, "#related").splitlines()[:2] == ["Links here", "Broker runbook"]
        await press(pilot, "s")
        assert screen.panes.side.related.has_focus
        await press(pilot, "g", "enter")
        assert "Broker runbook" in title(pilot)
        assert article(pilot) is screen and screen.page.has_focus
        assert "Setup" in shown_text(pilot, "#related")


async def test_similar_posts_are_a_dialog_where_there_is_no_side(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(80, 24)) as pilot:
        screen = await read(pilot, "glossary")
        await press(pilot, "s")
        assert "Broker runbook" in shown_text(pilot, "#choices")
        await press(pilot, "enter")
        assert article(pilot) is screen
        assert "Broker runbook" in title(pilot)


# What is done with it


async def test_copy_makes_hidden_characters_visible(library_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "runbooks"
    (source / "nginx-502.md").write_text("# nginx trap\n\n`rm \u202e-rf \x1b[2J`\n\n", encoding="utf-8")
    import_folder(library_folder, source)
    async with make_app(library_folder).run_test(size=(120, 40)) as pilot:
        await read(pilot, "nginx-502")
        await press(pilot, "Y")
        assert pilot.app.clipboard == "# nginx trap\n\n`rm ⟨U+202E⟩-rf ␛[2J`"


async def test_a_code_block_is_copied(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        await read(pilot, "broker-runbook")
        await press(pilot, "y")
        assert "no code block" in told(pilot)[-1]
        await press(pilot, "]", "y")
        assert pilot.app.clipboard == "kcat -L -b broker"


async def test_a_bookmark_is_set_seen_and_taken_away(tmp_path: Path) -> None:
    folder = linked_library(tmp_path)
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        await read(pilot, "setup")
        await press(pilot, "b")
        assert "★" in title(pilot)
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        await read(pilot, "setup")
        assert "★" in title(pilot)
        await press(pilot, "b")
        assert "★" not in title(pilot)
    with open_library(folder) as library:
        assert not library.reading.bookmarks()


async def test_a_post_that_another_process_changes_is_shown_anew_at_its_place(tmp_path: Path) -> None:
    folder = linked_library(tmp_path)
    async with make_app(folder).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "setup")
        await press(pilot, "}", "}")
        assert first_line(pilot) == "The second step"
        path = tmp_path / "posts" / "guides" / "setup.md"
        path.write_text(path.read_text(encoding="utf-8").replace("Done.", "Never done."), encoding="utf-8")
        with open_library(folder) as library:
            assert library.importing.run(ImportRequest(tmp_path / "posts")).updated == 1
        for _ in range(100):
            await pilot.pause(0.05)
            if "Never done." in shown(screen.page):
                break
        assert "Never done." in shown(screen.page)
        assert first_line(pilot) == "The second step"
        assert [text for text in told(pilot) if "changed" in text] == ["The post was changed; this is its new text."]


async def test_a_post_that_is_gone_sends_one_back(library_folder: Path) -> None:
    async with make_app(library_folder, "redis").run_test(size=(120, 40)) as pilot:
        await at_rest(pilot)
        with open_library(library_folder) as library:
            source = next(Path(s.root) for s in library.importing.sources())
            (source / "redis-memory.md").unlink()
            assert library.importing.run(ImportRequest(source, prune=True)).removed == 1
        await press(pilot, "enter")
        assert not isinstance(pilot.app.screen, ArticleScreen)


async def test_the_switcher_changes_the_post_of_the_article(tmp_path: Path) -> None:
    async with make_app(linked_library(tmp_path)).run_test(size=(120, 40)) as pilot:
        screen = await read(pilot, "setup")
        await press(pilot, "ctrl+o", *"gloss", "enter")
        assert article(pilot) is screen
        assert "Glossary" in title(pilot)
        await press(pilot, "escape", "ctrl+o", *"runb", "enter")
        assert "Broker runbook" in title(pilot)
