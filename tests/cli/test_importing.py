"""`import` and `import log`."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from kbtui.library.importing import Importing
from tests.cli.conftest import Kbtui, spawn


def test_an_import_tells_what_it_did_on_standard_error(kbtui: Kbtui, pages: Path) -> None:
    result = kbtui("import", pages)
    assert (result.code, result.raw) == (0, b"")
    assert result.err.startswith("runbooks: 4 added, 0 updated, 0 unchanged, 0 removed in ")


def test_importing_again_says_that_nothing_changed(filled: Kbtui, pages: Path) -> None:
    assert "nothing changed, 4 unchanged" in filled("import", pages).err


def test_json_is_one_object_with_the_promised_keys(kbtui: Kbtui, pages: Path) -> None:
    (pages / "broken.json").write_bytes(b"\xff\xfe{")
    (pages / "picture.png").write_bytes(b"")
    result = kbtui("import", pages, "--json")
    report = result.json()
    assert result.code == 0
    assert {name: report[name] for name in ("added", "updated", "unchanged", "removed")} == {
        "added": 4,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
    }
    assert [sorted(refused) for refused in report["refused"]] == [["path", "reason"]]
    assert report["refused"][0]["path"] == "broken.json"
    assert report["skipped"] == {".png": 1}
    assert "passed over 1 file: 1 .png" in result.err


def test_several_paths_are_summed(kbtui: Kbtui, pages: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.md").write_text("# one")
    (other / "bad.json").write_text("{")
    report = kbtui("import", pages, other, "--json").json()
    assert (report["added"], report["source"], len(report["refused"])) == (5, "runbooks, other", 1)


def test_prune_removes_what_is_gone(filled: Kbtui, pages: Path) -> None:
    (pages / "hostile.md").unlink()
    assert "  would remove hostile.md\n" in filled("import", pages, "--prune", "--dry-run").err
    assert "  removed hostile.md\n" in filled("import", pages, "--prune").err
    assert len(filled("list").lines) == 3


def test_only_the_first_removed_posts_are_listed(filled: Kbtui, pages: Path, tmp_path: Path) -> None:
    others = [tmp_path / "one", tmp_path / "two"]
    for folder in others:
        folder.mkdir()
        for number in range(12):
            (folder / f"{number:02d}.md").write_text(f"# {folder.name} {number}")
    filled("import", *others)
    for page in (page for folder in others for page in folder.iterdir()):
        page.unlink()
    err = filled("import", *others, "--prune", "--dry-run").err
    assert (err.count("  would remove "), err.count("… and 2 more: --verbose\n")) == (20, 2)
    assert filled("import", *others, "--prune", "--dry-run", "--verbose").err.count("  would remove ") == 24
    report = filled("import", *others, "--prune", "--json").json()
    assert (report["removed"], sorted(set(report["removed_paths"]))) == (24, [f"{n:02d}.md" for n in range(12)])


def test_a_dry_run_writes_nothing(kbtui: Kbtui, pages: Path) -> None:
    assert "runbooks, dry run: 4 added" in kbtui("import", pages, "--dry-run").err
    assert kbtui("list").code == 1
    assert kbtui("import", "log").code == 1


def test_a_path_that_is_not_there_is_said_before_anything_is_imported(kbtui: Kbtui, pages: Path) -> None:
    result = kbtui("import", pages, "nowhere")
    assert (result.code, result.err) == (2, "kbtui: There is nothing at nowhere; name a file or a folder.\n")
    assert kbtui("list").code == 1


@pytest.mark.parametrize("arguments", [("-",), (), (".", ".", "--source", "x"), (".", "--bogus")])
def test_wrong_usage(kbtui: Kbtui, arguments: tuple[str, ...]) -> None:
    result = kbtui("import", *arguments)
    assert result.code == 2
    assert result.err.startswith("kbtui: ")


def test_everything_refused_is_a_failure(kbtui: Kbtui, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.json").write_text("{")
    result = kbtui("import", tmp_path / "bad")
    assert result.code == 1
    assert "  refused a.json: " in result.err


def test_only_the_first_refused_files_are_listed(kbtui: Kbtui, pages: Path) -> None:
    for number in range(13):
        (pages / f"{number:02d}.json").write_text("{")
    err = kbtui("import", pages).err
    assert err.count("  refused ") == 10
    assert "… and 3 more: --verbose, or kbtui import log" in err
    assert kbtui("import", pages, "--verbose").err.count("  refused ") == 13


def test_the_log_and_its_problems(kbtui: Kbtui, pages: Path) -> None:
    (pages / "broken.json").write_text("{")
    kbtui("import", pages)
    run, source, _, state, counts, problems = kbtui("import", "log").lines[0]
    assert (source, state, counts, problems) == ("runbooks", "done", "4 added", "1 problem")
    assert kbtui("import", "log", "--problems", run).lines[0][:2] == ["refused", "broken.json"]
    assert kbtui("import", "log", "--json").json()[0]["state"] == "done"
    assert kbtui("import", "log", "--problems", "99").code == 1
    assert kbtui("--library", "empty", "import", "log", "--problems", "1").code == 1
    (pages / "broken.json").unlink()
    kbtui("import", pages)
    assert kbtui("import", "log", "--problems", str(int(run) + 1)).err == f"Run {int(run) + 1} had no problems.\n"
    assert "broken.json" in kbtui("import", "log", "--problems", run, terminal=True).out


def test_a_folder_named_log_is_imported_as_a_path(kbtui: Kbtui) -> None:
    Path("log").mkdir()
    Path("log/page.md").write_text("# page")
    assert "log: 1 added" in kbtui("import", "./log").err


def test_an_interruption_says_how_to_go_on(kbtui: Kbtui, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Importing, "_take_in", interrupted)
    result = kbtui("import", pages)
    assert result.code == 130
    assert "run the same command again" in result.err


@pytest.mark.skipif(os.name != "posix", reason="needs SIGINT")
def test_a_real_interrupt_ends_with_130_and_no_traceback() -> None:
    started = spawn("synth", "--count", "1000000")
    assert started.stdout is not None
    started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)
    assert (started.returncode, err) == (130, b"kbtui: Interrupted.\n")
