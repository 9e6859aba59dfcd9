"""The way to a value in JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.measuring.json_path import read_json_path, value_at

DOCUMENT = json.dumps({"latency": {"p95": 12.5, "a key": "3 ms", 'a"b]': 1}, "runs": [{"mean": 1}, {"mean": 2}]})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (".latency.p95", 12.5),
        (".runs[0].mean", 1),
        (".runs[-1].mean", 2),
        ('.latency["a key"]', "3 ms"),
        ('.["latency"].["p95"]', 12.5),
        ('.latency["a\\"b]"]', 1),
        (".", json.loads(DOCUMENT)),
    ],
)
def test_a_path_leads_to_its_value(path: str, value: object) -> None:
    assert value_at(DOCUMENT, read_json_path(path)) == value


@pytest.mark.parametrize("path", ["", "latency", "..a", ".a..b", ".a[", ".a[x]", ".a b", ".a | .b", '.["x]', ".a[1e3]"])
def test_a_path_that_is_none_is_refused_with_the_place(path: str) -> None:
    with pytest.raises(ValueError, match=r"at character \d+;"):
        read_json_path(path)


@pytest.mark.parametrize("path", [".nothing", ".runs[2]", ".runs[-3]", ".runs.mean", ".latency[0]", ".latency.p95.x"])
def test_where_nothing_is_the_step_is_named(path: str) -> None:
    with pytest.raises(LookupError, match="the output has no"):
        value_at(DOCUMENT, read_json_path(path))


@pytest.mark.parametrize("text", ["", "no json", "[NaN]", "[" * 100_000, '{"a": 1', "1 2"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        value_at(text, ())


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(0, 3)), min_size=1, max_size=5))
def test_any_key_can_be_written(steps: list[str | int]) -> None:
    path = "".join(f"[{json.dumps(step)}]" for step in steps)
    assert read_json_path("." + path) == tuple(steps)
    value: object = 42
    for step in reversed(steps):
        value = {step: value} if isinstance(step, str) else [*[None] * step, value]
    assert value_at(json.dumps(value), tuple(steps)) == 42
