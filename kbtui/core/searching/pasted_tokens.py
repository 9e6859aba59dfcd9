"""What single words of a log tell: an alert, an error, a path, a name, a word, or nothing."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from enum import IntEnum


class CandidateKind(IntEnum):
    """What a piece of pasted text is, the most telling kind first."""

    ALERT = 1
    """A name such as KubePodCrashLooping."""
    ERROR_CODE = 2
    """ERR_SSL_PROTOCOL_ERROR, ORA-00600, CVE-2024-1234, ECONNREFUSED; the number of an HTTP error or exit code."""
    EXCEPTION = 3
    """The class of an exception, with its module where that stands before it."""
    PATH = 4
    IDENTIFIER = 5
    """max_connections, kube-proxy, some.module.name."""
    UNIT = 6
    """nginx.service, or the program that wrote a line."""
    WORD = 7


LONGEST_TOKEN = 120

_LEVELS = "trace debug info information notice warn warning err error errors crit critical fatal severe emerg level"
_LOG_KEYS = (
    "msg message time timestamp ts caller logger component severity pid uid gid thread log logs host hostname line file"
)
_CALENDAR = (
    "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun utc gmt cet cest est edt pst pdt "
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_COMMON = (
    "the and for are was were has had have been being with without from into onto this that these those then than "
    "when while will would can could may might must shall should not but its our your their there here you she him "
    "her his they them who what which where why how all any both each more most some such only own same too very "
    "just also about after again before because between during under over above below out off via per does did done "
    "get got use used using true false null nil none yes http https www com org net tcp udp utf-8 ascii x11 x86_64 "
    "mozilla applewebkit gecko khtml "
)
_TELLS_NOTHING = frozenset(f"{_LEVELS} {_LOG_KEYS} {_CALENDAR} {_COMMON}".split())

_ERRNO = frozenset(errno.errorcode.values())
_CODE = re.compile(
    r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|CVE-[0-9]{4}-[0-9]{4,7}|[A-Z]{2,10}-[0-9]{2,7}"
    r"|[A-Z]{1,6}[0-9]{3,6}[A-Z]?|SIG[A-Z]{3,6}"
)
_EXCEPTIONS = ("Error", "Exception", "Interrupt", "Panic", "Warning")
_EXCEPTION = re.compile(r"(?:\w++[.$])*+([A-Z]\w*)")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]+")
_UNITS = (".service", ".socket", ".timer", ".mount", ".target", ".scope", ".slice")

# What Kubernetes and others put behind a name: two hashes, or one of an alphabet without vowels, and perhaps the
# namespace; or the number of a member or job.
_POD = re.compile(
    r"-(?=[a-z]*[0-9])(?:[a-z0-9]{8,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{5,10})(?:_[a-z0-9-]+)?$"
    r"|[-_][0-9]+$"
)
_HEX = re.compile(r"(?=[a-f]*[0-9])(?:0x)?[0-9a-f-]{6,}", re.IGNORECASE)
_VERSION = re.compile(r"v?[0-9][\w.+-]*", re.IGNORECASE)
_TURN = re.compile(r"[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])")
_TURNS_OF_CHANCE = 4
_WORD = re.compile(r"[^\W\d_]{3,40}")
_NAME = re.compile(r"[^\W\d_][^\W_]*(?:(?:[-_.]|::|\$)\w+)*")
_CAMEL_INSIDE = re.compile(r"[a-z][A-Z]")
_DIGIT = re.compile(r"[0-9]")
_ADDRESS = re.compile(r"(?=.*[0-9])[0-9a-f]{0,4}(?:::?[0-9a-f]{0,4}){2,}", re.IGNORECASE)
_COLON = re.compile(r"(?<!:):(?!:)")
_BEHIND_PATH = re.compile(r":[^/]*$")
# A number, a hash or the name of a pod between the slashes of a path.
_VARYING = re.compile(
    r"/(?:[0-9]+|(?=[a-f-]*[0-9])[0-9a-f-]{6,}|(?=[^/0-9]*[0-9])[^/]{32,}"
    r"|[a-z0-9.-]*-(?=[a-z]*[0-9])[a-z0-9]{8,10}-[a-z0-9]{5})(?=/|$)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"/[^./]+\.[A-Za-z][A-Za-z0-9]{0,5}(?::|$)")


Told = tuple[str, CandidateKind]


def told(token: str) -> tuple[Told, ...]:
    """What a token of a log tells, most often one thing or nothing. What varies from line to line is left out."""
    token = token.rstrip(".:-/$@~")
    if not 3 <= len(token) <= LONGEST_TOKEN:
        return ()
    if token.isalnum():
        return _name(token)
    return tuple(dict.fromkeys(piece for part in _parts(token) for piece in part))


def program(name: str) -> tuple[Told, ...]:
    """The program that wrote a line, without what tells one of its instances from another."""
    name = _without_suffix(name.rpartition("/")[2])
    return ((name, CandidateKind.UNIT),) if _NAME.fullmatch(name) and len(name) > 1 else ()


def _parts(token: str) -> Iterator[tuple[Told, ...]]:
    if "://" in token:
        token = "/" + token.partition("://")[2].partition("/")[2]
    if "/" in token:
        if token.count("/") > 1 or _EXTENSION.search(token):
            yield _path(token)
            return
        pieces = token.split("/")
    elif "@" in token and not token.endswith(_UNITS):
        pieces = token.split("@")
    elif _ADDRESS.fullmatch(token):
        return
    elif ":" in token:
        pieces = _COLON.split(token)
    else:
        pieces = [token]
    for piece in pieces:
        name = piece.strip(":$@")
        if "::" in name:
            yield _name(name.rpartition("::")[2])
        yield _name(name)


def _path(token: str) -> tuple[Told, ...]:
    """The path down to where it varies."""
    if ":" in token:
        token = _BEHIND_PATH.sub("", token)
    varying = _VARYING.search(token)
    path = token[: varying.start()] if varying else token.rstrip("/:.")
    return ((path, CandidateKind.PATH),) if path.count("/") > 1 or (len(path) > 3 and "/" in path) else ()


def _name(token: str) -> tuple[Told, ...]:
    """A token without slashes and colons."""
    if len(token) < 3 or token.casefold() in _TELLS_NOTHING:
        return ()
    if token in _ERRNO or (token[0].isupper() and _CODE.fullmatch(token)):
        return ((token, CandidateKind.ERROR_CODE),)
    if token.endswith(_UNITS):
        return _unit(token)
    if token.endswith(_EXCEPTIONS) and (exception := _EXCEPTION.fullmatch(token)):
        return ((token, CandidateKind.EXCEPTION), (exception[1], CandidateKind.EXCEPTION))
    return _plain(_without_suffix(token))


def _unit(token: str) -> tuple[Told, ...]:
    name, _, sort = token.rpartition(".")
    name, sign, _ = name.partition("@")
    name = _without_suffix(name)
    return ((f"{name}{sign}.{sort}", CandidateKind.UNIT),) if _NAME.fullmatch(name) else ()


def _plain(token: str) -> tuple[Told, ...]:
    folded = token.casefold()
    if len(token) < 3 or folded in _TELLS_NOTHING or _varies(token):
        return ()
    if _CAMEL.fullmatch(token) and len(_HUMP.findall(token)) > 1:
        return ((token, CandidateKind.ALERT),)
    if _WORD.fullmatch(token) and not _CAMEL_INSIDE.search(token):
        return ((folded, CandidateKind.WORD),)
    return ((token, CandidateKind.IDENTIFIER),) if _NAME.fullmatch(token) else ()


def _without_suffix(name: str) -> str:
    """The name without the hashes and numbers that tell one pod, job or member from another."""
    while ("-" in name or "_" in name) and (suffix := _POD.search(name)) and suffix.start() > 1:
        name = name[: suffix.start()]
    return name


def _varies(token: str) -> bool:
    """Whether it is a hash, an id, a version: something that another line has otherwise."""
    return _is_chance(token) or _VERSION.fullmatch(token) is not None


def _is_chance(token: str) -> bool:
    """Whether it is a hash or an id."""
    if not _DIGIT.search(token):
        return False
    return bool(len(token) >= 32 or _HEX.fullmatch(token) or len(_TURN.findall(token)) >= _TURNS_OF_CHANCE)
