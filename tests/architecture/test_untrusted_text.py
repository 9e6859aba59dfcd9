"""Read from the source: untrusted text is never parsed as markup, and no error is swallowed blindly."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kbtui

PACKAGE = Path(kbtui.__file__).parent
MARKUP_CALLS = {
    "Static",
    "Label",
    "Button",
    "Checkbox",
    "RadioButton",
    "Option",
    "OptionList",
    "Tab",
    "TabPane",
    "Collapsible",
    "notify",
    "Toast",
}
"""Calls that read a plain string as markup."""
MARKUP_TARGETS = {"border_title", "border_subtitle", "tooltip"}
"""Attributes that do."""


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_text_of_unknown_origin(node: ast.expr) -> bool:
    """Whether an expression may be a plain string that somebody else wrote.

    Literals are ours. A name or a call is taken to be no plain string unless it visibly makes one: types tell there.
    """
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return is_text_of_unknown_origin(node.left) or is_text_of_unknown_origin(node.right)
    if isinstance(node, ast.IfExp):
        return is_text_of_unknown_origin(node.body) or is_text_of_unknown_origin(node.orelse)
    if isinstance(node, ast.Call):
        return name_of(node.func) in {"str", "format", "join", "clean", "one_line", "shorten", "repr"}
    return isinstance(node, ast.Attribute) and node.attr in {
        "title",
        "summary",
        "body",
        "topic",
        "slug",
        "path",
        "source",
        "text",
        "value",
        "notice",
        "reason",
        "name",
    }


def problems(tree: ast.Module) -> list[tuple[int, str]]:
    """(line, what) of everything in a module that could let foreign text be obeyed."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += _problems_of_call(node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if name_of(target) in MARKUP_TARGETS and is_text_of_unknown_origin(node.value):
                    found.append((node.lineno, f"{name_of(target)} takes markup: assign Content(...)"))
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if "escape" in names and (node.module or "").endswith("markup"):
                found.append((node.lineno, "markup.escape is no defence"))
            if "MarkdownViewer" in names:
                found.append((node.lineno, "MarkdownViewer opens files"))
        elif isinstance(node, ast.Attribute) and node.attr == "MarkdownViewer":
            found.append((node.lineno, "MarkdownViewer opens files"))
        elif isinstance(node, ast.Attribute) and node.attr == "escape" and name_of(node.value) == "markup":
            found.append((node.lineno, "markup.escape is no defence"))
    return found


def _problems_of_call(call: ast.Call) -> list[tuple[int, str]]:
    name, found = name_of(call.func), []
    if name in {"from_markup", "from_rich_text"} and any(is_text_of_unknown_origin(a) for a in call.args):
        found.append((call.lineno, f"{name} of a text that was put together: give the values as variables"))
    markup_off = any(
        k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False for k in call.keywords
    )
    shown = [
        *call.args,
        *(k.value for k in call.keywords if k.arg in {"label", "prompt", "content", "title", "message"}),
    ]
    if name in MARKUP_CALLS and not markup_off and any(is_text_of_unknown_origin(a) for a in shown):
        found.append((call.lineno, f"{name} reads markup: give Content(...) or markup=False"))
    for keyword in call.keywords:
        if keyword.arg in MARKUP_TARGETS and is_text_of_unknown_origin(keyword.value):
            found.append((call.lineno, f"{keyword.arg}= reads markup: give Content(...)"))
    return found


def test_the_faces_never_read_foreign_text_as_markup() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {what}"
        for path in sources("tui", "cli")
        for line, what in problems(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_nothing_is_caught_without_a_name() -> None:
    bare = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sources(".")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


@pytest.mark.parametrize(
    "code",
    [
        "Static(post.title)",
        "Label(f'{title}')",
        "self.notify('Saved ' + post.slug)",
        "notify(str(error))",
        "Button(label=post.title)",
        "Option(one_line(text), id='x')",
        "self.border_title = f'Page {n}'",
        "widget.tooltip = post.summary",
        "Static('x', tooltip=post.summary)",
        "Content.from_markup(f'[b]{title}[/b]')",
        "from rich.markup import escape",
        "from textual.widgets import MarkdownViewer",
        "textual.widgets.MarkdownViewer()",
        "markup.escape(title)",
        "Checkbox('a' if x else post.title)",
    ],
)
def test_the_check_sees(code: str) -> None:
    assert problems(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "Static(Content(post.title))",
        "Static('[b]ours[/b]')",
        "Label(post.title, markup=False)",
        "self.notify(f'{error}', markup=False)",
        "self.border_title = Content(post.title)",
        "self.border_title = 'Facets'",
        "Content.from_markup('[b]$title[/b]', title=post.title)",
        "Option(Content(post.title), id=post.slug)",
        "Static(id=f'x{n}')",
    ],
)
def test_the_check_lets_pass(code: str) -> None:
    assert problems(ast.parse(code)) == []
