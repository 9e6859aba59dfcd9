"""JSON from a stranger: no NaN, no number beyond 64 bits, no nesting that the rest of the program would choke on."""

from __future__ import annotations

import json

from kbtui.core.post import Json
from kbtui.formats.values import deeper_than, storable_json, written_float, written_int

MAX_DEPTH = 50


class JsonProblemError(Exception):
    """The text is no JSON that kbtui takes; `line` counts from 1 and is 0 where the trouble has no place."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def load(text: str) -> Json:
    """The value of a JSON text. Numbers too large or too fine for JSON and NaN are strings, as they were written."""
    try:
        value = json.loads(text, parse_int=written_int, parse_float=written_float, parse_constant=str)
    except json.JSONDecodeError as error:
        raise JsonProblemError(f"not JSON: {error.msg} at column {error.colno}", error.lineno) from error
    except RecursionError as error:
        raise JsonProblemError(f"nested deeper than {MAX_DEPTH} levels") from error
    if deeper_than(value, MAX_DEPTH):
        raise JsonProblemError(f"nested deeper than {MAX_DEPTH} levels")
    return storable_json(value)
