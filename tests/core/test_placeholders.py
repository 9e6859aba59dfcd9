"""What is to be filled in in a block of code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.commands.placeholders import Placeholder, assigned_variables, fill, find_placeholders
from tests.linear import Repeated, assert_linear


def names(code: str, language: str = "bash") -> list[str]:
    return [placeholder.name for placeholder in find_placeholders(code, language)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("tar -xf {{path/to/file}} -C {{dir}}", ["path/to/file", "dir"]),
        ("echo {{path/to/file1 path/to/file2 ...}}", ["path/to/file1 path/to/file2 ..."]),
        ("fping {{192.168.1.{1..254}}}", ["192.168.1.{1..254}"]),
        ('echo \'{{{"key": "value"}}}\'', ['{"key": "value"}']),
        ("ssh {{ host }}", ["host"]),
        ("kubectl logs <pod> -n <my namespace>", ["pod", "my namespace"]),
        ("ssh <user>@<host> tail -<n> /x/<path/to/file>", ["user", "host", "n", "path/to/file"]),
        ("gcloud config set project YOUR_PROJECT_ID", ["YOUR_PROJECT_ID"]),
        ("gcloud config set project [YOUR_PROJECT_ID]", ["YOUR_PROJECT_ID"]),
        ('oc -n "$NS" get pod ${POD}', ["NS", "POD"]),
        ("a <x> {{y}} $Z <x>", ["x", "y", "Z"]),
        ('cat <<EOF > <file>\nit\'s $NAME\nEOF\necho "$OTHER"', ["file", "NAME", "OTHER"]),
        ("docker run -e PASSWORD=$PASSWORD x", ["PASSWORD"]),
        ("oc events --for pod/<pod>", ["pod"]),
    ],
)
def test_what_is_filled_in(code: str, expected: list[str]) -> None:
    assert names(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "cat <<EOF\nx\nEOF",
        "sort <in.txt >out.txt",
        "if (( a < b && c > d )); then",
        "mail -s x < body > log",
        "awk '{print $1, $NF}' file",
        "awk '$NAME > 3' file",
        "echo \\$NAME $$ $? $# $1 ${1}",
        "cd $HOME; echo $PATH $XDG_CONFIG_HOME ${USER}",
        "docker ps --format '{{.Names}}: {{json .State}}'",
        "oc get x -o go-template='{{range .items}}{{ .metadata.name }}{{\"\\n\"}}{{end}}'",
        "# the value of $NAME",
        "cat <<'EOF'\n$NAME\nEOF",
        "echo ${{ github.ref }} ${NAME:-x} ${NAME%.*} ${#NAME}",
        "{{< shortcode >}} {{% other %}} {{$labels.pod}} {{/if}}",
        "pod   10.0.0.1   <none>   <unset>",
        "press <Enter> and <Ctrl c>",
        "#include <stdio.h>",
        "List<String> x",
        "echo '<b>x</b> <i>'",
        "diff <(ls a) <(ls b)",
        "echo MY_PROJECT [NAME] [A-Z]",
    ],
)
def test_what_is_not(code: str) -> None:
    assert names(code) == []


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("NS=x", "NS"),
        ("export NS=x", "NS"),
        ('A="x y" NS=$(oc project -q) cmd', "NS"),
        ("for NS in a b", "NS"),
        ("oc get ns | while IFS= read -r NS", "NS"),
        ("read -p 'which? ' A NS", "NS"),
        ("if true; then NS=x", "NS"),
        ("local -r NS=x", "NS"),
        ("printf -v NS %s x", "NS"),
        ("mapfile -t NS < x", "NS"),
        ("set -gx NS value", "NS"),
        ("NS+=(a)", "NS"),
    ],
)
def test_a_variable_that_the_script_assigns_is_not_asked_for(script: str, name: str) -> None:
    assert name in assigned_variables(script)
    assert name not in names(f"{script}\noc -n ${name} get pods")


def test_languages_with_brackets_braces_or_dollars_of_their_own() -> None:
    code = "<pod> {{name}} $NS YOUR_KEY"
    assert names(code, "bash") == names(code, "") == ["pod", "name", "NS", "YOUR_KEY"]
    assert names(code, "yaml") == ["pod", "name", "YOUR_KEY"]
    assert names(code, "java") == ["name", "YOUR_KEY"]
    assert names(code, "jinja") == ["pod", "YOUR_KEY"]
    assert names("{{ name }}", "yaml") == []
    assert names("$scope.x $NS", "") == ["NS"]


def test_choices_and_options() -> None:
    assert find_placeholders("tail {{[-f|--follow]}} {{a|b}} {{ls | wc}} {{[c|create]}}") == [
        Placeholder("[-f|--follow]", "{{[-f|--follow]}}", ("-f", "--follow"), "--follow"),
        Placeholder("a|b", "{{a|b}}", ("a", "b")),
        Placeholder("[c|create]", "{{[c|create]}}", ("c", "create"), "create"),
    ]


def test_each_place_of_a_name_is_filled() -> None:
    code = "oc -n \"$NS\" get <pod>; oc -n ${NS} logs <pod> {{pod}} <other> [YOUR_ID] '$NS'"
    values = {"NS": "my ns; x", "pod": "web-1", "other": "", "YOUR_ID": "7"}
    assert fill(code, values, "bash") == "oc -n \"my ns; x\" get web-1; oc -n my ns; x logs web-1 web-1 <other> 7 '$NS'"


PIECES = "{{a}} {{path/to/x}} {{[-f|--follow]}} <pod> <my-name> $NS ${POD} YOUR_ID [YOUR_K] 'x' \"$Q\" a=1 | > # && {}"


@given(st.lists(st.sampled_from(PIECES.split())).map(" ".join))
def test_when_all_is_filled_in_nothing_is_left(code: str) -> None:
    found = find_placeholders(code, "bash")
    filled = fill(code, {placeholder.name: "v1" for placeholder in found}, "bash")
    assert find_placeholders(filled, "bash") == []
    assert len({placeholder.name for placeholder in found}) == len(found)
    assert all(placeholder.written in code for placeholder in found)


@given(st.one_of(st.text(), st.text("{}<>$[]|'\"\\#=AYOURb_ \n")), st.sampled_from(("", "bash", "yaml", "html")))
def test_without_values_nothing_changes(code: str, language: str) -> None:
    assert fill(code, {}, language) == code
    assert fill(code, {placeholder.name: "" for placeholder in find_placeholders(code, language)}, language) == code


@given(st.text("{}<>$[]|'\"\\#=AYOURb_ \n"))
def test_other_text_stays(code: str) -> None:
    found = find_placeholders(code)
    filled = fill(code, {placeholder.name: "\0" for placeholder in found})
    assert re.fullmatch("(?s)" + ".+?".join(map(re.escape, filled.split("\0"))), code)


@pytest.mark.parametrize(
    "text",
    list(
        map(
            Repeated,
            ["{{a", "{{{", "<a ", "<<A\n", "$A", "'", '"', "YOUR_", "A=", "A=$(", "read ", "for A ", "{{a}}", "<"],
        )
    ),
    ids=str,
)
def test_hostile_code_takes_time_in_proportion(text: Repeated) -> None:
    assert_linear(find_placeholders, text, 4_000)
