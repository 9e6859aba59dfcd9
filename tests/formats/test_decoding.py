"""Bytes to text."""

from __future__ import annotations

import codecs
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtui.core.errors import RefusedFileError
from kbtui.core.text import storable
from kbtui.formats.decoding import decode

TEXT = "# Größe\n\nnginx → 502 – “quoted”, 日本語 🙂\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_marked_encodings(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + TEXT.encode(encoding))
    assert decoded.text == TEXT
    assert decoded.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(encoding: str) -> None:
    assert decode("# Title\r\n\r\nbödy\r\n".encode(encoding)).text == "# Title\n\nbödy\n"


def test_every_newline_becomes_one() -> None:
    assert decode(b"a\r\nb\rc\nd\r\r\n").text == "a\nb\nc\nd\n\n"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"text and one \x00 NUL",
        b"\x7fELF" + bytes(range(1, 32)) * 4,
        bytes(range(256)) * 8,
        b"\x01\x02\x03\x04\x05" * 30,
    ],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFileError, match="a binary file, not text"):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + b"\n\x00", "\u3000".encode()]
)
def test_nothing_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFileError, match="the file is empty"):
        decode(data)


def test_colours_of_a_terminal_are_no_binary() -> None:
    assert "\x1b[31m" in decode(b"\x1b[31mred\x1b[0m " * 20).text


def test_a_few_control_characters_are_no_binary() -> None:
    assert decode(b"a\x01b").text == "a\x01b"


def test_damaged_utf8_is_replaced_and_told() -> None:
    decoded = decode("grün".encode() + b" \xff\n")
    assert decoded.text == "grün \ufffd\n"
    (warning,) = decoded.warnings
    assert "not valid UTF-8 (byte 0xff at offset 6)" in warning
    assert "replaced" in warning


def test_old_western_text_keeps_its_letters() -> None:
    decoded = decode("Größe – “gut”\n".encode("cp1252"))
    assert decoded.text == "Größe – “gut”\n"
    assert "Windows-1252" in decoded.warnings[0]


def test_truncated_utf16_is_replaced_and_told() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + "abc".encode("utf-16-le") + b"\x00")
    assert decoded.text.startswith("abc")
    assert "not valid UTF-16" in decoded.warnings[0]


@given(st.text().filter(lambda text: bool(text.strip()) and "\x00" not in text and storable(text) == text))
def test_utf8_text_arrives_as_it_was(text: str) -> None:
    try:
        decoded = decode(codecs.BOM_UTF8 + text.encode())
    except RefusedFileError as error:
        assert "binary" in error.reason
    else:
        assert decoded.text == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.binary(max_size=300) | st.builds(os.urandom, st.integers(0, 50)))
def test_any_bytes_give_storable_text_or_a_reason(data: bytes) -> None:
    try:
        text = decode(data).text
    except RefusedFileError as error:
        assert error.reason
    else:
        assert storable(text) == text
        assert "\r" not in text
        text.encode("utf-8")
