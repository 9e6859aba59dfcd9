"""How things look: names that the style sheet of the app's theme gives colours to, joined with the marks of a run."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

from kbtui.markdown.tree import Mark

PREFIX = "document--"

CALLOUTS = ("note", "tip", "important", "warning", "danger", "details")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SYNTAX = ("comment", "keyword", "string", "number", "name", "variable", "output", "deleted", "inserted")
NAMES = (
    *HEADINGS,
    *SYNTAX,
    *(f"{kind}-{part}" for kind in CALLOUTS for part in ("bar", "title")),
    *("rule", "bullet", "done", "quote-bar", "footnote-bar", "term", "verbatim"),
    *("code", "code-title", "code-bar", "code-chosen", "code-danger", "code-language", "code-edge"),
    *("table-header", "table-line", "table-stripe"),
    *("link", "link-dead", "link-hover", "link-chosen"),
    *("inline-code", "key", "highlight", "placeholder", "dim"),
    *("match", "match-current", "word"),
)
"""All of them; the class of the style sheet has `document--` before it."""

CSS = """
DocumentView {
    background: $background;
    scrollbar-size-vertical: 1;
    scrollbar-gutter: stable;
    overflow-x: hidden;
    & > .document--h1 { color: $text-primary; text-style: bold; }
    & > .document--h2 { color: $text-primary; text-style: bold underline; }
    & > .document--h3 { color: $text-secondary; text-style: bold; }
    & > .document--h4 { text-style: bold; }
    & > .document--h5 { color: $text-muted; text-style: bold; }
    & > .document--h6 { color: $text-muted; text-style: bold italic; }
    & > .document--rule { color: $primary-muted; }
    & > .document--bullet { color: $text-accent; }
    & > .document--done { color: $text-success; }
    & > .document--quote-bar { color: $text-disabled; }
    & > .document--footnote-bar { color: $text-disabled; }
    & > .document--term { text-style: bold; }
    & > .document--verbatim { color: $text-disabled; }
    & > .document--dim { color: $text-disabled; }

    & > .document--note-bar { color: $primary; }
    & > .document--note-title { color: $text; background: $primary-muted; text-style: bold; }
    & > .document--tip-bar { color: $success; }
    & > .document--tip-title { color: $text; background: $success-muted; text-style: bold; }
    & > .document--important-bar { color: $accent; }
    & > .document--important-title { color: $text; background: $accent-muted; text-style: bold; }
    & > .document--warning-bar { color: $warning; }
    & > .document--warning-title { color: $text; background: $warning-muted; text-style: bold; }
    & > .document--danger-bar { color: $error; }
    & > .document--danger-title { color: $text; background: $error-muted; text-style: bold; }
    & > .document--details-bar { color: $secondary; }
    & > .document--details-title { color: $text; background: $secondary-muted; text-style: bold; }

    & > .document--code { background: $surface; }
    & > .document--code-title { color: $text-muted; text-style: italic; }
    & > .document--code-bar { color: $text-disabled; background: $surface; }
    & > .document--code-chosen { color: $accent; background: $surface; text-style: bold; }
    & > .document--code-danger { color: $text; background: $error-muted; text-style: bold; }
    & > .document--code-language { color: $text-disabled; background: $surface; }
    & > .document--code-edge { color: $text-accent; background: $surface; }
    & > .document--comment { color: $text-muted; text-style: italic; }
    & > .document--keyword { color: $text-accent; }
    & > .document--string { color: $text-success; }
    & > .document--number { color: $text-warning; }
    & > .document--name { color: $text-primary; }
    & > .document--variable { color: $text-secondary; }
    & > .document--output { color: $text-muted; }
    & > .document--deleted { color: $text-error; }
    & > .document--inserted { color: $text-success; }

    & > .document--table-header { color: $text-primary; text-style: bold; }
    & > .document--table-line { color: $text-disabled; }
    & > .document--table-stripe { background: $surface; }

    & > .document--link { color: $text-accent; text-style: underline; }
    & > .document--link-dead { color: $text-error; text-style: strike; }
    & > .document--link-hover { background: $accent-muted; }
    & > .document--link-chosen { color: $background; background: $accent; text-style: bold; }

    & > .document--inline-code { color: $text-warning; background: $surface; }
    & > .document--key { color: $foreground; background: $panel; text-style: bold; }
    & > .document--highlight { background: $warning-muted; }
    & > .document--placeholder { color: $text-accent; text-style: bold italic; }

    & > .document--match { color: $text; background: $warning-muted; }
    & > .document--match-current { color: $background; background: $warning; text-style: bold; }
    & > .document--word { color: $text-warning; text-style: bold underline; }
}
"""

_MARKS: tuple[tuple[Mark, Style | str], ...] = (
    (Mark.CODE, "inline-code"),
    (Mark.KEY, "key"),
    (Mark.HIGHLIGHT, "highlight"),
    (Mark.PLACEHOLDER, "placeholder"),
    (Mark.DIM, "dim"),
    (Mark.EMPHASIS, Style(italic=True)),
    (Mark.STRONG, Style(bold=True)),
    (Mark.STRIKE, Style(strike=True)),
)


class Palette:
    """The styles of one theme by name."""

    def __init__(self, component: Callable[[str], Style]) -> None:
        """`component` gives what the style sheet says about one of `NAMES`, and for no name the page's own colours."""
        self._component = component
        self._known: dict[tuple[str, int, str], Style] = {}

    def __getitem__(self, name: str) -> Style:
        """The style of one of `NAMES`; of no name, the page's own."""
        return self.joined(name)

    def joined(self, name: str, mark: Mark = Mark.NONE, over: str = "") -> Style:
        """A style with the marks of a run upon it, and another style upon those."""
        key = name, mark.value, over
        style = self._known.get(key)
        if style is None:
            style = self._component(name) if name or not (mark or over) else Style.null()
            for flag, look in _MARKS:
                if flag in mark:
                    style += look if isinstance(look, Style) else self[look]
            style += self[over] if over else Style.null()
            self._known[key] = style
        return style
