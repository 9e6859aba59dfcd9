"""`check`: checklists from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kbtui.config import user_config_file
from kbtui.core.post import Json
from tests.cli.conftest import HOSTILE, Kbtui

RELEASE = "# Release\n\n- [ ] Tag it\n\n  ```sh\n  git tag x\n  ```\n- [ ] Verify the tag\n- [ ] Tell Ben\n"


@pytest.fixture
def checks(kbtui: Kbtui, tmp_path: Path) -> Kbtui:
    """Runs a command line on a library with checklists."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "release.md").write_text(RELEASE)
    (folder / "plain.md").write_text("---\nchecklist: [one, two]\n---\n# Plain\n\n- [ ] a\n\n1. b\n2. c\n")
    (folder / "odd.md").write_text(f"# Odd\n\n- [ ] {HOSTILE}\n")
    assert kbtui("import", folder).code == 0
    return kbtui


def begin(checks: Kbtui, *arguments: str) -> str:
    result = checks("check", "start", *(arguments or ("release",)))
    assert (result.code, len(result.lines)) == (0, 1)
    return result.lines[0][0]


def shown(checks: Kbtui, *arguments: str) -> Json:
    return checks("check", "show", *arguments, "--json").json()


def states(checks: Kbtui, *arguments: str) -> list[str]:
    return [step["state"] for step in shown(checks, *arguments)["steps"]]


def test_an_empty_name_is_not_the_only_run(checks: Kbtui) -> None:
    begin(checks)
    for command in (("done", "1", "--run"), ("show",), ("finish",), ("abandon", "--reason", "x")):
        result = checks("check", *command, "")
        assert (result.code, result.raw) == (2, b"")
        assert "name of the run is empty" in result.err
    assert states(checks) == ["todo", "todo", "todo"]


def test_a_run_from_its_beginning_to_its_end(checks: Kbtui) -> None:
    run = begin(checks)
    first = checks("check", "done", "1")
    assert (first.code, first.raw) == (0, b"")
    assert first.err == "1 of 3 steps settled, 0 failed.\n  next: 2. Verify the tag\n"
    assert checks("check", "fail", "verify", "--reason", "no tag").code == 0
    assert checks("check", "undo", "2").code == 0
    assert checks("check", "done", "verify").code == 0
    early = checks("check", "finish")
    assert (early.code, early.raw) == (1, b"")
    assert "1 step is still to be done" in early.err
    assert checks("check", "skip", "3", "--reason", "Ben is away").err.endswith(
        f"`kbtui check finish {run}` ends the run\n"
    )
    end = checks("check", "finish")
    assert [line[:2] for line in end.lines][:4] == [["run", run], ["done", "2"], ["skipped", "1"], ["failed", "0"]]
    document = shown(checks, run[:14])
    assert (document["state"], document["done"], document["skipped"]) == ("done", 2, 1)
    kinds = [event["kind"] for event in document["events"]]
    assert kinds == ["done", "failed", "undone", "done", "skipped", "finished"]
    assert checks("check", "done", "1", "--run", run).code == 1


def test_the_id_is_data_and_the_steps_are_lines(checks: Kbtui) -> None:
    run = begin(checks)
    assert checks("check", "show").lines[0][:4] == ["1", "todo", "", "Tag it"]
    ((listed, state, settled, failed, *rest),) = checks("check", "list").lines
    assert (listed, state, settled, failed, rest[-2:]) == (run, "open", "0/3", "0", ["release", "Release"])
    document = shown(checks)
    assert document["steps"][0]["commands"] == [{"text": "git tag x", "language": "sh"}]
    assert [step["gate"] for step in document["steps"]] == [False, True, False]
    assert checks("check", "start", "release", "--json").json()["total"] == 3


def test_several_steps_are_looked_up_before_one_is_changed(checks: Kbtui) -> None:
    begin(checks)
    assert checks("check", "done", "1", "nothing like it").code == 1
    assert states(checks) == ["todo"] * 3
    assert checks("check", "done", "1", "3", "--json").json()["done"] == 2
    assert states(checks) == ["done", "todo", "done"]


@pytest.mark.parametrize("verb", ["skip", "fail"])
def test_a_reason_is_asked_for(checks: Kbtui, verb: str) -> None:
    begin(checks)
    for arguments in ((), ("--reason", ""), ("--reason", "  ")):
        result = checks("check", verb, "1", *arguments)
        assert (result.code, result.err) == (2, "kbtui: Say why, with --reason TEXT.\n")
    assert states(checks) == ["todo"] * 3


def test_which_run_is_meant_must_be_clear(checks: Kbtui) -> None:
    assert checks("check", "done", "1").err == "kbtui: No run is open; `kbtui check list` shows what there is.\n"
    one, two = begin(checks), begin(checks)
    unclear = checks("check", "done", "1")
    assert (unclear.code, unclear.raw) == (1, b"")
    assert one in unclear.err
    assert two in unclear.err
    assert checks("check", "done", "1", "--run", one).code == 0
    assert checks("check", "abandon", two, "--reason", "twice").code == 0
    assert states(checks) == ["done", "todo", "todo"]
    assert shown(checks, two)["reason"] == "twice"
    assert [line[0] for line in checks("check", "list").lines] == [one, two]
    assert [line[0] for line in checks("check", "list", "--state", "abandoned").lines] == [two]
    assert checks("check", "list", "--post", "plain").code == 1


def test_which_checklist_is_meant(checks: Kbtui) -> None:
    started = checks("check", "start", "plain", "--json")
    assert (started.json()["checklist"], started.err) == ("tasks", "The post also has: --list field (2 steps).\n")
    assert shown(checks, begin(checks, "plain", "--list", "field"))["steps"][1]["text"] == "two"
    assert shown(checks, begin(checks, "plain", "--list", "list-1"))["total"] == 2
    unknown = checks("check", "start", "plain", "--list", "x")
    assert unknown.code == 1
    assert "Choose one of its lists: tasks (1 steps); field (2 steps); list-1 (2 steps)." in unknown.err
    assert checks("check", "start", "nothing").code == 1


def test_notes_and_evidence_come_from_arguments_files_and_standard_input(checks: Kbtui, tmp_path: Path) -> None:
    run = begin(checks)
    (tmp_path / "plan.txt").write_bytes(b"Seq Scan \xff\n")
    assert checks("check", "note", "1", "odd").code == 0
    assert checks("check", "note", "1", "-", stdin=b"from a pipe\n").code == 0
    assert checks("check", "evidence", "2", tmp_path / "plan.txt").code == 0
    assert checks("check", "evidence", "2", "-", stdin=b"```\n\x1b[31mred\n").code == 0
    assert checks("check", "evidence", "2", tmp_path / "none.txt").code == 2
    assert checks("check", "evidence", "2", "-", stdin=b"").code == 2
    first, second, _ = shown(checks)["steps"]
    assert first["notes"] == ["odd", "from a pipe"]
    assert [(one["from"], one["event"]) for one in second["evidence"]] == [("plan.txt", 3), ("", 4)]
    document = checks("check", "show", run, "--markdown").out
    assert "  Seq Scan �\n" in document
    assert "  ````text\n  ```\n  ␛[31mred\n  ````\n" in document


def test_evidence_beyond_the_limit_is_refused_with_the_limit(checks: Kbtui, tmp_path: Path) -> None:
    begin(checks)
    (tmp_path / "big.log").write_bytes(b"x" * 20_000_000)
    for result in (
        checks("check", "evidence", "1", tmp_path / "big.log"),
        checks("check", "evidence", "1", "-", stdin=b"x" * 1_000_001),
        checks("check", "note", "1", "-", stdin=b"x" * 1_000_001),
    ):
        assert result.code == 1
        assert "is larger than 1 MB and was not taken" in result.err
    user_config_file().parent.mkdir(parents=True, exist_ok=True)
    user_config_file().write_text("evidence_limit_mb = 20\n")
    assert checks("check", "evidence", "1", tmp_path / "big.log").code == 0


def test_what_changed_since_the_last_run_is_told_first(checks: Kbtui, tmp_path: Path) -> None:
    begin(checks)
    checks("check", "done", "1", "2", "3")
    checks("check", "finish")
    changed = RELEASE.replace("git tag x", "git tag y").replace("Tell Ben", "Tell Ben and Ann") + "- [ ] Sleep\n"
    (tmp_path / "lists" / "release.md").write_text(changed)
    checks("import", tmp_path / "lists")
    told = checks("check", "start", "release")
    assert told.err.splitlines()[0].startswith("Changed since the run 01")
    assert told.err.splitlines()[1:] == [
        "  changed: Tag it (what belongs to it)",
        "  changed: Tell Ben -> Tell Ben and Ann",
        "  added: Sleep",
    ]


def test_proposed_changes(checks: Kbtui) -> None:
    run = begin(checks)
    assert checks("check", "redline").err == "No proposed change waits for a decision.\n"
    assert checks("check", "redline", "1", "Tag **and sign** it").err.startswith(
        f"This is proposal 1 of the run {run}.\n"
    )
    assert checks("check", "redline", "3", "-", stdin=b"Tell Ann\n").code == 0
    assert [line[1:] for line in checks("check", "redline").lines] == [
        ["1", "release", "1", "Tag **and sign** it"],
        ["2", "release", "3", "Tell Ann"],
    ]
    assert [one["number"] for one in checks("check", "redline", "--json").json()] == [1, 2]
    taken = checks("check", "redline", "--take", "1")
    assert (taken.code, taken.err.splitlines()[0]) == (0, "Took proposal 1 into 'release', revision 2.")
    assert "imports leave it alone" in taken.err
    assert "- [ ] Tag **and sign** it\n" in checks("show", "release", "--raw").out
    assert checks("check", "redline", "--decline", "2").code == 2
    assert checks("check", "redline", "--decline", "2", "--reason", "Ann left").code == 0
    assert checks("check", "redline", "--take", "2").code == 1
    assert checks("check", "redline", "1").code == 2
    assert checks("check", "redline", "1", "x", "--take", "1").code == 2
    assert "(revision 1, now 2)" in checks("check", "show").err


def test_history_of_a_post(checks: Kbtui) -> None:
    assert checks("check", "history", "release").code == 1
    run = begin(checks)
    checks("check", "done", "1", "2")
    checks("check", "fail", "3", "--reason", "Ben is away")
    checks("check", "finish")
    told = checks("check", "history", "release")
    assert (told.lines[0][:2], told.lines[0][4:]) == ([run, "done"], ["2", "0", "1"])
    assert told.lines[1] == ["failed", "1", "Tell Ben"]
    document = checks("check", "history", "release", "--json").json()
    assert document["last_successful"] is None
    assert document["runs"][0]["seconds"] >= 0
    begin(checks)
    checks("check", "done", "1", "2", "3")
    checks("check", "finish")
    assert "Last successful run: " in checks("check", "history", "release").err


def test_on_a_terminal_a_gate_asks_and_nothing_hostile_gets_through(checks: Kbtui) -> None:
    checks("check", "start", "odd", terminal=True)
    drawn = checks("check", "show", terminal=True).out
    assert "[ ] 1 a ␛]0;owned␇ title" in drawn
    assert not {"\x1b", "\x07", "\u202e", "\u200b"} & set(drawn)
    raw = checks("check", "show", "--json", terminal=True).out
    assert "\x1b" not in raw
    assert "\x1b" in json.loads(raw)["steps"][0]["text"]
    checks("check", "abandon", "--reason", "x")
    begin(checks)
    refused = checks("check", "done", "2", terminal=True)
    assert refused.code == 130
    assert states(checks) == ["todo"] * 3
    assert checks("check", "done", "1", terminal=True).code == 0


def test_a_run_of_500_steps(checks: Kbtui, tmp_path: Path) -> None:
    (tmp_path / "lists" / "long.md").write_text("# Long\n\n" + "".join(f"- [ ] step {n:03}\n" for n in range(500)))
    checks("import", tmp_path / "lists")
    begin(checks, "long")
    assert checks("check", "done", *map(str, range(1, 251))).code == 0
    document = shown(checks)
    assert (document["done"], document["todo"], len(document["events"])) == (250, 250, 250)
