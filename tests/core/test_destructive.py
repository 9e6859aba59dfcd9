"""Which commands destroy something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.commands.destructive import Destruction, destruction, destructions
from kbtui.core.commands.destructive_commands import COMMANDS
from kbtui.core.commands.destructive_rules import Rule
from kbtui.core.commands.destructive_statements import STATEMENTS
from tests.linear import Repeated, assert_linear

RULES = (*COMMANDS, *STATEMENTS)
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
HARMLESS = [example for rule in RULES for example in rule.harmless]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_each_rule_finds_its_examples(rule: Rule, example: str) -> None:
    assert destruction(example) == rule.what


@pytest.mark.parametrize("example", HARMLESS)
def test_what_is_harmless_is_not_marked(example: str) -> None:
    assert destruction(example) == ""


@pytest.mark.parametrize(
    ("code", "language", "lines"),
    [
        ("ls\nrm -rf x\nls", "bash", [1]),
        ("$ ls\nx\n$ sudo rm -rf x\n", "console", [2]),
        ("# rm -rf x\n# reboot", "bash", []),
        ("# rm -rf x\n# reboot", "console", [0, 1]),
        ("kubectl -n x \\\n  delete pod \\\n  web\nls", "bash", [0]),
        ("docker ps\nls\ndocker rm -f \\\n  $(docker ps -aq)", "", [2]),
        ("psql <<EOF\nselect 1;\nDROP TABLE x;\nEOF", "bash", [2]),
        ("DELETE FROM t\nWHERE id = 3;\nDELETE FROM u;", "sql", [2]),
        ("UPDATE t\nSET a = 1\nWHERE id = 3;", "sql", []),
        ("echo 'DROP TABLE x' | psql", "bash", [0]),
        ("rm -rf x", "python", []),
        ("DROP TABLE x;", "sql", [0]),
        ("rm -rf x", "sql", []),
        ("if true; then rm -rf x; fi", "bash", [0]),
        ("for x in *; do\n  rm -f $x\ndone", "bash", [1]),
        ("A=1 rm -rf x", "bash", [0]),
        ("true && ( rm -rf x )", "bash", [0]),
        ("x=$(rm -rf y)", "bash", [0]),
        ("ssh host sudo rm -rf x", "bash", [0]),
        ("docker exec -it web rm -rf /cache", "bash", [0]),
        ("chroot /mnt rm -rf x", "bash", [0]),
        ("timeout 5 rm -rf x", "bash", [0]),
        ("root@db:~# mkfs.xfs /dev/sdb", "", [0]),
        ("sh-5.1# rm -rf /host/x", "bash", [0]),
        ("", "bash", []),
    ],
)
def test_the_lines_of_a_block(code: str, language: str, lines: list[int]) -> None:
    assert [found.line for found in destructions(code, language)] == lines


def test_what_a_line_does_is_said_in_words() -> None:
    assert destructions("git status\ngit push -f", "bash") == [Destruction(1, "overwrites or deletes a remote branch")]


@given(st.text() | st.text("rm -fdelt\\\n'\"$(){}|;&<>#"), st.sampled_from(("", "bash", "console", "sql", "yaml")))
def test_lines_are_lines_of_the_block(code: str, language: str) -> None:
    found = [destruction.line for destruction in destructions(code, language)]
    assert found == sorted(set(found))
    assert all(line < len(code.split("\n")) for line in found)


@given(
    st.sampled_from([example for rule in COMMANDS for example in rule.examples if not example.startswith(("$", ":"))])
)
def test_what_stands_before_a_command_changes_nothing(example: str) -> None:
    for before in ("sudo ", "$ ", "cd x && ", "me@host:~/x$ ", "  ", "true; ", "time "):
        assert destruction(before + example) == destruction(example)


@pytest.mark.parametrize(
    "text",
    list(
        map(
            Repeated,
            [
                "rm ",
                "rm -",
                "delete from ",
                "git push ",
                "sudo ",
                "'",
                '"',
                "{{",
                "<a",
                "drop table x ",
                "a@b ",
                "rm -f x\n",
                "rm \\\n",
                "ssh a ",
                "aws ",
                "db.a",
                "update t set a ",
                "alter table x\n",
                "delete from x returning\n",
                "x -- rm -f ",
                "$(",
                "xargs -I ",
            ],
        )
    ),
    ids=str,
)
def test_hostile_code_takes_time_in_proportion(text: Repeated) -> None:
    assert_linear(destructions, text, 4_000)
