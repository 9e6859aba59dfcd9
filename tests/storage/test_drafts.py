"""Texts that are not saved yet lie in files that nobody else can read."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kbtui.core.errors import LibraryUnavailableError
from kbtui.storage.drafts import FileDrafts
from tests.factories import NASTY, texts


@pytest.fixture
def drafts(tmp_path: Path) -> FileDrafts:
    return FileDrafts(tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts(200), name=texts(90))
def test_any_text_is_read_as_it_was_kept(drafts: FileDrafts, text: str, name: str) -> None:
    path = drafts.keep(name, text)
    assert drafts.read(path) == text
    drafts.discard(path)
    assert drafts.read(path) is None


def test_bytes_that_are_no_text_survive(drafts: FileDrafts) -> None:
    path = drafts.keep("x", "")
    path.write_bytes(b"a\xff\r\nb")
    text = drafts.read(path)
    assert text is not None
    assert drafts.keep("y", text).read_bytes() == b"a\xff\r\nb"
    assert drafts.read(drafts.keep("z", "lone \ud800")) == "lone \\ud800"


def test_every_text_has_a_file_of_its_own_inside_the_folder(drafts: FileDrafts, tmp_path: Path) -> None:
    paths = [drafts.keep(name, "text") for name in (*NASTY, *NASTY)]
    assert {path.parent for path in paths} == {tmp_path / "drafts"}
    assert sorted(drafts.left()) == sorted(set(paths))
    assert len(set(paths)) == 2 * len(NASTY)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX modes")
def test_nobody_else_can_read_them(drafts: FileDrafts) -> None:
    before = os.umask(0)
    try:
        path = drafts.keep("x", "secret")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_other_files_are_left_alone(drafts: FileDrafts, tmp_path: Path) -> None:
    other = tmp_path / "page.md"
    other.write_text("mine")
    drafts.discard(other)
    drafts.discard(Path("-"))
    drafts.discard(tmp_path / "drafts" / "gone.md")
    assert other.read_text() == "mine"
    assert drafts.left() == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file")
    with pytest.raises(LibraryUnavailableError, match="drafts"):
        FileDrafts(tmp_path).keep("x", "text")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=texts(20, surrogates=True), one=texts(50), other=texts(50))
def test_a_key_holds_the_last_text(drafts: FileDrafts, key: str, one: str, other: str) -> None:
    drafts.keep_as(key, one)
    drafts.keep_as(key, other)
    assert drafts.kept() == [other]
    drafts.forget(key)
    drafts.forget(key)
    assert drafts.kept() == []


def test_the_last_kept_key_comes_first_and_is_no_text_of_an_editor(drafts: FileDrafts, tmp_path: Path) -> None:
    path = drafts.keep("x", "of an editor")
    for number, key in enumerate(NASTY):
        drafts.keep_as(key, str(number))
        for file in (tmp_path / "drafts").glob("*.draft"):
            os.utime(file, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns - 10**9))
    assert drafts.kept() == [str(number) for number in range(len(NASTY))][::-1]
    assert drafts.left() == [path]
    assert {file.parent for file in tmp_path.rglob("*.draft")} == {tmp_path / "drafts"}
