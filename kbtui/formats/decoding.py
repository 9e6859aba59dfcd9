"""Bytes of a file to text: byte order marks, encodings, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from kbtui.core.errors import RefusedFileError
from kbtui.core.text import storable


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, with newlines as `\\n`, and what had to be replaced to get it."""

    text: str
    warnings: tuple[str, ...] = ()


# UTF-32 stands first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
}

# Logs pasted from terminals hold escapes, bells and backspaces; those alone do not make a file binary.
_CONTROLS = bytes(set(range(0x20)) - set(b"\a\b\t\n\v\f\r\x1b")) + b"\x7f"
_CONTROL_SHARE = 0.05
_FEW_CONTROLS = 4
_SAMPLE = 8192

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŠšŽž‘’“”–—…€£§°«»©®™·¿¡\xa0".encode("cp1252")


def decode(data: bytes) -> Decoded:
    """The text of a file.

    Raises `RefusedFileError` for a binary file and for one that holds nothing but white space. Bytes that fit
    no encoding are replaced, and a warning says where the first of them was.
    """
    encoding, body = _encoding(data)
    if encoding == "utf-8" and _is_binary(body):
        raise RefusedFileError("a binary file, not text")
    text, warnings = _decoded(body, encoding)
    text = storable(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise RefusedFileError("the file is empty")
    return Decoded(text, warnings)


def _encoding(data: bytes) -> tuple[str, bytes]:
    """The encoding that the beginning of a file announces, and the bytes behind the mark."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    return _unmarked_utf16(data[:_SAMPLE]) or "utf-8", data


def _unmarked_utf16(sample: bytes) -> str:
    """UTF-16 of mostly Latin text has NUL in every other byte, and nowhere else; "" for anything less plain."""
    pairs = len(sample) // 2
    if pairs < 2:
        return ""
    even, odd = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    for encoding, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros >= 0.7 * pairs and others == 0:
            text = sample[: pairs * 2].decode(encoding, "replace")
            return encoding if not _is_binary(text.encode("utf-8")) else ""
    return ""


def _is_binary(data: bytes) -> bool:
    if 0 in data:
        return True
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls > max(_FEW_CONTROLS, _CONTROL_SHARE * len(data))


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        problem = f"not valid {_NAMES[encoding]} (byte 0x{data[error.start]:02x} at offset {error.start})"
    if encoding == "utf-8" and _is_windows_text(data):
        return data.decode("cp1252"), (f"{problem}; read as Windows-1252",)
    text = data.decode(encoding, "replace")
    return text, (f"{problem}; replaced what could not be read with \ufffd",)


def _is_windows_text(data: bytes) -> bool:
    """Whether text that is no UTF-8 was surely written in the old Western encoding.

    It was if not one UTF-8 sequence stands in it (then it is damaged UTF-8) and every byte beyond ASCII is a
    letter or sign that Western European text uses. All else is replaced, because a wrong letter is worse than
    a visible gap.
    """
    if _MULTIBYTE.search(data):
        return False
    return not data.translate(None, bytes(range(0x80)) + _WESTERN)
