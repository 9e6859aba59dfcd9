"""Whatever is typed or pasted is answered by the index, and an index that may not be written still answers."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.__main__ import run
from kbtui.core.post import FACETS
from kbtui.core.searching.query import parse_query
from kbtui.core.searching.results import SearchHit, SearchResults
from kbtui.core.text import is_line_safe
from kbtui.library import Library
from tests.corpora import CORPORA
from tests.factories import NASTY, a_post, full_post, texts
from tests.linear import Repeated

LIMIT = 10
NOBODY = 65_534
LETTERS = "abcdefghijklmnopqrstuvwxyz"
JOURNAL = "Jan 02 10:00:03 web-01 kernel: Out of memory: Killed process 4242 (postgres) total-vm:1kB [disk] <full>\n"

PIECES = (
    *("disk", "fu*", "*", "a*", "-disk", '"disk is full"', '"', '"disk', "(", ")", "()", "-(", "OR", "AND", "NOT"),
    *("tool:df", "-tool:df", 'tool:"', "tool:", "tool:*", "nofield:x", "meta.a:b", "has:x", "is:draft", "title:"),
    *("views:>", "views:>1k", "updated:2024..", "updated:<0d", "reviewed:>9999999999999d", "..", ",", "a,b", "\\", "-"),
    *("\ud800", "\x00", "\x1b[2J", "\u202e", "日本", "ﬁ", "[[", "{{x}}", "$HOME", "%", "_", "'", "--", ":", "::", "*a"),
)
ALMOST = (
    *("NOT NOT", "OR OR OR", "disk OR", "OR disk", "disk AND OR", "colour:red", "nofield:", "::disk", "a:b:c", "-x:y"),
    *('""', 'disk"', '"disk" "', 'tool:"df', 'tool:""', '-"', ")(", "((disk)", "(disk))", "(disk OR", "(()())", "***"),
)


@pytest.fixture
def filled(library: Library) -> Library:
    """An indexed library of a few dozen posts, the bodies of which are hostile too."""
    hostile = [
        a_post(title=f"Page {n:02}", body=f"The disk of host{n} is full {text} after {text}.\n\n{text}", tools=("df",))
        for n, text in enumerate(NASTY * 2)
    ]
    library.importing.save([*hostile, full_post()], "made")
    library.indexing.bring_up_to_date()
    return library


def answered(library: Library, text: str) -> SearchResults:
    """What a query finds, as typed and as it is being typed; both answers were looked at."""
    for typing in (True, False):
        results = library.searching.search(parse_query(text, typing=typing), limit=LIMIT, facets=FACETS)
        assert_sound(results)
        assert results.notice == "", "the index did not answer"
    return results


def assert_sound(results: SearchResults) -> None:
    assert isinstance(results, SearchResults)
    assert len(results) == min(LIMIT, results.total)
    assert results.complete <= results.total
    for hit in results:
        assert isinstance(hit, SearchHit)
        assert is_line_safe(hit.snippet.text)
        assert all(0 <= start < end <= len(hit.snippet.text) for start, end in hit.snippet.marks)


def test_what_is_asked_for_is_there(filled: Library) -> None:
    assert answered(filled, "disk full").total == len(NASTY) * 2
    assert answered(filled, "host7 disk").hits[0].post.title == "Page 07"


def test_what_is_almost_syntax_is_answered(filled: Library) -> None:
    for text in (*PIECES, *ALMOST):
        answered(filled, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("* " * 1_000, id="stars"),
        pytest.param("*" * 1_000, id="a word of stars"),
        pytest.param(" ".join(f"{letter}*" for letter in LETTERS * 39), id="prefixes"),
        pytest.param(" ".join(f"-{letter}*" for letter in LETTERS * 39), id="exclusions"),
        pytest.param(" OR ".join(f"{letter}*" for letter in LETTERS * 39), id="alternatives"),
        pytest.param("(" * 5_000, id="opened"),
        pytest.param(")" * 5_000, id="closed"),
        pytest.param("(a " * 400 + ")" * 400, id="deep"),
        pytest.param('"' * 5_001, id="quotes"),
        pytest.param("-" * 5_000, id="minuses"),
        pytest.param("tool:" * 1_000, id="fields"),
        pytest.param("views:>" + "9" * 1_900, id="a large number"),
        pytest.param("updated:>" + "9" * 1_900 + "d", id="long ago"),
    ],
)
def test_a_long_query_is_answered(filled: Library, text: str) -> None:
    answered(filled, text)


def test_one_letter_finds_what_begins_with_it(filled: Library) -> None:
    for letter in (*LETTERS, *LETTERS.upper(), *"0123456789", "é", "日", "ß"):
        answered(filled, letter)
        answered(filled, f"{letter}*")
    assert answered(filled, "f*").total == len(NASTY) * 2


@pytest.mark.parametrize("text_of", map(Repeated, ("disk full ", JOURNAL, "(", '"', "a", "tool:df ", "\x1b[")), ids=str)
def test_a_megabyte_is_answered(filled: Library, text_of: Repeated) -> None:
    text = text_of(1_000_000)
    answered(filled, text)
    assert_sound(filled.searching.match([text], limit=LIMIT, facets=FACETS))


def test_naughty_strings_are_answered(filled: Library) -> None:
    file = CORPORA / "naughty-strings" / "blns.json"
    if not file.exists():
        pytest.skip("the corpus is not here")
    for text in json.loads(file.read_text(encoding="utf-8")):
        answered(filled, text)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts(80, surrogates=True) | st.lists(st.sampled_from(PIECES) | texts(6), max_size=12).map(" ".join))
def test_any_text_is_answered(filled: Library, text: str) -> None:
    answered(filled, text)


# An index that may not be written

UNREACHABLE = 77


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX modes")
@pytest.mark.parametrize("kept", [True, False], ids=["read-only", "absent"])
def test_an_index_that_cannot_be_written_is_no_reason_not_to_answer(kept: bool) -> None:
    # Not the folder of the test, which only its user may enter.
    with tempfile.TemporaryDirectory() as home:
        script = f"from {__name__} import with_a_locked_index; with_a_locked_index({home!r}, kept={kept})"
        folders = {f"XDG_{name}_HOME": str(Path(home, name)) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        environment = {**os.environ, **folders, "HOME": home, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=home, env=environment, capture_output=True, check=False
        )
    if done.returncode == UNREACHABLE:
        pytest.skip("another user cannot enter the folder of temporary files")
    assert done.stderr == b""
    saved, found, saved_before = json.loads(done.stdout)
    assert (saved["code"], found["code"]) == (0, 0), (saved, found)
    assert saved["out"] == ""
    assert saved["err"].startswith("pages: 1 added")
    assert found["out"].startswith("latency\tRedis latency\t")
    # What was saved meanwhile is found, or it is said why it may not be.
    assert saved_before["out"].startswith("new\tNovel trouble\t") or "not indexed yet" in saved_before["err"]
    for told in (saved, found, saved_before):
        assert len(told["err"].splitlines()) <= 2
        assert "Traceback" not in told["err"]
        assert "should not" not in told["err"]


def with_a_locked_index(home: str, *, kept: bool) -> None:
    """In a process of its own: makes a library and its index, gives up the right to write that, saves and searches.

    Writes as JSON what each command said. Without `kept` the index is deleted as well.
    """
    commands = (["import", f"{home}/pages"], ["search", "latency"], ["search", "novel"])
    page = Path(home, "pages", "latency.md")
    page.parent.mkdir()
    page.write_text("# Redis latency\n\nSlow commands.\n", encoding="utf-8")
    # Also loads every module: they may lie where the other user cannot read.
    for command in commands:
        _said(command)
    page.with_name("new.md").write_text("# Novel trouble\n\nNobody saw it before.\n", encoding="utf-8")
    indexes = Path(home, "CACHE", "kbtui", "index")
    if not kept:
        shutil.rmtree(next(indexes.iterdir()))
    for place in (*indexes.rglob("*"), indexes):
        place.chmod(0o500 if place.is_dir() else 0o400)
    _become_nobody(Path(home))
    if not os.access(home, os.W_OK):
        sys.exit(UNREACHABLE)
    assert not os.access(indexes, os.W_OK)
    sys.stdout.write(json.dumps([_said(command) for command in commands]))


def _become_nobody(home: Path) -> None:
    """To root no mode is an obstacle: it gives the folder away and goes on as a user without rights."""
    if os.geteuid() == 0:
        for place in (home, *home.rglob("*")):
            os.chown(place, NOBODY, NOBODY)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _said(command: list[str]) -> dict[str, object]:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = run(command)
    return {"code": code, **{name: _text(stream) for name, stream in (("out", out), ("err", err))}}


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
