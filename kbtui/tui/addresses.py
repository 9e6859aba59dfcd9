"""Addresses outside the library: which of them may be handed to a browser, and handing them over."""

from __future__ import annotations

import os
import re
import sys
import webbrowser
from urllib.parse import urlsplit

from kbtui.core.text import is_line_safe

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Pictures of control characters and the brackets of named ones: what `core.text` makes of hidden characters.
_ODD = re.compile(r"[\s\\\"<>`{}|^\u2400-\u2426⟨⟩]|%(?:[01][0-9a-f]|7f)", re.IGNORECASE)
OPENED = ("http", "https", "mailto")


def why_not_opened(address: str) -> str:
    """Why an address is only shown and copied, in a sentence; "" for one that a browser may be given."""
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() not in OPENED:
        return "Only web and mail addresses are opened; this one can be copied."
    if not is_line_safe(address) or _ODD.search(address):
        return "There are characters in this address that hide something: it can be copied, but is not opened."
    return "" if scheme[1].lower() == "mailto" else _objection_to_host(address)


def _objection_to_host(address: str) -> str:
    try:
        host = urlsplit(address).netloc
    except ValueError:
        host = ""
    if "@" in host:
        return "There is a name before the host, as in forged addresses: it can be copied, but is not opened."
    if not host or not host.isascii():
        return "The host is not written in plain letters: the address can be copied, but is not opened."
    return ""


def has_browser() -> bool:
    """Whether there is a browser that opens a window of its own, and not one in this terminal."""
    return sys.platform in {"win32", "darwin"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )


def open_address(address: str) -> bool:
    """Hand an address to the browser, off the event loop: that may take seconds. Whether it was taken."""
    try:
        return not why_not_opened(address) and webbrowser.open(address)
    except (OSError, webbrowser.Error):
        return False
