"""From heading to heading, code block to code block, link to link; by key and by mouse."""

from __future__ import annotations

from kbtui.markdown.tree import LinkKind
from kbtui.tui.document.view import DocumentView
from tests.tui.reader import Reader, cells, look, part_of, shown

PAGE = "\n\n".join(
    f"## Part {n}\n\nText with [a link](page{n}.md) and **[bold](https://example.com/{n})**.\n\n"
    f"```bash\necho {n}\nrm -rf /srv/{n}\n```\n\n" + "\n\n".join(f"Line {n}-{m}." for m in range(12))
    for n in range(8)
)


def told(app: Reader, kind: type[DocumentView.SectionChanged]) -> list[int]:
    return [message.index for message in app.told if isinstance(message, kind)]


def texts(app: Reader) -> str:
    return "\n".join(shown(app.page))


async def test_the_outline_follows_the_scroll() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)) as pilot:
        app.page.show(part_of("intro\n\n" + PAGE))
        app.page.focus()
        await pilot.pause()
        assert [entry.text for entry in app.page.outline] == [f"Part {n}" for n in range(8)]
        assert app.page.current_section == -1
        await pilot.press("space", "space")
        assert app.page.current_section == 1
        await pilot.press("g")
        await pilot.pause()
        assert told(app, DocumentView.SectionChanged) == [-1, 0, 1, -1]


async def test_headings_are_stepped_through_to_the_last_and_back() -> None:
    app = Reader()
    async with app.run_test(size=(80, 40)) as pilot:
        app.page.show(part_of(PAGE))
        app.page.focus()
        seen = []
        for _ in range(10):
            seen.append(app.page.current_section)
            await pilot.press("}")
        assert seen == [0, 1, 2, 3, 4, 5, 6, 7, 7, 7], "also those that cannot come to the top"
        app.page.go_to_section(3)
        assert shown(app.page)[0].strip() == "Part 3"
        await pilot.press("j", "j", "{")
        assert shown(app.page)[0].strip() == "Part 3"
        await pilot.press("{")
        assert shown(app.page)[0].strip() == "Part 2"


async def test_anchors_and_footnotes_are_gone_to() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)):
        app.page.show(part_of(PAGE + "\n\n[^n]: The note.\n\nText[^n].\n\n" + "\n\n".join(["more"] * 30)))
        assert app.page.go_to_anchor("part-5")
        assert shown(app.page)[0].strip() == "Part 5"
        assert app.page.current_section == 5
        assert not app.page.go_to_anchor("nowhere")
        assert app.page.go_to_footnote("n")
        assert "The note." in shown(app.page)[0]
        assert not app.page.go_to_footnote("m")


async def test_code_blocks_are_stepped_through() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)) as pilot:
        app.page.show(part_of(PAGE))
        app.page.focus()
        assert app.page.current_code is not None
        assert app.page.current_code.text.startswith("echo 0"), "the first in sight"
        for number in (0, 1, 2):
            await pilot.press("]")
            assert app.page.current_code.text.startswith(f"echo {number}")
            assert f"echo {number}" in texts(app)
            assert cells(app.page, look(app.page, "code-chosen")) == ["█", "█"]
        message = app.last(DocumentView.CodeChosen)
        assert isinstance(message, DocumentView.CodeChosen)
        assert message.code is app.page.current_code
        await pilot.press("[")
        assert app.page.current_code.text.startswith("echo 1")
        app.page.go_to_section(6)
        assert app.page.current_code.text.startswith("echo 6"), "what is out of sight is chosen no longer"
        await pilot.press("[")
        assert app.page.current_code.text.startswith("echo 5")
        for _ in range(9):
            await pilot.press("]")
        assert app.page.current_code.text.startswith("echo 7")


async def test_dangerous_lines_are_marked() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)):
        app.page.show(part_of(PAGE))
        assert not cells(app.page, look(app.page, "code-danger"))
        app.page.set_warnings(lambda line: "rm -rf" in line)
        assert cells(app.page, look(app.page, "code-danger")) == ["!"]
        assert any(line.strip().startswith("▎! rm -rf") for line in shown(app.page))


async def test_wide_code_is_moved_and_wrapped() -> None:
    app = Reader()
    async with app.run_test(size=(40, 20)) as pilot:
        app.page.show(part_of(f"text\n\n```\n{'begin ' * 10}END\n```\n\nmore"))
        app.page.focus()
        assert "END" not in texts(app)
        await pilot.press(*[">"] * 10)
        assert "END" in texts(app)
        assert "‹" in texts(app)
        await pilot.press("shift+left", *["<"] * 10)
        assert "END" not in texts(app)
        await pilot.press("W")
        assert "END" in texts(app)
        assert "more" in texts(app)
        await pilot.press("W")
        assert "END" not in texts(app)


async def test_links_are_stepped_through_and_followed() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)) as pilot:
        app.page.show(part_of(PAGE))
        app.page.focus()
        await pilot.press("enter")
        assert app.last(DocumentView.LinkFollowed) is None
        await pilot.press("L", "L")
        chosen = app.last(DocumentView.LinkChosen)
        assert isinstance(chosen, DocumentView.LinkChosen)
        assert (chosen.text, chosen.link.target, chosen.link.kind) == (
            "bold",
            "https://example.com/0",
            LinkKind.OUTSIDE,
        )
        assert cells(app.page, look(app.page, "link-chosen")) == ["bold"]
        await pilot.press("L")
        assert "Part 1" in texts(app)
        await pilot.press("H", "H", "H", "enter")
        followed = app.last(DocumentView.LinkFollowed)
        assert isinstance(followed, DocumentView.LinkFollowed)
        assert (followed.text, followed.link.target, followed.link.kind) == ("a link", "page0.md", LinkKind.FILE)


async def test_links_are_clicked_and_hovered() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)) as pilot:
        app.page.show(
            part_of("Text with [a link](page.md).\n\n| t |\n|---|\n| in a [cell](cell.md) |\n\n漢字 [after wide](w.md)")
        )
        for text, target in (("a link", "page.md"), ("cell", "cell.md"), ("after wide", "w.md")):
            y, line = next((y, line) for y, line in enumerate(shown(app.page)) if text in line)
            x = line.index(text) + (2 if "漢字" in line else 0)
            await pilot.hover(DocumentView, offset=(x + 1, y))
            await pilot.pause()
            assert text in cells(
                app.page, lambda s: s.bgcolor == app.page.get_component_rich_style("document--link-hover").bgcolor
            )
            for at in (x, x + len(text) - 1):
                app.told.clear()
                await pilot.click(DocumentView, offset=(at, y))
                followed = app.last(DocumentView.LinkFollowed)
                assert isinstance(followed, DocumentView.LinkFollowed)
                assert followed.link.target == target
            app.told.clear()
            await pilot.click(DocumentView, offset=(x + len(text), y))
            assert app.last(DocumentView.LinkFollowed) is None


async def test_a_click_chooses_a_code_block() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)) as pilot:
        app.page.show(part_of(PAGE))
        y = next(y for y, line in enumerate(shown(app.page)) if "echo 0" in line)
        await pilot.click(DocumentView, offset=(30, y))
        assert isinstance(app.last(DocumentView.CodeChosen), DocumentView.CodeChosen)
        assert cells(app.page, look(app.page, "code-chosen")) == ["█", "█"]


async def test_dead_links_are_told_apart() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)):
        app.page.show(part_of("[alive](a.md) and [dead](b.md)"))
        app.page.set_dead(lambda link: link.target == "b.md")
        assert cells(app.page, lambda style: bool(style.strike)) == ["dead"]
        assert cells(app.page, lambda style: bool(style.underline)) == ["alive"]


async def test_text_is_selected_as_it_stands_in_the_page() -> None:
    app = Reader()
    async with app.run_test(size=(30, 20)) as pilot:
        app.page.show(part_of("one two three four five six seven eight\n\n> - quoted\n\n```sh\nls -l\n```"))
        await pilot.mouse_down(DocumentView, offset=(6, 0))
        await pilot.hover(DocumentView, offset=(8, 5))
        await pilot.pause()
        await pilot.mouse_up(DocumentView, offset=(8, 5))
        selected = app.screen.get_selected_text()
        assert selected == "two three four five six seven eight\n\nquoted\n\nls -"
        assert app.last(DocumentView.CodeChosen) is None, "no click"
        background = app.screen.get_component_rich_style("screen--selection").bgcolor
        assert "".join(cells(app.page, lambda style: style.bgcolor == background)).startswith("two three")


async def test_no_terminal_links() -> None:
    app = Reader()
    async with app.run_test(size=(80, 20)):
        app.page.show(part_of("[x](https://example.com) <https://example.org> [y](y.md)"))
        assert not cells(app.page, lambda style: style.link is not None)
