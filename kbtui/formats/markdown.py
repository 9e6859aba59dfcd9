"""Markdown files as posts: front matter, title, task list; and cheat sheets, whose body is shell."""

from __future__ import annotations

import re
from dataclasses import replace

from kbtui.core.importing import ParsedPost
from kbtui.core.post import Post
from kbtui.formats import front_matter, metadata, names
from kbtui.formats.structure import first_heading, tasks
from kbtui.formats.values import as_line

_BACKTICKS = re.compile("`{3,}")
_SYNTAX = re.compile(r"[\w+#.-]{1,32}")


def parse(path: str, text: str) -> ParsedPost:
    """The post of a Markdown file. Its body is the text behind the front matter, as it stands there."""
    parts = front_matter.split(text)
    post = Post(title="", body=parts.body, slug=names.slug_from(path), path=path)
    post = metadata.fill(post, parts.metadata)
    if not post.title:
        post = replace(post, title=first_heading(post.body) or names.title_from(path))
    post = with_tasks(post, given=metadata.has_key(parts.metadata, "checklist"))
    return ParsedPost(post, warnings=parts.warnings, names_itself=metadata.has_key(parts.metadata, "slug"))


def parse_cheat_sheet(path: str, text: str) -> ParsedPost:
    """The post of a file without an extension: commands with comments, whose `#` are no headings.

    The body becomes one block of code in the language that the front matter calls `syntax`.
    """
    parts = front_matter.split(text)
    syntax = as_line(parts.metadata.get("syntax")) or ""
    if not _SYNTAX.fullmatch(syntax):
        syntax = ""
    longest = max((len(run) for run in _BACKTICKS.findall(parts.body)), default=2)
    fence = "`" * (longest + 1)
    code = parts.body.strip("\n")
    post = Post(
        title=names.stem(path),
        body=f"{fence}{syntax or 'sh'}\n{code}\n{fence}\n",
        slug=names.slug_from(path),
        path=path,
        language=syntax,
    )
    return ParsedPost(metadata.fill(post, parts.metadata), warnings=parts.warnings)


def with_tasks(post: Post, *, given: bool = False) -> Post:
    """The post with the task list of its body as its checklist, unless its metadata gave one, even an empty one."""
    return post if given or post.checklist else replace(post, checklist=tasks(post.body))
