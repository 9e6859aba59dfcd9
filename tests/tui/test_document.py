"""The reader's widget: any page, any width, nothing lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from kbtui.core.text import clean
from kbtui.tui.document.blocks import parse_blocks, without_title
from kbtui.tui.document.view import DocumentView

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
WORD = re.compile(r"[A-Za-z]{3,}")


class Reader(App[None]):
    """One page and nothing else."""

    def compose(self) -> ComposeResult:
        yield DocumentView(id="page")

    @property
    def page(self) -> DocumentView:
        return self.query_one("#page", DocumentView)


def whole_text(page: DocumentView) -> str:
    """Every line of the page, drawn."""
    for block in range(len(page._blocks)):
        page._strips(block)
    return "\n".join(strip.text for strips in page._drawn for strip in strips or [])


async def drawn(text: str, size: tuple[int, int] = (80, 24)) -> str:
    app = Reader()
    async with app.run_test(size=size) as pilot:
        app.page.show_blocks(parse_blocks(text))
        await pilot.pause()
        return whole_text(app.page)


async def test_html_and_placeholders_stay() -> None:
    text = await drawn("Use `ssh user@<host>` or <b>bold</b> &lt;x&gt; list[int] [TODO] :warning: {{name}}")
    for piece in ("ssh user@<host>", "<b>bold</b>", "<x>", "list[int]", "[TODO]", ":warning:", "{{name}}"):
        assert piece in text


async def test_links_show_where_they_lead() -> None:
    text = await drawn("[docs](https://example.com/a) and [ref][r]\n\ntext\n\n[r]: other.md")
    assert "https://example.com/a" in text
    assert "other.md" in text


@pytest.mark.parametrize("width", [10, 40, 80, 200])
async def test_code_keeps_its_words_at_any_width(width: int) -> None:
    code = "kubectl get pods --all-namespaces -o wide | grep -v Running"
    text = await drawn(f"```bash\n{code}\n```", (width, 20))
    assert "".join(code.split()) in "".join(text.replace("▎", "").split())


async def test_a_megabyte_opens_and_pages() -> None:
    big = "\n\n".join(f"## Section {n}\n\n" + "words and more words " * 40 for n in range(1200))
    assert len(big) > 1_000_000
    app = Reader()
    async with app.run_test(size=(100, 30)) as pilot:
        app.page.show_blocks(parse_blocks(big))
        assert "Section 0" in "\n".join(s.text for s in app.page.render_lines(app.page.size.region))
        assert sum(strips is not None for strips in app.page._drawn) < 20, "only what is in sight is drawn at first"
        await pilot.pause()
        app.page.focus()
        await pilot.press("G")
        await pilot.pause(0.2)
        assert app.page.position > 0.9


async def test_an_empty_page_and_a_next_one() -> None:
    app = Reader()
    async with app.run_test(size=(60, 20)) as pilot:
        app.page.show_blocks([])
        await pilot.press("G", "g", "ctrl+d")
        app.page.show_blocks(parse_blocks("one"))
        await pilot.pause()
        assert "one" in app.page.render_lines(app.page.size.region)[0].text


def test_long_code_and_long_lists_are_drawn_in_pieces() -> None:
    code = "\n".join(f"line {n}" for n in range(250))
    pieces = parse_blocks(f"```sh\n{code}\n```")
    assert [piece.gap for piece in pieces] == [False, False, True]
    assert "".join(piece.tokens[0].content for piece in pieces).splitlines() == code.splitlines()
    items = parse_blocks("\n".join(f"{n}. item {n}" for n in range(5, 105)))
    assert [piece.tokens[0].attrGet("start") for piece in items] == [5, 45, 85]


def test_a_first_heading_that_repeats_the_title_goes() -> None:
    blocks = parse_blocks("# The *title*\n\ntext")
    assert len(without_title(blocks, "The *title*")) == 1
    assert len(without_title(blocks, "Another")) == 2
    assert without_title([], "x") == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=400))
def test_any_text_becomes_blocks_that_cover_its_words(text: str) -> None:
    blocks = parse_blocks(text)
    content = " ".join(
        child.content
        for block in blocks
        for token in block.tokens
        for child in [token, *(token.children or [])]
        if child.content
    )
    missing = [
        word for word in WORD.findall(clean(text)) if word not in content and "&" not in text and "]:" not in text
    ]
    # A fence's information string is kept in the token's info.
    info = " ".join(token.info for block in blocks for token in block.tokens)
    assert [word for word in missing if word not in info] == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
@pytest.mark.parametrize("width", [80, 120])
async def test_real_pages_lose_no_word(width: int) -> None:
    files = (
        sorted(CORPORA.glob("openshift-runbooks/**/*.md"))[::9] + sorted(CORPORA.glob("gcp-community/**/*.md"))[::40]
    )
    app = Reader()
    async with app.run_test(size=(width, 30)) as pilot:
        for file in files:
            text = file.read_text(encoding="utf-8")
            app.page.show_blocks(parse_blocks(text))
            await pilot.pause()
            shown = re.sub(r"[\s▎│]+", "", whole_text(app.page))
            words = set(WORD.findall(re.sub(r"(?m)^[-:| ]+$|^\[[^\]]+\]:.*$|!\[.*?\]\(.*?\)|```\w*", "", text)))
            missing = {word for word in words if word not in shown}
            assert len(missing) <= 2 + len(words) // 50, (file, sorted(missing)[:20])
