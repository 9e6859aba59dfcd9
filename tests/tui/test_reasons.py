"""Why a post was found, and which posts are like another."""

from __future__ import annotations

from pathlib import Path

from kbtui.tui.screens.article import ArticleScreen
from kbtui.tui.screens.explain import ExplainScreen
from kbtui.tui.screens.similar import SimilarScreen
from tests.tui.conftest import at_rest, import_folder, make_app, room, shown_text


async def test_why_names_the_words_their_places_and_their_weight(library_folder: Path) -> None:
    app = make_app(library_folder, "maxmemroy redis refuse ")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        room(pilot).results.focus()
        await pilot.press("w")
        await at_rest(pilot)
        assert isinstance(app.screen, ExplainScreen)
        lines = shown_text(pilot, "#reasons").splitlines()
        assert any(line.endswith("  maxmemroy → maxmemory") for line in lines)
        assert any(line.endswith("  refuse → refuses") for line in lines)
        about_redis = next(n for n, line in enumerate(lines) if line.endswith("  redis"))
        assert lines[about_redis].startswith("█")
        assert "title and names" in lines[about_redis + 1]
        await pilot.press("escape")
        await at_rest(pilot)
        assert room(pilot).query_line.value == "maxmemroy redis refuse "


async def test_why_of_a_post_that_no_word_found(library_folder: Path) -> None:
    app = make_app(library_folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("escape", "w")
        await at_rest(pilot)
        assert "No word of the search" in shown_text(pilot, "#reasons")


async def test_similar_posts_say_why_and_open(library_folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "runbooks"
    text = "---\ntitle: Redis [bold]latency\ntools: [redis-cli]\nstack: [redis]\n---\nmaxmemory latency refuses OOM\n"
    (source / "latency.md").write_text(text, encoding="utf-8")
    import_folder(library_folder, source)
    app = make_app(library_folder, "redis memory pressure")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("s")
        await at_rest(pilot)
        assert isinstance(app.screen, SimilarScreen)
        rows = shown_text(pilot, "#choices").splitlines()
        assert rows[0] == "Redis [bold]latency"
        assert "tools: redis-cli" in rows[1]
        assert "maxmemory" in rows[1]
        await pilot.press("enter")
        await at_rest(pilot)
        assert isinstance(app.screen, ArticleScreen)
        assert "latency" in shown_text(pilot, "#title")
        await pilot.press("backspace")
        await at_rest(pilot)
        assert "Redis memory pressure" in shown_text(pilot, "#title")


async def test_a_post_without_its_like_says_so(tmp_path: Path) -> None:
    source = tmp_path / "alone"
    source.mkdir()
    (source / "alone.md").write_text("# Alone\n\nzookeeper\n", encoding="utf-8")
    app = make_app(import_folder(tmp_path / "library", source), "alone")
    async with app.run_test(size=(80, 24)) as pilot:
        await at_rest(pilot)
        await pilot.press("enter")
        await at_rest(pilot)
        await pilot.press("s")
        await at_rest(pilot)
        assert "No post is like this one." in shown_text(pilot, "#nothing")
        await pilot.press("escape")
        await at_rest(pilot)
        assert isinstance(app.screen, ArticleScreen)
