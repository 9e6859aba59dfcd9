"""One paragraph of Markdown as a reader sees it, on one line."""

from __future__ import annotations

import html
import re

# Every part is bounded, so that no text takes longer than its length allows.
_MARKUP = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?<!`)(?P<ticks>`{1,3})(?!`)(?P<code>.{1,500}?)(?<!`)(?P=ticks)(?!`)"
    r"|!?\[\[(?:[^\[\]|\n]{1,300}\|)?(?P<wiki>[^\[\]|\n]{1,300})\]\]"
    r"|!?\[(?P<link>[^\[\]]{0,300})\](?:\([^()\s]{0,500}(?:\([^()\s]{0,100}\)[^()\s]{0,100})?(?:\s[^()]{0,200})?\)|\[[^\[\]]{0,100}\])"
    r"|<(?P<address>(?:https?|mailto|ftp):[^<>\s]{1,500})>"
    r"|</?(?:a|abbr|b|br|code|del|em|i|img|ins|kbd|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?/?>"
    r"|(?P<stars>\*{1,3})(?=[^\s*])(?P<starred>[^*]{1,500}?)(?<=\S)(?P=stars)(?!\*)"
    r"|(?<![\w_])(?P<lows>_{1,3})(?=[^\s_])(?P<lowed>[^_]{1,500}?)(?<=\S)(?P=lows)(?![\w_])"
    r"|~~(?=[^\s~])(?P<struck>[^~]{1,500}?)~~"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)",
    re.DOTALL,
)
_SIGNS = re.compile(r"[\\`*_\[<~&]")


def inline_text(markdown: str) -> str:
    """The text without its markup, of links and images their words; placeholders such as `<host>` stay.

    Runs of white space become one space. Hidden and control characters are left as they are.
    """
    text = _MARKUP.sub(_words, markdown) if _SIGNS.search(markdown) else markdown
    return " ".join(text.split())


def _words(match: re.Match[str]) -> str:
    if match["entity"]:
        return html.unescape(match["entity"])
    for verbatim in ("escaped", "code", "address"):
        if match[verbatim] is not None:
            return match[verbatim]
    inner = match["wiki"] or match["link"] or match["starred"] or match["lowed"] or match["struck"]
    if inner is None:
        return " " if match[0].startswith("<br") else ""
    return _MARKUP.sub(_words, inner)
