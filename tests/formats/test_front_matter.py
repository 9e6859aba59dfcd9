"""Front matter: what is read, what is kept as text, and that nothing takes long."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.formats.front_matter import MAX_SIZE, split
from tests.linear import Repeated, assert_linear


def test_scalars_stay_as_written() -> None:
    parts = split(
        "---\nversion: 1.10\nanswer: no\ntime: 12:30:00\ndate: 2020-01-02\nhex: 0x1F\nempty:\n"
        "nothing: null\ntilde: ~\nquoted: 'null'\nblank: ''\non: on\n---\nbody\n"
    )
    assert parts.warnings == ()
    assert parts.body == "body\n"
    assert parts.metadata == {
        "version": "1.10",
        "answer": "no",
        "time": "12:30:00",
        "date": "2020-01-02",
        "hex": "0x1F",
        "empty": None,
        "nothing": None,
        "tilde": None,
        "quoted": "null",
        "blank": "",
        "on": "on",
    }


def test_nested_values_and_text_blocks() -> None:
    parts = split("---\na: [x, y]\nb:\n  - c: d\n    e: f\ng: |\n  one\n  two\n...\nbody")
    assert parts.metadata == {"a": ["x", "y"], "b": [{"c": "d", "e": "f"}], "g": "one\ntwo\n"}
    assert parts.body == "body"


@pytest.mark.parametrize(
    "text", ["", "body", "----\na: b\n---\n", " ---\na: b\n---\n", "---\n\nA rule above.\n", "--- x\n"]
)
def test_text_without_front_matter_is_all_body(text: str) -> None:
    parts = split(text)
    assert (dict(parts.metadata), parts.body, parts.warnings) == ({}, text, ())


def test_empty_block_is_taken_off() -> None:
    assert split("---\n---\nbody").body == "body"
    assert split("---\n# only a comment\n---\nbody").metadata == {}


def test_block_may_end_the_file() -> None:
    assert split("---\ntitle: x\n---").metadata == {"title": "x"}


def test_toml() -> None:
    parts = split(
        '+++\ntitle = "x"\ndate = 2020-01-02T03:04:05Z\nday = 2021-02-03\nweight = 10\nratio = 1.10\n'
        'draft = true\n[extra]\ntags = ["a", "b"]\ntime = 12:30:00\n+++\nbody\n'
    )
    assert parts.warnings == ()
    assert parts.metadata == {
        "title": "x",
        "date": "2020-01-02T03:04:05+00:00",
        "day": "2021-02-03",
        "weight": 10,
        "ratio": 1.1,
        "draft": True,
        "extra": {"tags": ["a", "b"], "time": "12:30:00"},
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("---\ntitle: a: b\n---\nbody", "line 2", "mapping values"),
        ("---\nok: 1\nlist: [a, b\n---\nbody", "line 4", "expected ',' or ']'"),
        ("---\nok: 1\n\tbad: 2\n---\nbody", "line 3", "cannot start any token"),
        ("---\n- a\n- b\n---\nbody", "line 2", "`key: value`"),
        ("---\njust words\n---\nbody", "line 2", "`key: value`"),
        ("---\na: &x 1\nb: *x\n---\nbody", "line 2", "anchors"),
        ("---\na: *x\n---\nbody", "line 2", "aliases"),
        ("---\na: !!python/object:os.system x\n---\nbody", "line 2", "tags"),
        ("---\na: 1\nb: !x 1\n---\nbody", "line 3", "tags"),
        ("---\n? [a]\n: b\n---\nbody", "line 2", "a key must be"),
        ("---\na: b\nc: \x07\n---\nbody", "line 3", "U+0007"),
        ('---\na: "\\UFFFFFFFF"\n---\nbody', "", ""),
        ("---\ntitle: never closed\nbody", "line 1", "no closing"),
        ("+++\na = \n+++\nbody", "line 2", "Invalid value"),
        ("+++\na = 1\na = 2\n+++\nbody", "line 3", "overwrite"),
        ("+++\na = " + "9" * 5000 + "\n+++\nbody", "", "4300 digits"),
        ("---\na: b\n--- !!x\n---\nbody", "", ""),
    ],
)
def test_broken_block_stays_in_the_body_with_a_reason(text: str, line: str, reason: str) -> None:
    parts = split(text)
    assert parts.metadata == {}
    assert parts.body == text
    (warning,) = parts.warnings
    assert line in warning
    assert reason in warning


def test_repeated_key_is_told_and_the_last_counts() -> None:
    parts = split("---\na: 1\nb: 2\na: 3\n---\nbody")
    assert parts.metadata == {"a": "3", "b": "2"}
    assert parts.warnings == ("line 4: 'a' stands there again; the last one counts",)


def test_many_repeated_keys_are_told_in_few_words() -> None:
    parts = split("---\n" + "a: 1\n" * 100 + "---\nbody")
    assert parts.metadata == {"a": "1"}
    assert len(parts.warnings) == 6
    assert parts.warnings[-1] == "94 more keys stand there again"


def laughs() -> str:
    levels = "\n".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return f"a: &a [lol]\n{levels}\n"


MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))


@pytest.mark.parametrize("block", [laughs(), MERGE_BOMB], ids=["laughs", "merges"])
def test_yaml_that_stands_for_gigabytes_is_not_read(block: str) -> None:
    parts = split(f"---\n{block}\n---\nbody\n")
    assert parts.metadata == {}
    assert "anchors (&) and aliases (*) are not read" in parts.warnings[0]


@pytest.mark.parametrize(
    "block_of",
    [
        Repeated("["),
        Repeated("[", before="a: "),
        Repeated("{a: ", before="a: "),
        Repeated("- "),
        Repeated("? "),
        pytest.param(lambda n: "\n".join(" " * k + "a:" for k in range(isqrt(n))), id="stairs"),
        Repeated(" \n", before="a: 'x"),
        Repeated("x ", before="a: "),
        Repeated("  x\n", before="a: |\n"),
        pytest.param(lambda n: "".join(f"k{k}: v\n" for k in range(n // 10)), id="keys"),
        Repeated("b, ", before="a: [", after="]"),
        Repeated("!"),
        Repeated("&"),
        Repeated("%"),
        Repeated("\\", before='"'),
        Repeated("a: b\n"),
        Repeated("9", before="a: "),
        Repeated("x", before="x" * MAX_SIZE),
    ],
    ids=str,
)
def test_hostile_yaml_is_quick(block_of: Callable[[int], str]) -> None:
    def read(block: str) -> None:
        text = f"---\n{block}\n---\nbody\n"
        parts = split(text)
        assert parts.body == text or parts.metadata

    assert_linear(read, block_of, MAX_SIZE // 9)


@pytest.mark.parametrize(
    "block_of",
    [
        Repeated("[", before="a = "),
        Repeated("{a=", before="a = "),
        Repeated("a.", after="a = 1"),
        Repeated("a.", before="[", after="a]"),
        Repeated("[[a]]\n"),
        pytest.param(lambda n: "".join(f"k{k} = 1\n" for k in range(n // 10)), id="keys"),
        Repeated("x", before="a = '''"),
        Repeated("\\", before='a = "'),
    ],
    ids=str,
)
def test_hostile_toml_is_quick(block_of: Callable[[int], str]) -> None:
    def read(block: str) -> None:
        text = f"+++\n{block}\n+++\nbody\n"
        parts = split(text)
        assert parts.body == text or parts.metadata

    assert_linear(read, block_of, MAX_SIZE // 9)


def test_depth_has_a_limit() -> None:
    assert split(f"---\na: {'[' * 15}x{']' * 15}\n---\n").metadata
    assert "nested deeper than 20" in split(f"---\na: {'[' * 25}x{']' * 25}\n---\n").warnings[0]


@given(
    st.text(alphabet=st.sampled_from("-+.:[]{}\"'&*!|>#%? \n\tab1=,"), max_size=80),
    st.sampled_from(["---", "+++"]),
)
def test_no_block_loses_text_or_raises(block: str, fence: str) -> None:
    text = f"{fence}\n{block}\n{fence}\nbody\n"
    parts = split(text)
    assert text.endswith(parts.body)
    assert parts.body == text or "\nbody\n" in "\n" + parts.body
