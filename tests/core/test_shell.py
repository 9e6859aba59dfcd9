"""The commands of a page are those that a reader would type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.commands.shell import MOST_COMMANDS, command_words
from tests.factories import texts
from tests.linear import Repeated, assert_linear


def in_block(script: str, language: str = "bash") -> list[str]:
    return command_words(f"Before `code` and text.\n\n```{language}\n{script}\n```\n\nafter\n")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("systemctl restart nginx", ["systemctl"]),
        ("sudo systemctl restart nginx", ["systemctl"]),
        ("sudo -u postgres psql -c 'select 1'", ["psql"]),
        ("sudo -n env -i A=1 nohup time -p ls", ["ls"]),
        ('FOO=1 BAR="a b" make -j4', ["make"]),
        ("/usr/sbin/nginx -t; ./deploy.sh; $HOME/bin/tool x", ["nginx", "deploy.sh", "tool"]),
        ("journalctl -u nginx | grep 502|sort && echo ok || exit 1", ["journalctl", "grep", "sort", "echo", "exit"]),
        ("x=$(date +%s)\ny=`hostname -f`\n(cd /tmp && tar xf a)", ["date", "hostname", "cd", "tar"]),
        ("curl -s http://x \\\n  | jq .", ["curl", "jq"]),
        ("grep 'a | b' f\ngrep \"c; d && e\" f", ["grep"]),
        ("# don't restart it\nls # it's; true\nps", ["ls", "ps"]),
        ("psql <<EOF\nselect 1;\ndrop table x;\nEOF\nls", ["psql", "ls"]),
        ("cat <<-'END' > /etc/x\n\tinner command\n\tEND\nls", ["cat", "ls"]),
        ("psql <<EOF\nselect 1;\nnever ended", ["psql"]),
        ("cat <<\\EOF\ninner command\nEOF\nls", ["cat", "ls"]),
        ("for f in a b; do\n  wc -l $f\ndone", ["wc"]),
        ("if ! grep -q a b; then kubectl get pods; else oc status; fi", ["grep", "kubectl", "oc"]),
        ("while read line; do echo $line; done", ["read", "echo"]),
        ("case $1 in\n  start) systemctl start x ;;\nesac", []),
        ("backup() {\n  pg_dump x\n}", ["pg_dump"]),
        ("tar {{[-x|--extract]}} {{[-f|--file]}} {{a|b}}", ["tar"]),
        ("ls > out 2>&1\nls &> out\nls &", ["ls"]),
        ("<placeholder> x\n$VAR y\n-o z\n123 z", []),
        ("ls\nls -l\nps\nls", ["ls", "ps"]),
    ],
)
def test_commands_of_a_script(script: str, expected: list[str]) -> None:
    assert in_block(script) == expected


SESSION = """$ oc get pods
NAME     READY
web      1/1
[root@host ~]# df -h | sort
Filesystem used
user@host:~/x$ du -sh
(venv) $ pip install x \\
    | tee log
"""


@pytest.mark.parametrize(
    "language", ["console", "shell-session", "bash-session", "bash", "tcsh", "", "Shell", "{.bash}", "sh title=x"]
)
def test_of_a_session_only_what_is_typed(language: str) -> None:
    assert in_block(SESSION, language) == ["oc", "df", "sort", "du", "pip", "tee"]


def test_a_session_of_root() -> None:
    assert in_block("# lsblk\nNAME SIZE\n# mount /dev/x", "console") == ["lsblk", "mount"]


@pytest.mark.parametrize("language", ["python", "yaml", "text", "json"])
def test_other_languages_are_no_shell(language: str) -> None:
    assert in_block("$ ls\nps", language) == []


def test_a_block_without_language_or_prompt_may_be_anything() -> None:
    assert in_block("kubectl get pods", "") == []


def test_lines_of_one_code_span_as_in_tldr() -> None:
    page = "# tar\n\n> Archives.\n\n- Create:\n\n`tar cf {{file}}`\n\n- Pack:\n\n`sudo gzip {{a|b}} | wc -c`\n"
    assert command_words(page) == ["tar", "gzip", "wc"]
    assert command_words("`ls -l`") == ["ls"]
    assert command_words("Set\n`max_connections`\nor `ls -l` in a line\n`ls -l` first\n") == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("  ~~~sh\n  ls\n  ~~~\nps x\n", ["ls"]),
        ("````sh\n```\nls\n````\n\n```sh\nps\n```", ["ls", "ps"]),
        ("```sh\nls", ["ls"]),
        ("```sh\nls\n~~~\ndf\n```", ["ls", "df"]),
        ("text ```sh\nls\n", []),
        ("```a`b\n\n```sh\nls\n```", ["ls"]),
    ],
)
def test_fences(page: str, expected: list[str]) -> None:
    assert command_words(page) == expected


def test_there_are_at_most_so_many() -> None:
    assert in_block("\n".join(f"tool{n}x" for n in range(100))) == [f"tool{n}x" for n in range(MOST_COMMANDS)]


@given(
    st.lists(st.sampled_from(["```sh\n", "```\n", "~~~\n", "$ ", "ls ", "'", '"', "\\", "|", "<<A\n", "`a b`\n", "{{"]))
)
def test_any_text_has_commands_that_stand_in_it(parts: list[str]) -> None:
    text = "".join(parts)
    assert all(name in text for name in command_words(text))


@given(texts(200, surrogates=True))
def test_any_text_is_read(text: str) -> None:
    command_words(text)
    assert all(name in text for name in command_words(f"```sh\n{text}"))


@pytest.mark.parametrize(
    "piece",
    [
        "```",
        "``` ",
        "```\n",
        "`",
        "\n`x",
        "{",
        "'\"",
        "a",
        "a=",
        "sudo ",
        "| ",
        "<<a\n",
        "\\",
        "a@",
        "\n$ ",
        " ",
        "env -u ",
        '"\\',
        "(",
        "#",
    ],
)
@pytest.mark.parametrize("start", ["", "```sh\n", "```console\n"])
def test_a_hostile_page_takes_no_time(piece: str, start: str) -> None:
    assert_linear(command_words, Repeated(piece, before=start), 12_500)
