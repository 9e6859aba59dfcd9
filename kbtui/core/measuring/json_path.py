"""The way to a value in a JSON document: `.latency.p95`, `.runs[0].mean`, `.["a key"]`, `[-1]`."""

from __future__ import annotations

import json
import re

_STEP = re.compile(r"""\.?\[(-?\d{1,9})\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.([^\s.\[\]"]+)""", re.ASCII)
_LONGEST = 1_000

Step = str | int
"""A key of an object, or a place in an array; from its end where it is below zero."""


def read_json_path(path: str) -> tuple[Step, ...]:
    """The steps of a path: `.key`, `["any key"]` and `[number]`, as jq writes them; `.` alone is the document.

    Raises `ValueError` with the end of a sentence that says where it is not understood.
    """
    if path == ".":
        return ()
    steps: list[Step] = []
    at = 0
    while at < len(path[:_LONGEST]):
        found = _STEP.match(path, at)
        if found is None:
            break
        steps.append(_step(found))
        at = found.end()
    if at < len(path) or not steps:
        raise ValueError(f'is not understood at character {at + 1}; write it as in .a.b[0] or .["a key"]')
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found[1] is not None:
        return int(found[1])
    if found[3] is not None:
        return found[3]
    try:
        return str(json.loads(f'"{found[2]}"'))
    except ValueError as error:
        raise ValueError(f"has a key that is no JSON string: {found[2]!r}") from error


def value_at(document: str, steps: tuple[Step, ...]) -> object:
    """The value at the path in a text of JSON.

    Raises `ValueError` with a sentence's part where the text is no JSON, or `LookupError` where nothing is there.
    """
    try:
        value: object = json.loads(document, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError("the output is no JSON") from error
    for step in steps:
        try:
            value = _inside(value, step)
        except LookupError as error:
            raise LookupError(f"the output has no {step!r} there") from error
    return value


def _inside(value: object, step: Step) -> object:
    if isinstance(step, str) and isinstance(value, dict):
        return value[step]
    if isinstance(step, int) and isinstance(value, list):
        return value[step]
    raise LookupError


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")
