"""The histories that bash, zsh and fish write."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbtui.core.workplace import HistoryCommand
from kbtui.system.workplace import SystemWorkplace

NOON = datetime.fromtimestamp(1_690_000_000, UTC)


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HISTFILE", "ZDOTDIR", "fish_history", "SHELL"):
        monkeypatch.delenv(name, raising=False)


def kept(home: Path, name: str, text: str | bytes) -> Path:
    """Writes a history into the home of the test."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def history(limit: int = 50) -> list[HistoryCommand]:
    return SystemWorkplace().history(limit)


def texts(limit: int = 50) -> list[str]:
    return [command.text for command in history(limit)]


def test_bash_without_times(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    kept(isolated, ".bash_history", "ls\ndf -h\n\nls\n# a comment\n  uptime  \n")
    assert history() == [HistoryCommand(text) for text in ("uptime", "# a comment", "ls", "df -h")]
    assert texts(2) == ["uptime", "# a comment"]
    assert texts(0) == []


def test_bash_with_times(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/local/bin/bash")
    kept(isolated, ".bash_history", "old\n#1690000000\nfor x in *; do\n  echo $x\ndone\n#1690000060\nls\n")
    assert history() == [
        HistoryCommand("ls", datetime.fromtimestamp(1_690_000_060, UTC)),
        HistoryCommand("for x in *; do\n  echo $x\ndone", NOON),
        HistoryCommand("old"),
    ]


def test_zsh(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/zsh")
    # Bytes from 83 to A2 stand behind an 83, their sixth bit turned: `É` is C3 89, `é` is C3 A9.
    written = (
        b": 1690000000:0;for x in *; do\\\n  echo $x\\\ndone\nplain\n: 1690000000:12;echo CAF\xc3\x83\xa9 \xc3\xa9\n"
    )
    kept(isolated, ".zsh_history", written)
    assert history() == [
        HistoryCommand("echo CAFÉ é", NOON),
        HistoryCommand("plain"),
        HistoryCommand("for x in *; do\n  echo $x\ndone", NOON),
    ]


def test_fish(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    first = "- cmd: echo a\\nb \\\\n\n  when: 1690000000\n  paths:\n    - a\n"
    kept(isolated, ".local/share/fish/fish_history", f"{first}- cmd: ls: x\n  when: 1690000000\n- cmd: last\n")
    assert history() == [
        HistoryCommand("last"),
        HistoryCommand("ls: x", NOON),
        HistoryCommand("echo a\nb \\n", NOON),
    ]


def test_commands_of_kbtui_itself_are_left_out(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    ours = ["kbtui", "kbtui note new", "A=1 kbtui changes", "~/.local/bin/kbtui x", "python3 -m kbtui", "sudo kbtui x"]
    others = ["vi kbtui.toml", "kbtui-helper x", "cd kbtui", "echo kbtui"]
    kept(isolated, ".bash_history", "\n".join([*ours, *others]))
    assert texts() == others[::-1]


def test_the_file_that_the_shell_was_told_counts(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(isolated, ".bash_history", "usual\n")
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.setenv("HISTFILE", str(kept(isolated, "own/history", "own\n")))
    assert texts() == ["own"]
    for nothing in (os.devnull, "", str(isolated)):
        monkeypatch.setenv("HISTFILE", nothing)
        assert texts() == []


def test_without_a_shell_that_is_known_the_last_written_history_counts(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert texts() == []
    monkeypatch.setenv("SHELL", "/bin/nu")
    os.utime(kept(isolated, ".bash_history", "of bash\n"), (1, 1))
    os.utime(kept(isolated, ".zsh_history", ": 1690000000:0;of zsh\n"), (2, 2))
    assert texts() == ["of zsh"]
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert texts() == ["of zsh"]
    monkeypatch.setenv("SHELL", "/bin/bash")
    assert texts() == ["of bash"]


def test_of_a_large_file_only_the_end_is_read(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    kept(isolated, ".bash_history", "x" * 49 + "\n" + "".join(f"echo {n:044}\n" for n in range(2_000_000)))
    started = time.process_time()
    found = texts(100)
    assert time.process_time() - started < 1
    assert found[0].endswith("1999999")
    assert len(found) == 100
    assert all(len(text) == 49 for text in texts(1_000_000))


def test_a_history_that_may_not_be_read_is_none(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/bash")
    path = kept(isolated, ".bash_history", "ls\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert texts() == []


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read(name: str, data: st.DataObject, isolated: Path) -> None:
    pieces = [
        b"\n",
        b"\\",
        b"\x83",
        b": 1690000000:0;",
        b"#1690000000\n",
        b"- cmd: ",
        b"  when: 99999999999\n",
        b"\x00",
        b"\xff",
    ]
    written = b"".join(data.draw(st.lists(st.sampled_from(pieces) | st.binary(max_size=5), max_size=20)))
    file = {"bash": ".bash_history", "zsh": ".zsh_history", "fish": ".local/share/fish/fish_history"}[name]
    kept(isolated, file, written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHELL", f"/bin/{name}")
        found = history()
    assert len({command.text for command in found}) == len(found)
    assert all(command.text.strip() for command in found)
    assert all("\x00" not in command.text and command.text.encode() for command in found)
