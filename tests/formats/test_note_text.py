"""Change notes as Markdown: written and read back, and what is refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kbtui.config import bundled_data
from kbtui.core.errors import NoteRefusedError
from kbtui.core.notes.change_note import Baseline, FieldValue, GitState, NoteContent
from kbtui.core.notes.template import FieldType, NoteTemplate, TemplateField
from kbtui.formats.note_templates import TemplateFiles
from kbtui.formats.note_text import NoteMarkdown

CHANGE = NoteTemplate(name="change", title="Change")
RICH = NoteTemplate(
    name="rich",
    title="Rich",
    fields=(
        TemplateField(name="rollback", label="Way back", type=FieldType.TEXT, help="How to `--> undo` it."),
        TemplateField(name="commands", label="Commands", type=FieldType.LIST),
        TemplateField(name="bypass", label="Bypass conditions", type=FieldType.LIST, help="Which?", required=True),
        TemplateField(name="plan", label="Plan before", type=FieldType.TEXT),
        TemplateField(name="rule", label="Rule"),
        TemplateField(name="copied", label="Tested on a copy", type=FieldType.YES_NO),
        TemplateField(name="severity", label="Severity", type=FieldType.CHOICE, choices=("low", "high: very", "null")),
        TemplateField(name="rows", label="Rows", type=FieldType.NUMBER),
    ),
)
TEXTS = NoteMarkdown()

NASTY_LINES = (
    "",
    " ",
    "---",
    "...",
    "+++",
    "# One",
    "## Two",
    "##",
    "## ",
    "### Three",
    "\\## Two",
    "\\\\## Two",
    "## Rollback",
    "## commands",
    "```",
    "```sh",
    "````",
    "~~~",
    "  ```",
    "    ```",
    "\\```",
    "  \\~~~",
    "```a`b",
    "<!--",
    "<!-- help: x -->",
    "\\<!-- help: x -->",
    "<!-- help: x --> y",
    "-->",
    "- a",
    "* a",
    "  b",
    "   ",
    "\tc",
    "key: value",
    "null",
    "~",
    "yes",
    "1.10",
    "{a: b}",
    "'",
    '"',
    "\x1b[2J",
    "\u2028",
    "\x85",
    "\ufeff",
    "\U0001f469\u200d\U0001f4bb",
    "\ufffe",
    "\\",
    "-",
    "- ",
    "> q",
    "|",
    "&a",
    "*b",
    "!c",
    "@",
    "%",
    "#",
)
CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
LINE = st.sampled_from(NASTY_LINES) | st.text(CHARACTERS, max_size=12)
TEXT = st.lists(LINE, max_size=7).map("\n".join)
ITEMS = st.lists(TEXT, max_size=4).map(tuple)
NAMES = st.sampled_from(["bypass", "plan", "rule", "copied", "severity", "rows", "owner", "reason", "git"]) | LINE
CONTENTS = st.builds(
    NoteContent,
    reason=TEXT,
    template=st.sampled_from(["rich", "change", "null", "1"]),
    files=ITEMS,
    commands=ITEMS,
    owner=TEXT,
    expected=TEXT,
    rollback=TEXT,
    baseline=st.builds(Baseline, route=TEXT, input=TEXT, symptom=TEXT, noticed=TEXT),
    assumptions=ITEMS,
    cache_cleared=TEXT,
    tools=ITEMS,
    stack=ITEMS,
    environment=TEXT,
    host=TEXT,
    posts=ITEMS,
    run=TEXT,
    git=st.builds(
        GitState,
        commit=TEXT,
        branch=TEXT,
        repository=TEXT,
        author=TEXT,
        added=st.integers(0, 10**9),
        removed=st.integers(0, 9),
    ),
    fields=st.dictionaries(
        NAMES, TEXT | ITEMS | st.sampled_from(["yes", "no", "low", "null", "1.5", "-3e4"]), max_size=5
    ),
)


def trimmed(text: str) -> str:
    """What is kept of a text: not the blank lines around it."""
    lines = "\n".join(line if line.strip() else "" for line in text.split("\n"))
    start, end = len(lines) - len(lines.lstrip("\n")), len(lines.rstrip("\n"))
    # Lines that are kept are kept whole.
    first, last = lines.count("\n", 0, start), lines.count("\n", 0, end)
    return "\n".join(text.split("\n")[first : last + 1]) if end > start else ""


def kept(value: FieldValue) -> FieldValue:
    return trimmed(value) if isinstance(value, str) else tuple(filter(None, map(trimmed, value)))


def normalised(content: NoteContent) -> NoteContent:
    """A content as it is kept: texts and items without blank lines around them, nothing that is empty."""
    texts = {
        name: kept(getattr(content, name))
        for name in (
            "reason",
            "files",
            "commands",
            "owner",
            "expected",
            "rollback",
            "assumptions",
            "cache_cleared",
            "tools",
            "stack",
            "environment",
            "host",
            "posts",
            "run",
        )
    }
    base = content.baseline
    return replace(
        content,
        **texts,  # type: ignore[arg-type]
        baseline=Baseline(
            route=trimmed(base.route),
            input=trimmed(base.input),
            symptom=trimmed(base.symptom),
            noticed=trimmed(base.noticed),
        ),
        fields={name: kept(value) for name, value in content.fields.items() if kept(value)},
    )


@settings(max_examples=100, deadline=None)
@given(CONTENTS, st.sampled_from([CHANGE, RICH]))
@example(NoteContent(reason="# x\n\n```\n## Rollback", rollback="```\n", commands=("a\n```sh\nb\n```", "````")), CHANGE)
@example(NoteContent(reason="\\# x", assumptions=("a\n```", "## b", "c\n```")), RICH)
def test_a_note_reads_back_as_it_was_written(content: NoteContent, template: NoteTemplate) -> None:
    text = TEXTS.write(content, template)
    read = TEXTS.read(text, template)
    assert read == normalised(content)
    assert TEXTS.read("\ufeff" + text.replace("\n", "\r\n"), template) == read
    assert TEXTS.write(read, template) == TEXTS.write(normalised(content), template)
    assert TEXTS.template_name(text) in (content.template, "")


@settings(max_examples=120, deadline=None)
@given(st.lists(LINE, max_size=20).map("\n".join))
def test_any_text_is_read_whole_or_refused_with_its_line(text: str) -> None:
    try:
        read = TEXTS.read(text, RICH)
    except NoteRefusedError as error:
        assert str(error).startswith("Line ")
        return
    assert TEXTS.read(TEXTS.write(read, RICH), RICH) == read


def test_the_text_of_a_note_is_pleasant_to_read() -> None:
    content = NoteContent(
        reason="Orders time out at noon\n\nThe pool was too small.",
        files=("nginx.conf", "a b.txt"),
        commands=("systemctl reload nginx", "kubectl apply -f - <<EOF\n```\nEOF"),
        owner="Ana",
        assumptions=("at most 40 workers", "the database\nhas room"),
        git=GitState(commit="a" * 40, added=3),
        fields={"old": "x"},
    )
    template = NoteTemplate(
        name="change",
        title="Change",
        fields=(
            TemplateField(
                name="rollback", label="Rollback", type=FieldType.TEXT, help="How to take it back.", required=True
            ),
            TemplateField(name="level", label="Level", type=FieldType.CHOICE, choices=("low", "high"), help="Of risk."),
        ),
    )
    assert TEXTS.write(content, template) == (
        "---\ntemplate: change\n# Of risk. One of low, high.\nlevel:\n"
        "files:\n  - nginx.conf\n  - a b.txt\nowner: Ana\n"
        f"git:\n  commit: {'a' * 40}\n  added: 3\nfields:\n  old: x\n---\n\n"
        "Orders time out at noon\n\nThe pool was too small.\n\n"
        "## Rollback\n\n<!-- help: How to take it back. Required. -->\n\n"
        "## Commands\n\n```sh\nsystemctl reload nginx\n```\n\n````sh\nkubectl apply -f - <<EOF\n```\nEOF\n````\n\n"
        "## Assumptions\n\n- at most 40 workers\n- the database\n  has room\n\n"
    )


def test_a_text_by_hand_is_read_as_it_is_meant() -> None:
    text = (
        "# Raise the pool\n\nIt was full.\n\n## rollback:\ngit revert x\n\n## Tools\n- nginx\n\n## Commands\n\n"
        "systemctl reload nginx\ndf -h\n~~~bash\nfor x in 1 2; do\n## not a heading\ndone\n~~~\n"
        "## Assumptions\n* one\nthat goes on\n\n## Bypass conditions\n```\na cookie\n```\n"
    )
    read = TEXTS.read(text, RICH)
    assert read == NoteContent(
        reason="Raise the pool\n\nIt was full.",
        template="rich",
        rollback="git revert x",
        tools=("nginx",),
        commands=("systemctl reload nginx", "df -h", "for x in 1 2; do\n## not a heading\ndone"),
        assumptions=("one\nthat goes on",),
        fields={"bypass": ("a cookie",)},
    )
    crossed = NoteTemplate(
        name="crossed",
        title="x",
        fields=(
            TemplateField(name="a", label="B", type=FieldType.TEXT),
            TemplateField(name="b", label="A", type=FieldType.TEXT),
        ),
    )
    content = NoteContent(reason="x", template="crossed", fields={"a": "1", "b": "2"})
    assert TEXTS.read(TEXTS.write(content, crossed), crossed) == content
    front = TEXTS.read("\n---\nrollback: |\n  one\n  two\ntools: nginx\ncopied: Yes\nfiles:\n---\nWhy\n", RICH)
    assert (front.rollback, front.tools, front.fields, front.files) == ("one\ntwo", ("nginx",), {"copied": "yes"}, ())
    assert TEXTS.read("---\n\nA rule above the text", CHANGE).reason == "---\n\nA rule above the text"
    assert TEXTS.read("<!-- mine -->\nWhy\n<!-- help: dropped -->", CHANGE).reason == "<!-- mine -->\nWhy"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nownr: x\n---\nWhy", "Line 2: there is no field 'ownr'; the nearest is 'owner'."),
        ("Why\n\n## Rolback\nx", "Line 3: there is no section 'Rolback'; the nearest is 'rollback'. As a part"),
        ("---\nowner: x\nWhy", "Line 1: the front matter has no closing --- line."),
        ("---\nowner: a\nowner: b\n---\n", "Line 3: 'owner' stands there twice."),
        ("---\nowner: a\n---\nx\n## Owner\n\nb", "Line 2: Owner stands there twice."),
        ("Why\n## Rule\nx\n## Rule\ny", "Line 4: Rule stands there twice."),
        ("---\nowner: &a x\n---\n", "Line 2: anchors (&) and aliases (*) are not read"),
        ("---\nhost: a\nowner: [a]\n---\n", "Line 3: owner is to be one text"),
        ("---\ncopied: maybe\n---\n", "Line 2: Tested on a copy is yes or no."),
        ("---\nseverity: lo\n---\n", "Line 2: Severity is one of low, high: very, null."),
        ("---\nhost: a\nrows: many\n---\n", "Line 3: Rows is to be a number."),
        ("---\ngit:\n  added: -1\n---\n", "Line 3: added is to be a number of lines."),
        ("---\ngit: {commit: [1]}\n---\n", "Line 2: commit is to be one text; put it in quotes."),
        ("---\ngit:\n  comit: x\n---\n", "Line 3: git has no 'comit'; the nearest is 'commit'."),
        ("---\nfields: x\n---\n", "Line 2: fields holds `name: value` lines."),
        ("---\n- a\n---\n", "Line 2: the front matter holds no `key: value` lines."),
        ("---\nhost: \x07\n---\n", "Line 2: the character U+0007 is not allowed."),
        ("Why\n\n## Commands\n```sh\nls\n", "Line 4: the block of code that begins here has no end"),
        ("Why\n\udcff", "Line 2: it is not UTF-8."),
        ("Why\n\n\x00", "Line 3: it holds a NUL character."),
        ("---\nrule: a\nfields:\n  rule: b\n---\n", "Line 3: 'rule' stands there twice."),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(NoteRefusedError) as caught:
        TEXTS.read(text, RICH)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("name", TemplateFiles(bundled_data(), bundled_data() / "templates").names())
def test_a_bundled_template_that_was_not_filled_in_reads_as_nothing(name: str) -> None:
    template = TemplateFiles(bundled_data(), bundled_data() / "templates").find(name)
    assert template is not None
    empty = NoteContent(reason="", template=name)
    assert TEXTS.read(TEXTS.write(empty, template), template) == empty


@pytest.mark.parametrize("line", ["```x\n", "```\n", "\\## a\n", "- a\n", "\n", "~~~ y\n"])
def test_long_texts_take_time_in_proportion(line: str) -> None:
    spent = []
    for length in (20_000, 80_000):
        content = NoteContent(reason=line * (length // len(line)), rollback=line * (length // len(line)))
        started = time.perf_counter()
        assert TEXTS.read(TEXTS.write(content, CHANGE), CHANGE) == normalised(content)
        spent.append(time.perf_counter() - started)
    assert spent[1] < 12 * spent[0] + 0.2
