"""What is copied of a code block, and what is said of its characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.commands.console import Copy, copyable, warnings, without_prompt
from kbtui.core.text import is_line_safe
from tests.factories import NASTY
from tests.linear import Repeated, assert_linear


@pytest.mark.parametrize(
    ("language", "code", "text", "left_out"),
    [
        ("console", "$ ls\nfile\n", "ls", ("file",)),
        ("bash", "$ ls -l\ntotal 0\n\n$ cd /\n", "ls -l\ncd /", ("total 0",)),
        ("", "  $ ls\n  file\n", "ls", ("  file",)),
        ("bash", "# list\n$ ls\n# done\n", "ls", ("# list", "# done")),
        ("console", "$ oc debug node/x\n# chroot /host\n# crictl ps\n", "oc debug node/x\nchroot /host\ncrictl ps", ()),
        ("console", "# List the pods\n$ kubectl get pods\n", "kubectl get pods", ("# List the pods",)),
        ("sh", "% ls\nfile\n", "ls", ("file",)),
        ("", "root@db-1:~# df -h\n/dev/sda1 99%\nroot@db-1:~# ", "df -h", ("/dev/sda1 99%",)),
        ("", "me@local:~/src (main)$ ls", "ls", ()),
        ("", "[root@x ~]# ls", "ls", ()),
        ("", "[me@x /var/log]$ ls", "ls", ()),
        ("bash", "(venv) $ pip install x", "pip install x", ()),
        ("bash", "sh-5.1# ceph -s\n  cluster:\n", "ceph -s", ("  cluster:",)),
        ("powershell", "PS C:\\Users\\me> Get-Date\n\nMonday\n", "Get-Date", ("Monday",)),
        ("", "C:\\> dir", "dir", ()),
        ("python", ">>> for x in y:\n...     print(x)\n...\n1\n", "for x in y:\n    print(x)\n", ("1",)),
        ("sql", "mysql> select 1\n    -> from t;\n+---+\n", "select 1\nfrom t;", ("+---+",)),
        ("", "app=# select 1\napp-# ;\n(1 row)\n", "select 1\n;", ("(1 row)",)),
        ("", "127.0.0.1:6379> info\n# Server\n", "info", ("# Server",)),
        ("", "$ ./steamcmd.sh\nSteam> exit\n", "./steamcmd.sh\nexit", ()),
        ("console", "[edit]\nroot@vsrx# commit\n", "commit", ("[edit]",)),
    ],
)
def test_of_a_session_what_was_typed_is_copied(language: str, code: str, text: str, left_out: tuple[str, ...]) -> None:
    copy = copyable(code, language)
    assert (copy.text, copy.left_out) == (text, left_out)
    assert copy.prompts


@pytest.mark.parametrize(
    "command",
    [
        "oc get pods \\\n  -n x \\\n  -o wide",
        "cat <<EOF | oc apply -f -\n$ not a prompt\n  kind: x  \nEOF",
        "cat <<-'END' > x\n\tone\n\tEND",
        "cat <<A <<B\n1\nA\n2\nB",
        "oc patch x -p '{\n  \"a\": 1\n}'",
        'echo "one\ntwo" three',
        "a |\n  b &&\n  c",
        "for x in 1 2; do\n  echo $x\ndone",
        'if true; then\n  echo "don\'t"\nfi',
        "while read x\ndo\n  echo $x\ndone < file",
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_a_command_is_kept_whole(command: str, mark: str) -> None:
    first, *rest = command.split("\n")
    session = "\n".join([f"$ {first}", *(mark + line for line in rest), "output", "$ next", "output"])
    assert copyable(session, "console") == Copy(f"{command}\nnext", 2, ("output", "output"))


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("bash", "# install it\napt install x\n"),
        ("bash", "ls\nls -l\n\n# end"),
        ("console", "kubectl get pods\nkubectl get nodes"),
        ("console", "# Check the pods\nkubectl get pods\n"),
        ("", "mysql -u root -p\nmysql> select 1;"),
        ("tex", "% a comment\n\\begin{x}"),
        ("yaml", "# a: b\nc: d"),
        ("markdown", "> quoted\n\n# heading"),
        ("php", "$x = 1;\n"),
        ("makefile", "all:\n\techo $@\n"),
        ("diff", "> new\n< old"),
        ("", ""),
    ],
)
def test_any_other_block_is_copied_as_it_is(language: str, code: str) -> None:
    assert copyable(code, language) == Copy(code.rstrip("\n"))


def test_output_that_looks_like_a_continuation_is_output() -> None:
    session = "$ curl -v x\n* Trying\n> GET / HTTP/1.1\n$ echo it's\noutput\n$ ls\n"
    assert copyable(session, "console").text == "curl -v x\necho it's\noutput\nls"


def test_a_carriage_return_ends_a_line() -> None:
    assert copyable("$ ls\r\nfile\r\n", "console") == Copy("ls", 1, ("file",))


@pytest.mark.parametrize(
    "prompt", ["$ ", "  $ ", "me@host:~/x$ ", "[root@x ~]# ", "sh-5.1# ", "(venv) $ ", "mysql> ", "% ", ""]
)
def test_a_line_without_its_prompt(prompt: str) -> None:
    assert without_prompt(f"{prompt}ls -l") == "ls -l"
    assert without_prompt("# ls") == "# ls"
    assert without_prompt("# ls", "console") == "ls"


@given(st.text(), st.sampled_from(("", "bash", "console", "python", "yaml")))
def test_nothing_hidden_is_copied(code: str, language: str) -> None:
    copy = copyable(code, language)
    assert all(is_line_safe(line.replace("\t", " ")) for line in (*copy.text.split("\n"), *copy.left_out))


@given(
    st.lists(st.sampled_from(("$ ls", "# x", "> y", "z \\", "$ cat <<EOF", "EOF", "'", ">>> a", "... b", "", "a> b")))
)
def test_each_line_is_copied_or_left_out(lines: list[str]) -> None:
    copy = copyable("\n".join(lines), "console")
    kept = [line for line in (*copy.text.split("\n"), *copy.left_out) if line.strip()]
    assert len(kept) <= len([line for line in lines if line.strip()])
    assert copy.prompts or copy == Copy("\n".join(lines).rstrip("\n"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("rm \u202efdp.txt", "hidden character U+202E right-to-left override"),
        ("ls\u200b -l", "hidden character U+200B zero width space"),
        ("ls \x1b[2J", "hidden character U+001B"),
        ("ls\u00a0-l", "unusual blank U+00A0 no-break space"),
        ("curl https://аpple.com", "letters of another script in аpple"),
        ("ls –l", "not the plain character: U+2013 en dash"),
        ("echo “x”", "not the plain character: U+201C left double quotation mark"),
        ("ｃd /", "not the plain character: U+FF43 fullwidth latin small letter c"),
        ("rm\U000e0041", "hidden character U+E0041 tag latin capital letter a"),
    ],
)
def test_what_is_not_what_it_looks_like_is_named(code: str, expected: str) -> None:
    assert expected in warnings(f"{code}\n")


@pytest.mark.parametrize(
    "code", ["ls -l\t\n", "echo 'Привет мир'\r\n", "echo 日本語 naïve 5 μs – so", "printf '└── 👩‍💻'", ""]
)
def test_plain_code_and_other_scripts_bring_no_warning(code: str) -> None:
    assert warnings(code) == []


@given(st.text() | st.text("aе\u3164\u200b\xa0") | st.sampled_from(NASTY))
def test_warnings_are_safe_to_show(text: str) -> None:
    assert all(map(is_line_safe, warnings(text)))


@pytest.mark.parametrize(
    "text",
    [
        Repeated("x\n", before="$ cat <<EOF\n"),
        Repeated("x\n", before="$ it's\n"),
        Repeated("if\n", before="$ if\n"),
        *map(Repeated, ["$ a \\\n", "$ a\n", "a@b ", "(a) ", "$ '\"\n", "$ <<A "]),
    ],
    ids=str,
)
def test_long_sessions_take_time_in_proportion(text: Repeated) -> None:
    assert_linear(lambda code: (copyable(code, "console"), warnings(code)), text, 4_000)
