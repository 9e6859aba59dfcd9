"""What a text defines for all of itself: link references and footnotes, which may stand behind their use."""

from __future__ import annotations

import re

from kbtui.core.text import clean
from kbtui.markdown.syntax import References, block_tokens, no_definitions

# The beginnings of fences and of definitions. Each begins with a newline, by which a search skips all other lines: a
# megabyte takes milliseconds.
_SIGN = re.compile(
    r"\n(?:[ \t>]*(?:(?:[*+-]|\d{1,9}[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})(?P<rest>[^\n]*)"
    r"|[ >]{0,6}\[[^\[\]\n]{1,999}\]:)"
)
_EMPTY_LINE = re.compile(r"\n[ \t>]*\n")


def definitions_in(text: str) -> References:
    """The definitions of a text that stand outside code, in its quotes too; the first one of a name holds."""
    definitions = no_definitions()
    if "]:" not in text:
        return definitions
    text = "\n" + text
    fence, end = "", 0
    for match in _SIGN.finditer(text):
        if match["fence"]:
            fence = _fence_behind(fence, match["fence"], match["rest"])
        elif not fence and match.start() >= end:
            # From the last empty line on, for in the middle of a paragraph there is no definition.
            begin = max(end, text.rfind("\n\n", end, match.start() + 1))
            behind = _EMPTY_LINE.search(text, match.end())
            end = behind.start() if behind else len(text)
            block_tokens(clean(text[begin:end]), definitions)
    return definitions


def _fence_behind(fence: str, sign: str, rest: str) -> str:
    """The fence that is open behind such a sign and the rest of its line; "" for none."""
    if fence:
        return "" if sign.startswith(fence) and not rest.strip() else fence
    is_span = sign[0] == "`" and "`" in rest
    return "" if is_span else sign
