"""Templates in a line: `{{name}}`, `<name>`, and what Hugo, Liquid and Kramdown read themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from kbtui.markdown.inline_rules import take
from kbtui.markdown.tags import ALONE, MARKS, tag_of
from kbtui.markdown.tree import Mark

_LONGEST = 2_000
"""Characters of a shortcode: no search for an end goes further."""

_CURLY = r"\{\{(?:[^{}\n]|\{[^{}\n]*\}){1,200}?\}\}"
_ANGLE = r"<[A-Za-z][\w.:/|-]*(?: [\w.:/|-]+){0,8}>"
_PLACEHOLDER = re.compile(f"{_CURLY}|{_ANGLE}")
# In code a word before it makes it a type: `List<String>`.
_IN_CODE = re.compile(rf"{_CURLY}|(?<!\w){_ANGLE}")
_CLOSING = re.compile(r"</([A-Za-z][\w-]*)>")
_KRAMDOWN = re.compile(r"\{:[^{}\n]{1,400}\}")
_ENDS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}"}


def shortcodes_plugin(md: MarkdownIt) -> None:
    """Adds the tokens `placeholder` and `dim`, whose content is the text as it stands."""
    md.inline.ruler.before("link", "shortcode", _shortcode)
    md.inline.ruler.after("html_inline", "placeholder", _placeholder)


def placeholders_in_code(text: str) -> Iterator[tuple[str, Mark]]:
    """The pieces of a code span in order, each with its mark; a tag that everybody knows or that is closed is code."""
    end = 0
    closed = {name.lower() for name in _CLOSING.findall(text)}
    for match in _IN_CODE.finditer(text):
        tag = tag_of(match.group())
        if tag and (tag.name in MARKS or tag.name in ALONE or tag.name in closed):
            continue
        if match.start() > end:
            yield text[end : match.start()], Mark.CODE
        yield match.group(), Mark.CODE | Mark.PLACEHOLDER
        end = match.end()
    if end < len(text):
        yield text[end:], Mark.CODE


def _shortcode(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    end = _shortcode_end(state.src, state.pos)
    if end > state.posMax or end <= state.pos:
        return False
    return take(state, "dim", end, silent)


def _shortcode_end(text: str, start: int) -> int:
    """Where the shortcode at `start` ends, -1 where there is none."""
    for opening, closing in _ENDS.items():
        if text.startswith(opening, start):
            end = text.find(closing, start + len(opening), start + _LONGEST)
            return end + len(closing) if end >= 0 else -1
    match = _KRAMDOWN.match(text, start)
    return match.end() if match else -1


def _placeholder(state: StateInline, silent: bool) -> bool:
    """A placeholder that does not look like a tag of HTML, which the rule before takes."""
    if state.src[state.pos] not in "<{":
        return False
    match = _PLACEHOLDER.match(state.src, state.pos, state.posMax)
    return match is not None and take(state, "placeholder", match.end(), silent)
