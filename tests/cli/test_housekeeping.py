"""`stats`, `index`, `doctor`, `config`, `completions`, `synth`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kbtui.config import user_config_file
from kbtui.library.health import Finding, Health
from tests.cli.conftest import Kbtui, process


def test_stats(filled: Kbtui) -> None:
    assert filled("stats", "--json").json()["posts"] == 4
    assert ["posts", "4"] in filled("stats").lines
    assert "posts" in filled("stats", terminal=True).out


def test_the_index_is_looked_at_and_rebuilt(filled: Kbtui) -> None:
    assert filled("index", "status", "--json").json()["documents"] == 4
    assert ["pending", "0"] in filled("index", "status").lines
    assert filled("index", "rebuild", "--json").json()["indexed"] == 4
    assert filled("index").raw == filled("index", "status").raw
    assert filled("index", "nonsense").code == 2


def test_a_sound_library(filled: Kbtui) -> None:
    Path.home().joinpath(".local/share/kbtui").chmod(0o700)
    result = filled("doctor")
    assert (result.code, {line[0] for line in result.lines}) == (0, {"ok"})
    assert filled("doctor", "--json").json()["healthy"] is True


def test_a_finding_ends_with_1_and_a_remedy(filled: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Health, "findings", lambda _: [Finding("store"), Finding("index", "it is gone", "rebuild it")])
    result = filled("doctor")
    assert result.code == 1
    assert result.lines == [["ok", "store", "", ""], ["problem", "index", "it is gone", "rebuild it"]]
    assert filled("doctor", "--json").json()["healthy"] is False


def test_a_newer_library_is_left_alone(filled: Kbtui) -> None:
    path = Path.home() / ".local/share/kbtui/kb.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    result = filled("list")
    assert result.code == 3
    assert "upgrade kbtui" in result.err


def test_a_foreign_file_is_left_alone(kbtui: Kbtui, tmp_path: Path) -> None:
    (tmp_path / "kb.sqlite3").write_text("not a database" * 100)
    assert kbtui("--library", tmp_path, "list").code == 3
    assert kbtui("--library", "", "list").code == 2


def test_a_library_of_an_unknown_user_is_wrong_usage(kbtui: Kbtui) -> None:
    result = kbtui("--library", "~no-such-user/x", "list")
    assert (result.code, result.raw) == (2, b"")
    assert result.err == "kbtui: The library ~no-such-user/x cannot be found: there is no such user.\n"


def test_config_shows_values_and_where_they_come_from(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KBTUI_THEME", "nord")
    assert ["theme", "nord", "KBTUI_THEME"] in kbtui("config").lines
    shown = kbtui("--library", "here", "config", "--json").json()
    assert shown["library"]["origin"] == "--library"
    assert shown["library"]["value"] == str(Path("here").resolve())
    assert shown["stale_after_days"]["value"] == 365


def test_a_wrong_configuration_names_file_and_key(kbtui: Kbtui) -> None:
    file = user_config_file()
    file.parent.mkdir(parents=True)
    file.write_text('thme = "nord"\n')
    result = kbtui("list")
    assert result.code == 2
    assert str(file) in result.err
    assert "'theme'" in result.err
    assert kbtui("config", "path").out == f"{file}\n"
    assert kbtui("--version").code == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(kbtui: Kbtui, shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = kbtui("completions", shell).out
    assert "_KBTUI_COMPLETE" in script
    monkeypatch.setenv("SHELL", f"/bin/{shell}")
    assert kbtui("completions").out == script


def test_no_completions_for_other_shells(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kbtui("completions", "csh").code == 2
    monkeypatch.setenv("SHELL", "")
    assert kbtui("completions").code == 2


def completed(words: str, **environment: str) -> list[str]:
    parts = words.split(" ")
    env = {"_KBTUI_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(parts) - 1), **environment}
    result = process(env=env)
    assert result.err == ""
    return [line.partition(",")[2] for line in result.out.splitlines() if line]


def test_the_shell_completes_verbs_and_slugs(filled: Kbtui) -> None:
    assert completed("kbtui se") == ["search"]
    assert completed("kbtui show ng") == ["nginx-502"]
    assert completed("kbtui show ng", KBTUI_LIBRARY="/nowhere/at/all") == []


def test_synthetic_posts_are_json_lines_and_the_same_for_a_seed(kbtui: Kbtui) -> None:
    posts = [json.loads(line) for line in kbtui("synth", "--count", "3").out.splitlines()]
    assert len({post["title"] for post in posts}) == 3
    assert kbtui("synth", "--count", "3").raw == kbtui("synth", "--count", "3", "--jsonl").raw
    assert kbtui("synth", "--count", "3").raw != kbtui("synth", "--count", "3", "--seed", "2").raw


def test_synthetic_posts_in_the_library(kbtui: Kbtui) -> None:
    assert "synthetic: 5 added" in kbtui("synth", "--count", "5", "--import").err
    assert "nothing changed" in kbtui("synth", "--count", "5", "--import").err
    assert {post["source"] for post in kbtui("list", "--json").json()} == {"synthetic"}


def test_synthetic_posts_as_files(kbtui: Kbtui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbtui.cli.synthetic.PER_FOLDER", 2)
    assert "3 files written, 0 there already" in kbtui("synth", "--count", "3", "--output", "made").err
    files = sorted(path.relative_to("made").as_posix() for path in Path("made").rglob("*.*"))
    assert files == ["000/000000.md", "000/000001.md", "001/000002.md"]
    Path("made/000/000000.md").write_text("torn")
    assert "1 file written, 2 there already" in kbtui("synth", "--count", "3", "--output", "made").err
    assert kbtui("import", "made", "--json").json()["added"] == 3
    Path("file").write_text("")
    assert kbtui("synth", "--count", "1", "--output", "file").code == 3
    assert kbtui("synth", "--output", "x", "--import").code == 2
